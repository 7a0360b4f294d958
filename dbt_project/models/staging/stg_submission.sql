-- Grain: one received file, whatever became of it.
select
    submission_sha256,
    file_name,
    authority,
    layout,
    received_at,
    state,
    state in ('accepted', 'accepted_with_warnings') as counts,
    agencies,
    rows_read,
    rows_accepted,
    rows_rejected,
    errors,
    warnings
from {{ source('raw', 'submission') }}
