-- Grain: measure × report (as_of): what the agency's latest submission with that report says, and
-- not_reported for the measures that a report leaves out.
with latest as (
    select distinct on (p.agency_id, p.fiscal_year, p.as_of)
        p.agency_id,
        p.fiscal_year,
        p.as_of,
        p.submission_sha256
    from {{ ref('stg_progress') }} as p
    join {{ ref('stg_unit') }} as u using (submission_sha256, agency_id, fiscal_year)
    where u.kind = 'progress' and u.authority = 'agency'
    order by
        p.agency_id, p.fiscal_year, p.as_of, u.received_at desc, u.submission_sha256 desc
),

-- What was proposed, and whether it stands: not where own measures answer all of it, nor where it
-- is drawn together with others of its topic.
proposed as (
    select
        p.agency_id, p.fiscal_year, p.measure_no, p.severity,
        own.is_all_answered is not true and d.measure_no is null as stands
    from {{ ref('int_proposal') }} as p
    left join {{ ref('int_own_answer') }} as own using (agency_id, fiscal_year, measure_no)
    left join {{ ref('int_drawn') }} as d
        on
            d.agency_id = p.agency_id and d.fiscal_year = p.fiscal_year
            and p.measure_no = any(d.subjects)
    union all
    select agency_id, fiscal_year, measure_no, severity, true
    from {{ ref('int_drawn') }}
),

sent as (
    select
        p.*,
        split_part(p.measure_key, '/', 2)::integer as key_no,
        string_to_array(nullif(split_part(p.measure_key, '/', 3), ''), ',') as key_codes
    from {{ ref('stg_progress') }} as p
    join latest using (submission_sha256, agency_id, fiscal_year, as_of)
),

-- What came with a key belongs to the measure that was printed with it, whatever numbers the agency
-- gave since: the measure of that key, the proposal of that subject, else the measure of that
-- number if it shares an item. What belongs to none of them is left out (a check of the candidate
-- lists it).
resolved as (
    select
        s.agency_id,
        s.fiscal_year,
        coalesce(
            case when s.measure_key is null then s.measure_no end,
            same.measure_no,
            proposal.measure_no,
            alike.measure_no
        ) as measure_no,
        s.as_of,
        s.result_th,
        s.due_on,
        s.completed_on
    from sent as s
    left join {{ ref('measure') }} as same
        on
            same.agency_id = s.agency_id and same.fiscal_year = s.fiscal_year
            and s.measure_key in (same.measure_key, same.printed_key)
    left join proposed as proposal
        on
            proposal.agency_id = s.agency_id and proposal.fiscal_year = s.fiscal_year - 1
            and proposal.measure_no = s.key_no
    left join {{ ref('measure') }} as alike
        on
            alike.agency_id = s.agency_id and alike.fiscal_year = s.fiscal_year
            and alike.measure_no = s.key_no and alike.item_codes && s.key_codes
),

report as (
    -- Several completions of one measure in one report: the last.
    select distinct on (agency_id, fiscal_year, measure_no, as_of)
        agency_id,
        fiscal_year,
        measure_no,
        as_of,
        result_th,
        due_on,
        completed_on
    from resolved
    where measure_no is not null
    order by agency_id, fiscal_year, measure_no, as_of, completed_on desc nulls last, result_th
),

-- A report is on the agency's own measures; where it speaks of a proposal, on all that stand.
expected as (
    select m.agency_id, m.fiscal_year, m.measure_no, latest.as_of
    from {{ ref('measure') }} as m
    join latest using (agency_id, fiscal_year)
    union
    select p.agency_id, p.fiscal_year + 1, p.measure_no, r.as_of
    from proposed as p
    join (
        select distinct r.agency_id, r.fiscal_year, r.as_of
        from report as r
        join proposed as spoken
            on
                spoken.agency_id = r.agency_id and spoken.fiscal_year = r.fiscal_year - 1
                and spoken.measure_no = r.measure_no
    ) as r on r.agency_id = p.agency_id and r.fiscal_year = p.fiscal_year + 1
    where p.stands
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
        when report.completed_on > coalesce(report.due_on, planned.ends_on, as_of) then 'late'
        when report.completed_on is not null then 'done'
        when report.result_th is not null then 'in_progress'
        else 'not_reported'
    end as status,
    y.province_code
from report
full join expected using (agency_id, fiscal_year, measure_no, as_of)
left join (
    select agency_id, fiscal_year, measure_no, ends_on from {{ ref('measure') }}
    union all
    select
        agency_id, fiscal_year + 1, measure_no,
        {{ proposal_ends_on('fiscal_year + 1', 'severity') }}
    from proposed as p
    where not exists (
        select from {{ ref('measure') }} as m
        where
            m.agency_id = p.agency_id and m.fiscal_year = p.fiscal_year + 1
            and m.measure_no = p.measure_no
    )
) as planned using (agency_id, fiscal_year, measure_no)
join {{ ref('int_agency_year') }} as y using (agency_id, fiscal_year)
