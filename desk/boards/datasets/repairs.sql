-- ข้อที่แก้ได้ และมาตรการช่วยหรือไม่
select
    r.fiscal_year,
    r.scope,
    p.province_th,
    t.agency_type_th,
    f.instrument,
    f.item_order,
    r.item_code,
    f.title_th,
    r.agencies_before,
    r.agencies_repaired,
    r.repaired_share,
    r.agencies_with_measure,
    r.agencies_repaired_with_measure,
    round(100.0 * r.agencies_repaired_with_measure / nullif(r.agencies_with_measure, 0), 2)
        as repaired_share_with_measure,
    round(
        100.0 * (r.agencies_repaired - r.agencies_repaired_with_measure)
        / nullif(r.agencies_before - r.agencies_with_measure, 0), 2
    ) as repaired_share_without_measure,
    coalesce(m.measure_th, '') as measure_th
from mart.repair_summary as r
join mart.framework_item as f using (fiscal_year, item_code)
left join mart.province as p on p.province_code = r.province_code
left join mart.agency_type as t on t.agency_type = r.agency_type
left join mart.remedy as m on m.meaning = f.meaning and m.severity = 'urgent'
