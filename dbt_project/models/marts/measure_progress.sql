-- Grain: measure × report: what the agency's latest progress submission says, and not_reported for
-- its measures that a report leaves out.
with report as (
    -- Several completions of one measure in one report: the last.
    select distinct on (p.agency_id, p.fiscal_year, p.measure_no, p.as_of)
        p.agency_id,
        p.fiscal_year,
        p.measure_no,
        p.as_of,
        p.result_th,
        p.due_on,
        p.completed_on
    from {{ ref('stg_progress') }} as p
    join {{ ref('int_current_submission') }} as c using (submission_sha256, agency_id, fiscal_year)
    where c.kind = 'progress' and c.authority = 'agency'
    order by
        p.agency_id,
        p.fiscal_year,
        p.measure_no,
        p.as_of,
        p.completed_on desc nulls last,
        p.result_th
),

expected as (
    select m.agency_id, m.fiscal_year, m.measure_no, r.as_of
    from {{ ref('measure') }} as m
    join
        (select distinct agency_id, fiscal_year, as_of from report) as r
        using (agency_id, fiscal_year)
)

select
    agency_id,
    fiscal_year,
    measure_no,
    as_of,
    report.result_th,
    report.due_on,
    report.completed_on,
    case
        when report.completed_on > coalesce(report.due_on, as_of) then 'late'
        when report.completed_on is not null then 'done'
        when report.result_th is not null then 'in_progress'
        else 'not_reported'
    end as status,
    y.province_code
from report
full join expected using (agency_id, fiscal_year, measure_no, as_of)
join {{ ref('int_agency_year') }} as y using (agency_id, fiscal_year)
