-- Grain: submission × agency × measures year × measure.
select
    submission_sha256,
    agency_id,
    fiscal_year,
    measure_no,
    topic_no,
    indicator_no,
    item_codes,
    measure_th,
    steps_th,
    responsible_th,
    starts_on,
    ends_on,
    followup_th,
    adopted,
    printed_key
from {{ source('raw', 'measure') }}
