-- Grain: submission × agency × measures year × measure × report.
select
    submission_sha256,
    agency_id,
    fiscal_year,
    measure_no,
    measure_key,
    as_of,
    result_th,
    due_on,
    completed_on
from {{ source('raw', 'progress') }}
