{{ config(indexes=[{'columns': ['agency_id', 'valid_from'], 'unique': true}]) }}
-- Grain: agency × valid_from: the registry, the latest arrival of each row.
select distinct on (agency_id, valid_from)
    agency_id,
    valid_from,
    valid_to,
    name_th,
    agency_type,
    province_code,
    district_th,
    ministry_th,
    replaces
from {{ ref('stg_agency') }}
order by agency_id, valid_from, received_seq desc, name_th
