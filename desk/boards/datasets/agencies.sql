-- หน่วยงานที่มีผล
-- metric place: จังหวัดของผู้ดูก่อน แล้วตามลำดับอักษร = min(place)
with seen as (select distinct province_code from mart.peer_group where province_code is not null),

own as (select province_code from seen where (select count(*) from seen) = 1)

select
    agency.label_th as agency_label,
    agency.province_th,
    concat(
        case when own.province_code is null then '1' else '0' end,
        case when agency.agency_type = 'special_lao' then '1' else '0' end,
        agency.province_code,
        agency.name_sort_key collate "C"
    ) as place
from mart.agency as agency
left join own using (province_code)
where exists (select from mart.assessment as a where a.agency_id = agency.agency_id)
