{{ config(materialized='view') }}
-- Grain: publication, and a build that waits for a person or has failed. Names no agency.
-- A view: it changes between builds.
select
    build_id,
    case
        when publication_no = max(publication_no) over () then 'shown' else 'before'
    end as state,
    published_at as at,
    (counts ->> 'assessment')::integer as agency_years,
    (counts ->> 'submission')::integer as submissions,
    git_revision
from {{ source('ops', 'publication') }}
union all
select
    build_id,
    case state when 'failed' then 'failed' else 'held' end as state,
    built_at as at,
    null as agency_years,
    jsonb_array_length(inputs -> 'submissions') as submissions,
    null as git_revision
from {{ source('ops', 'build') }}
where state in ('failed', 'audited')
