-- Grain: year × scope × indicator that somebody in the scope has a score for; the scopes are those
-- of common_deficiency.
with cell as (
    select
        s.fiscal_year,
        p.region_th,
        y.province_code,
        y.agency_type,
        s.indicator_no,
        count(*) as agencies,
        sum(s.score) as score_sum
    from {{ ref('indicator_score') }} as s
    join {{ ref('int_agency_year') }} as y using (agency_id, fiscal_year)
    left join {{ ref('province') }} as p on p.province_code = y.province_code
    group by s.fiscal_year, p.region_th, y.province_code, y.agency_type, s.indicator_no
)

select
    fiscal_year,
    {{ scope_name() }} as scope,
    province_code,
    agency_type,
    indicator_no,
    sum(agencies)::integer as agencies,
    {{ round_score('sum(score_sum) / sum(agencies)') }} as mean_score,
    region_th
from cell
group by fiscal_year, indicator_no, {{ scopes() }}
