-- Grain: submission × agency × fiscal year × note.
select
    submission_sha256,
    agency_id,
    fiscal_year,
    kind,
    note_no,
    note_th
from {{ source('raw', 'constraint_note') }}
