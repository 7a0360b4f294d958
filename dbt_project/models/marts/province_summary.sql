-- Grain: year × province with an agency that has an overall score.
with level as ({{ count_levels('fiscal_year, province_code') }}),

summary as (
    select
        a.fiscal_year,
        a.province_code,
        count(*)::integer as agencies,
        {{ round_score('avg(a.overall_score)') }} as mean_score,
        {{ round_score('(percentile_cont(0.5) within group (order by a.overall_score))::numeric') }}
            as median_score,
        (count(*) filter (where a.is_pass))::integer as agencies_passed,
        (array_agg(a.agency_id order by a.overall_score desc, a.agency_id))[1] as best_agency_id,
        round(avg(n.rank_change), 2) as mean_rank_change
    from {{ ref('assessment') }} as a
    join {{ ref('national_ranking') }} as n using (agency_id, fiscal_year)
    where a.province_code is not null
    group by a.fiscal_year, a.province_code
)

select
    s.fiscal_year,
    s.province_code,
    s.agencies,
    s.mean_score,
    s.median_score,
    s.agencies_passed,
    round(100.0 * s.agencies_passed / s.agencies, 2) as pass_share,
    level.level_counts,
    s.best_agency_id,
    s.mean_rank_change
from summary as s
join level using (fiscal_year, province_code)
