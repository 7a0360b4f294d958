-- Grain: fiscal year × scope (province_type, type, national) × OIT indicator (null: all of OIT):
-- the items that agencies of the scope fail most often, three at most, the commonest first.
-- A scope says what is usual only where at least five assessed agencies of it are outside any one
-- province: what stands here is printed in packs, and a province that knows its own agencies could
-- tell the few others apart by the order of the items (docs/small-cells.md).
with largest as (
    select
        fiscal_year,
        item_code,
        agency_type,
        max(agencies_assessed) as agencies_of_one_province
    from {{ ref('common_deficiency') }}
    where scope in ('province', 'province_type') and {{ is_rebuilt('fiscal_year') }}
    group by fiscal_year, item_code, agency_type
),

failed as (
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
    left join largest
        on
            d.scope in ('type', 'national')
            and largest.fiscal_year = d.fiscal_year and largest.item_code = d.item_code
            and largest.agency_type is not distinct from d.agency_type
    cross join lateral (values (f.indicator_no), (null::integer)) as of_what (indicator_no)
    where
        f.instrument = 'OIT' and d.scope in ('province_type', 'type', 'national')
        and d.agencies_assessed - coalesce(largest.agencies_of_one_province, 0) >= 5
        and d.agencies_deficient > 0
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
