-- ข้อที่หน่วยงานยังบกพร่อง และหน่วยงานประเภทเดียวกันแก้ได้มากน้อยเพียงใด
select
    d.fiscal_year,
    {agency_label} as agency_label,
    agency.province_th,
    d.item_code,
    f.title_th,
    case d.eit_part when 'public' then 'ส่วนที่ 1' when 'survey' then 'ส่วนที่ 2' else '' end as eit_part_th,
    d.points_lost,
    r.agencies_before,
    r.agencies_repaired,
    r.repaired_share,
    r.agencies_with_measure,
    r.agencies_repaired_with_measure,
    coalesce(m.measure_th, '') as measure_th
from mart.agency_deficiency as d
join mart.agency as agency using (agency_id)
join mart.assessment as a
    on a.agency_id = d.agency_id and a.fiscal_year = d.fiscal_year
join mart.framework_item as f
    on f.fiscal_year = d.fiscal_year and f.item_code = d.item_code
left join mart.repair_summary as r
    on
        r.fiscal_year = d.fiscal_year and r.item_code = d.item_code
        and r.scope = 'type' and r.agency_type = a.agency_type
left join mart.remedy as m on m.meaning = f.meaning and m.severity = d.severity
