{{ config(materialized='view') }}
-- Grain: night (the moment at which files were first seen). Counts over the whole country, of files
-- and rows, not of agencies; a view: it changes without a build.
select
    coalesce(seen_at, received_at) as seen_at,
    count(*)::integer as files,
    (count(*) filter (where state = 'accepted'))::integer as files_accepted,
    (count(*) filter (where state = 'accepted_with_warnings'))::integer as files_with_warnings,
    (count(*) filter (where state = 'rejected'))::integer as files_rejected,
    (count(*) filter (where state in ('received', 'withdrawn')))::integer as files_other,
    sum(rows_read)::bigint as rows_read,
    sum(rows_accepted)::bigint as rows_accepted,
    sum(rows_rejected)::bigint as rows_rejected
from {{ source('raw', 'submission') }}
group by coalesce(seen_at, received_at)
