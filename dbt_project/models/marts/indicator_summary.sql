-- Grain: year × scope × indicator that somebody in the scope has a score for; the scopes are those
-- of common_deficiency.
with cell as (
    select
        s.fiscal_year,
        y.province_code,
        y.agency_type,
        s.indicator_no,
        count(*) as agencies,
        sum(s.score) as score_sum
    from {{ ref('indicator_score') }} as s
    join {{ ref('int_agency_year') }} as y using (agency_id, fiscal_year)
    group by s.fiscal_year, y.province_code, y.agency_type, s.indicator_no
)

select
    fiscal_year,
    {{ scope_name() }} as scope,
    province_code,
    agency_type,
    indicator_no,
    sum(agencies)::integer as agencies,
    {{ round_score('sum(score_sum) / sum(agencies)') }} as mean_score
from cell
group by
    fiscal_year,
    indicator_no,
    grouping sets ((), (agency_type), (province_code), (province_code, agency_type))
having grouping(province_code) = 1 or province_code is not null
