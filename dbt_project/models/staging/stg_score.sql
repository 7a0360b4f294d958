-- Grain: submission × agency × fiscal year × level × code × part.
select
    submission_sha256,
    agency_id,
    fiscal_year,
    level,
    code,
    nullif(part, '') as part,
    score,
    rating,
    flagged
from {{ source('raw', 'score') }}
