-- สิบหน่วยงานที่คล้ายที่สุด
select
    n.fiscal_year,
    agency.label_th as agency_label,
    agency.province_th,
    n.neighbour_no,
    other.short_name_th as neighbour_name_th,
    coalesce(other.province_th, 'ส่วนกลาง') as neighbour_province_th,
    case when n.is_same_region then 'ภาคเดียวกัน' else '' end as same_region_th,
    n.distance,
    n.past_score,
    n.neighbour_past_score,
    n.overall_score,
    n.neighbour_overall_score,
    n.neighbour_overall_score - n.overall_score as above_own,
    a.level_th as neighbour_level_th,
    concat('<a href="/desk/agency/', n.neighbour_id, '/', n.fiscal_year, '">เปิด</a>') as link
from mart.neighbour as n
join mart.agency as agency using (agency_id)
join mart.agency as other on other.agency_id = n.neighbour_id
left join mart.assessment as a
    on a.agency_id = n.neighbour_id and a.fiscal_year = n.fiscal_year
