-- หน่วยงานคล้ายกันที่แก้ข้อที่หน่วยงานนี้ยังบกพร่องได้ (เฉพาะจังหวัดที่ผู้ดูเห็น)
select
    d.fiscal_year,
    {agency_label} as agency_label,
    agency.province_th,
    d.item_code,
    f.item_order,
    f.title_th,
    case d.eit_part when 'public' then 'ส่วนที่ 1' when 'survey' then 'ส่วนที่ 2' else '' end as eit_part_th,
    d.score,
    n.neighbour_no,
    other.short_name_th as neighbour_name_th,
    coalesce(other.province_th, 'ส่วนกลาง') as neighbour_province_th,
    r.fiscal_year as repaired_year,
    r.last_score as score_before,
    r.score as score_after,
    coalesce(r.measures_th, '') as measures_th
from mart.agency_deficiency as d
join mart.agency as agency using (agency_id)
join mart.framework_item as f
    on f.fiscal_year = d.fiscal_year and f.item_code = d.item_code
join mart.neighbour as n
    on n.agency_id = d.agency_id and n.fiscal_year = d.fiscal_year
join mart.repaired as r
    on
        r.agency_id = n.neighbour_id and r.meaning = f.meaning
        and r.fiscal_year <= d.fiscal_year
join mart.agency as other on other.agency_id = n.neighbour_id
