-- ผลตามประเภทหน่วยงานรายปี
with counted as (
    select
        fiscal_year,
        agency_type,
        count(*)::integer as agencies,
        round(avg(overall_score), 2) as mean_score,
        (count(*) filter (where is_pass))::integer as agencies_passed,
        round(100.0 * count(*) filter (where is_pass) / count(*), 2) as pass_share
    from mart.assessment
    where overall_score is not null
    group by fiscal_year, agency_type
)

select
    c.fiscal_year,
    t.agency_type_th,
    t.short_th,
    t.type_order as place,
    c.agencies,
    c.mean_score,
    c.mean_score - before.mean_score as mean_score_change,
    c.agencies_passed,
    c.pass_share
from counted as c
join mart.agency_type as t using (agency_type)
left join counted as before
    on before.fiscal_year = c.fiscal_year - 1 and before.agency_type = c.agency_type
