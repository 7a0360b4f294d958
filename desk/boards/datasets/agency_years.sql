-- ผล อันดับ และการเปลี่ยนแปลงของหน่วยงานรายปี
select
    a.fiscal_year,
    a.fiscal_year::text as year_th,
    a.agency_id,
    agency.label_th as agency_label,
    a.name_th,
    agency.short_name_th,
    t.agency_type_th,
    t.short_th,
    coalesce(p.province_th, 'ส่วนกลาง') as province_th,
    p.region_th,
    agency.district_th,
    agency.ministry_th,
    a.overall_score,
    before.overall_score as last_score,
    a.overall_score - before.overall_score as score_change,
    a.level_th,
    a.level_reason_th,
    n.national_rank,
    n.national_count,
    n.type_rank,
    n.type_count,
    n.rank_change,
    r.province_rank,
    r.province_count,
    r.rank_change as province_rank_change,
    a.is_pass,
    concat(
        '<a href="/desk/pack/', a.fiscal_year, '/', a.agency_id, '/pack.pdf">รายงาน</a> · ',
        '<a href="/desk/pack/', a.fiscal_year, '/', a.agency_id, '/todo.pdf">สิ่งที่ต้องทำ</a> · ',
        '<a href="/desk/pack/', a.fiscal_year, '/', a.agency_id, '/pack.xlsx">Excel</a>'
    ) as pack_place,
    case
        when r.province_rank is null then ''
        else concat(r.province_rank, ' จาก ', r.province_count)
    end as province_place,
    concat(n.type_rank, ' จาก ', n.type_count) as type_place,
    concat(n.national_rank, ' จาก ', n.national_count) as national_place,
    a.score_source,
    a.recomputed_score,
    a.score_gap,
    abs(a.score_gap) as gap_size,
    case a.recomputed_basis
        when 'items' then 'รายข้อ'
        when 'indicators' then 'ตัวชี้วัด'
        when 'mixed' then 'รายข้อและตัวชี้วัด'
        when 'instruments' then 'แบบวัด'
        when 'partial' then 'รายข้อไม่ครบ'
    end as basis_th,
    concat('<a href="/desk/agency/', a.agency_id, '/', a.fiscal_year, '">เปิด</a>') as link
from mart.assessment as a
join mart.agency as agency using (agency_id)
join mart.agency_type as t on t.agency_type = a.agency_type
left join mart.province as p on p.province_code = a.province_code
left join mart.national_ranking as n
    on n.agency_id = a.agency_id and n.fiscal_year = a.fiscal_year
left join mart.provincial_ranking as r
    on r.agency_id = a.agency_id and r.fiscal_year = a.fiscal_year
left join mart.assessment as before
    on before.agency_id = a.agency_id and before.fiscal_year = a.fiscal_year - 1
