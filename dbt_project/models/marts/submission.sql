-- Grain: received file. province_codes are those of all agencies in it, as of the year of their
-- content; 00 for central agencies.
with province as (
    select u.submission_sha256, y.province_code
    from {{ source('raw', 'unit') }} as u
    left join {{ ref('int_agency_year') }} as y using (agency_id, fiscal_year)
    union all
    select submission_sha256, nullif(province_code, '')
    from {{ source('raw', 'agency') }}
),

provinces as (
    select submission_sha256, array_agg(distinct coalesce(province_code, '00')) as province_codes
    from province
    group by submission_sha256
)

select
    s.submission_sha256,
    s.file_name,
    s.authority,
    s.layout,
    s.received_at,
    s.state,
    s.agencies,
    s.rows_read,
    s.rows_accepted,
    s.rows_rejected,
    s.errors,
    s.warnings,
    coalesce(p.province_codes, '{}') as province_codes
from {{ ref('stg_submission') }} as s
left join provinces as p using (submission_sha256)
