-- หน่วยงานที่ขึ้นหรือลงระดับ
select
    c.fiscal_year,
    agency.agency_id,
    agency.label_th as agency_label,
    agency.short_name_th,
    t.agency_type_th,
    coalesce(p.province_th, 'ส่วนกลาง') as province_th,
    p.region_th,
    c.last_level_th,
    c.level_th,
    c.steps,
    case c.direction when 'rose' then '▲ ขึ้น' when 'fell' then '▼ ลง' else '■ คงเดิม' end
        as direction_th,
    replace(
        replace(
            replace(array_to_string(c.deciding_parts, ', '), 'overall', 'คะแนนรวม'),
            'EIT.public', 'EIT ส่วนที่ 1'
        ),
        'EIT.survey', 'EIT ส่วนที่ 2'
    ) as deciding_parts_th,
    c.overall_change,
    c.iit_change,
    c.eit_change,
    c.oit_change,
    c.main_instrument,
    concat('<a href="/desk/agency/', agency.agency_id, '/', c.fiscal_year, '">เปิด</a>') as link
from mart.level_change as c
join mart.agency as agency using (agency_id)
join mart.agency_type as t on t.agency_type = c.agency_type
left join mart.province as p on p.province_code = c.province_code
where c.direction in ('rose', 'fell')
