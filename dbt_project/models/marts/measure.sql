-- Grain: agency × measures year × measure, of the agency's latest submission that holds measures.
select
    m.agency_id,
    m.fiscal_year,
    m.measure_no,
    m.topic_no,
    m.indicator_no,
    m.item_codes,
    m.measure_th,
    m.steps_th,
    m.responsible_th,
    m.starts_on,
    m.ends_on,
    m.followup_th,
    coalesce(c.layout, 'agency') as source,
    m.adopted,
    {{ measure_key('m.fiscal_year', 'm.measure_no', 'm.item_codes', 'm.measure_th') }}
        as measure_key,
    m.printed_key,
    y.province_code
from {{ ref('stg_measure') }} as m
join {{ ref('int_current_submission') }} as c using (submission_sha256, agency_id, fiscal_year)
join {{ ref('int_agency_year') }} as y using (agency_id, fiscal_year)
where c.kind = 'measures' and c.authority = 'agency'
