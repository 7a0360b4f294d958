{{ config(materialized='view') }}
-- Grain: night × rule of the intake that found something. Counts over the whole country.
select
    coalesce(s.seen_at, s.received_at) as seen_at,
    f.rule,
    f.severity,
    count(*)::integer as findings,
    count(distinct f.submission_sha256)::integer as files
from {{ source('ops', 'finding') }} as f
join {{ source('raw', 'submission') }} as s using (submission_sha256)
group by coalesce(s.seen_at, s.received_at), f.rule, f.severity
