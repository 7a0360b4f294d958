-- มาตรการและความก้าวหน้า (เฉพาะจังหวัดที่ผู้ดูเห็น)
with latest as (
    select distinct on (agency_id, fiscal_year, measure_no) *
    from mart.measure_progress
    order by agency_id, fiscal_year, measure_no, as_of desc nulls last
)

select
    m.fiscal_year - 1 as fiscal_year,
    m.fiscal_year as measure_year,
    m.fiscal_year::text as measure_year_th,
    agency.province_th,
    agency.name_th,
    agency.label_th as agency_label,
    agency.agency_type_th,
    m.measure_no,
    m.measure_th,
    m.responsible_th,
    concat(to_char(m.ends_on, 'DD/MM/'), to_char(m.ends_on, 'YYYY')::integer + 543) as ends_on_th,
    concat(to_char(l.as_of, 'DD/MM/'), to_char(l.as_of, 'YYYY')::integer + 543) as as_of_th,
    concat(to_char(l.completed_on, 'DD/MM/'), to_char(l.completed_on, 'YYYY')::integer + 543) as completed_on_th,
    l.result_th,
    case coalesce(l.status, 'not_reported')
        when 'done' then 'เสร็จแล้ว'
        when 'late' then 'เสร็จล่าช้า'
        when 'in_progress' then 'กำลังดำเนินการ'
        else 'ไม่ได้รายงาน'
    end as status_th
from mart.measure as m
join mart.agency as agency using (agency_id)
left join latest as l
    on
        l.agency_id = m.agency_id and l.fiscal_year = m.fiscal_year
        and l.measure_no = m.measure_no
