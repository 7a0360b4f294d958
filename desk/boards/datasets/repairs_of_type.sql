-- ข้อที่หน่วยงานยังบกพร่อง และหน่วยงานประเภทเดียวกันแก้ได้มากน้อยเพียงใด
select
    y.fiscal_year,
    agency.label_th as agency_label,
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
from mart.agency as agency
cross join mart.national_summary as y
cross join lateral (
    select *
    from mart.agency_deficiency as d
    where d.agency_id = agency.agency_id and d.fiscal_year = y.fiscal_year
    offset 0  -- a view of a province's own rows is asked for one agency, not read whole
) as d
cross join lateral (
    select a.agency_type
    from mart.assessment as a
    where a.agency_id = agency.agency_id and a.fiscal_year = y.fiscal_year
    offset 0
) as a
join mart.framework_item as f
    on f.fiscal_year = d.fiscal_year and f.item_code = d.item_code
left join mart.repair_summary as r
    on
        r.fiscal_year = d.fiscal_year and r.item_code = d.item_code
        and r.scope = 'type' and r.agency_type = a.agency_type
left join mart.remedy as m on m.meaning = f.meaning and m.severity = d.severity
