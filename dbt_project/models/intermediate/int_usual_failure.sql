-- Grain: fiscal year × scope (province_type, type, national) × OIT indicator (null: all of OIT):
-- the items that agencies of the scope fail most often, three at most, the commonest first.
-- Scopes with fewer than five assessed agencies say nothing about what is usual.
with failed as (
    select
        d.fiscal_year,
        d.scope,
        d.province_code,
        d.agency_type,
        of_what.indicator_no,
        d.item_code,
        row_number() over (
            partition by
                d.fiscal_year, d.scope, d.province_code, d.agency_type,
                of_what.indicator_no
            order by d.deficient_share desc, d.mean_points_lost desc, f.item_order
        ) as place
    from {{ ref('common_deficiency') }} as d
    join {{ ref('int_framework_item') }} as f using (fiscal_year, item_code)
    cross join lateral (values (f.indicator_no), (null::integer)) as of_what (indicator_no)
    where
        f.instrument = 'OIT' and d.scope in ('province_type', 'type', 'national')
        and d.agencies_assessed >= 5 and d.agencies_deficient > 0
        and {{ is_rebuilt('d.fiscal_year') }}
)

select
    fiscal_year,
    scope,
    province_code,
    agency_type,
    indicator_no,
    string_agg(item_code, ',' order by place) as item_codes
from failed
where place <= 3
group by fiscal_year, scope, province_code, agency_type, indicator_no
