{{ config(materialized='view') }}
-- Grain: check of each gate, as it was judged last. Without the rows that fail it, and without
-- their number: both would tell of single agencies.
with last_judged as (
    select distinct on (gate) gate, build_id
    from {{ source('ops', 'check_result') }}
    order by gate, checked_at desc, build_id
)

select
    c.gate,
    c.check_name,
    c.severity,
    c.success,
    c.who_fixes,
    c.message_th,
    c.message_en,
    c.checked_at
from {{ source('ops', 'check_result') }} as c
join last_judged using (gate, build_id)
