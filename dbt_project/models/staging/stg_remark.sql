-- Grain: submission × agency × fiscal year × remark.
select
    submission_sha256,
    agency_id,
    fiscal_year,
    remark_no,
    item_code,
    nullif(part, '') as part,
    topic_no,
    remark_th,
    source_place
from {{ source('raw', 'remark') }}
