-- Grain: agency × year × note, of the agency's latest submission that holds constraints.
select
    n.agency_id,
    n.fiscal_year,
    n.kind,
    n.note_no,
    n.note_th,
    y.province_code
from {{ ref('stg_constraint_note') }} as n
join {{ ref('int_current_submission') }} as c using (submission_sha256, agency_id, fiscal_year)
join {{ ref('int_agency_year') }} as y using (agency_id, fiscal_year)
where c.kind = 'constraints' and c.authority = 'agency'
