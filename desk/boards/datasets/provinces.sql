-- จังหวัดที่มีผล
-- metric place: จังหวัดของผู้ดูก่อน แล้วตามรหัส = min(place)
with seen as (select distinct province_code from mart.peer_group where province_code is not null),

own as (select province_code from seen where (select count(*) from seen) = 1)

select
    p.province_th,
    p.region_th,
    -- Bangkok last: it has next to no agencies of its own to open a dashboard with
    case
        when own.province_code is not null then 0
        when p.province_code = '10' then 100
        else p.province_code::integer
    end as place
from mart.province as p
left join own using (province_code)
where exists (select from mart.province_summary as s where s.province_code = p.province_code)
