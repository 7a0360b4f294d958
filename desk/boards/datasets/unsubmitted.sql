-- หน่วยงานที่ยังไม่ส่ง (เฉพาะจังหวัดที่ผู้ดูเห็น)
with seen as (select distinct province_code from mart.peer_group)

select
    y.fiscal_year,
    agency.province_th,
    agency.name_th,
    agency.agency_type_th,
    coalesce(agency.district_th, '') as district_th,
    case when a.agency_id is null then 'ยังไม่มีผล' else '' end as no_score_th,
    case
        when m.agency_id is null
            then concat('ยังไม่ส่งมาตรการปี ', y.fiscal_year + 1)
        else ''
    end as no_measures_th,
    case
        when g.agency_id is null
            then concat('ยังไม่รายงานผลของมาตรการปี ', y.fiscal_year)
        else ''
    end as no_progress_th,
    agency.name_sort_key collate "C" as place,
    concat('<a href="/desk/agency/', agency.agency_id, '/', y.fiscal_year, '">เปิด</a>') as link
from mart.national_summary as y
join mart.agency as agency
    on
        coalesce(agency.first_fiscal_year, 0) <= y.fiscal_year
        and coalesce(agency.last_fiscal_year, 9999) >= y.fiscal_year
join seen using (province_code)
left join mart.assessment as a
    on a.agency_id = agency.agency_id and a.fiscal_year = y.fiscal_year
left join (select distinct agency_id, fiscal_year from mart.measure) as m
    on m.agency_id = agency.agency_id and m.fiscal_year = y.fiscal_year + 1
left join (select distinct agency_id, fiscal_year from mart.measure_progress) as g
    on g.agency_id = agency.agency_id and g.fiscal_year = y.fiscal_year
where a.agency_id is null or m.agency_id is null or g.agency_id is null
