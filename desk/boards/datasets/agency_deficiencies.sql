-- ข้อบกพร่องของหน่วยงาน (เฉพาะจังหวัดที่ผู้ดูเห็น)
select
    y.fiscal_year,
    agency.label_th as agency_label,
    agency.province_th,
    agency.name_th,
    d.item_code,
    f.item_order,
    f.title_th,
    f.instrument,
    case d.eit_part when 'public' then 'ส่วนที่ 1' when 'survey' then 'ส่วนที่ 2' else '' end as eit_part_th,
    d.score,
    d.severity,
    case d.severity when 'urgent' then '▼ แก้ไขโดยเร่งด่วน' else '◆ พัฒนา' end as severity_th,
    d.points_lost,
    d.years_running,
    case when d.flagged then 'ผู้ประเมินตั้งข้อสังเกต' else '' end as flagged_th,
    coalesce(d.remark_th, '') as remark_th,
    coalesce(r.measure_th, '') as measure_th
from mart.agency as agency
cross join mart.national_summary as y
cross join lateral (
    select *
    from mart.agency_deficiency as d
    where d.agency_id = agency.agency_id and d.fiscal_year = y.fiscal_year
    offset 0  -- a view of a province's own rows is asked for one agency, not read whole
) as d
join mart.framework_item as f
    on f.fiscal_year = d.fiscal_year and f.item_code = d.item_code
left join mart.remedy as r on r.meaning = f.meaning and r.severity = d.severity
