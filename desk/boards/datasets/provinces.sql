-- จังหวัดที่มีผล
-- metric place: จังหวัดของผู้ดูก่อน แล้วตามรหัส = min(place)
with seen as (select distinct province_code from mart.peer_group where province_code is not null),

own as (select province_code from seen where (select count(*) from seen) = 1)

select
    p.province_th,
    p.region_th,
    case when own.province_code is null then p.province_code::integer else 0 end as place
from mart.province as p
left join own using (province_code)
where exists (select from mart.province_summary as s where s.province_code = p.province_code)
