-- Grain: submission × agency × valid_from, rows of agencies.csv files that count and wait for
-- nobody.
select
    a.submission_sha256,
    a.agency_id,
    a.name_th,
    a.agency_type,
    nullif(a.province_code, '') as province_code,
    a.district_th,
    a.ministry_th,
    a.valid_from,
    a.valid_to,
    array_remove(a.replaces, a.agency_id) as replaces,
    a.aliases,
    s.received_at
from {{ source('raw', 'agency') }} as a
join {{ ref('stg_submission') }} as s using (submission_sha256)
where s.counts and not a.waits
