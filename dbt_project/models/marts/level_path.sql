-- Grain: agency × year with an overall score.
select
    a.agency_id,
    a.fiscal_year,
    a.level_code,
    better.level_code as next_level_code,
    greatest(better.overall_min - a.overall_score, 0) as points_needed,
    null::text[] as item_codes,
    null::boolean as reachable,
    a.province_code
from {{ ref('int_assessment') }} as a
left join {{ ref('rating_level') }} as l on l.fiscal_year = a.fiscal_year and l.level_code = a.level_code
left join {{ ref('rating_level') }} as better on better.fiscal_year = l.fiscal_year and better.level_order = l.level_order - 1
where a.overall_score is not null
