{{ config(indexes=[{'columns': ['province_code', 'fiscal_year', 'agency_id']}]) }}
-- Grain: agency × year with an overall score.
with item as (
    select p.agency_id, p.fiscal_year, array_agg(f.item_code order by f.item_order) as item_codes
    from {{ ref('int_level_path') }} as p
    join
        {{ ref('int_framework_item') }} as f
        on f.fiscal_year = p.fiscal_year and f.item_order = any(p.places)
    group by p.agency_id, p.fiscal_year
)

select
    a.agency_id,
    a.fiscal_year,
    a.level_code,
    better.level_code as next_level_code,
    case
        when better.level_code is not null then greatest(better.overall_min - a.overall_score, 0)
    end as points_needed,
    case when p.places = '{}' then '{}' else item.item_codes end as item_codes,
    case when p.agency_id is not null then p.places is not null end as reachable,
    p.is_shortest,
    a.province_code
from {{ ref('int_assessment') }} as a
left join
    {{ ref('rating_level') }} as l
    on l.fiscal_year = a.fiscal_year and l.level_code = a.level_code
left join
    {{ ref('rating_level') }} as better
    on better.fiscal_year = l.fiscal_year and better.level_order = l.level_order - 1
left join
    {{ ref('int_level_path') }} as p
    on p.agency_id = a.agency_id and p.fiscal_year = a.fiscal_year
left join item on item.agency_id = a.agency_id and item.fiscal_year = a.fiscal_year
where a.overall_score is not null
