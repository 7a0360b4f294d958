-- สิ่งที่หน่วยงานที่แก้ได้ทำ (เฉพาะจังหวัดที่ผู้ดูเห็น)
select
    r.fiscal_year,
    f.instrument,
    r.item_code,
    f.title_th,
    agency.short_name_th,
    agency.agency_type_th,
    coalesce(agency.province_th, 'ส่วนกลาง') as province_th,
    agency.region_th,
    r.last_score as score_before,
    r.score as score_after,
    r.years_deficient,
    r.measures_th,
    r.measures_done
from mart.repaired as r
join mart.agency as agency using (agency_id)
join mart.framework_item as f
    on f.fiscal_year = r.fiscal_year and f.item_code = r.item_code
where r.measures_th is not null
