-- Grain: year with an overall score.
with level as ({{ count_levels('fiscal_year') }}),

summary as (
    select
        fiscal_year,
        count(*)::integer as agencies,
        {{ round_score('avg(overall_score)') }} as mean_score,
        {{ round_score('(percentile_cont(0.5) within group (order by overall_score))::numeric') }}
            as median_score,
        (count(*) filter (where is_pass))::integer as agencies_passed,
        bool_or(provisional) as provisional
    from {{ ref('assessment') }}
    where overall_score is not null
    group by fiscal_year
)

select
    s.fiscal_year,
    s.agencies,
    s.mean_score,
    s.median_score,
    s.agencies_passed,
    round(100.0 * s.agencies_passed / s.agencies, 2) as pass_share,
    level.level_counts,
    s.provisional,
    target.value as target_pass_share,
    target.status as target_status
from summary as s
join level using (fiscal_year)
left join {{ ref('national_target') }} as target
    on target.fiscal_year = s.fiscal_year and target.metric = 'pass_share'
