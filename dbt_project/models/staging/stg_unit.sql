-- Grain: submission × agency × fiscal year × kind of content, of the submissions that count
-- (accepted, not withdrawn).
select
    u.submission_sha256,
    u.agency_id,
    u.fiscal_year,
    u.kind,
    u.published_province_rank,
    u.published_type_rank,
    s.authority,
    s.layout,
    s.received_at
from {{ source('raw', 'unit') }} as u
join {{ ref('stg_submission') }} as s using (submission_sha256)
where s.counts
