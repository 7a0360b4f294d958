-- หน่วยงานคล้ายกันที่แก้ข้อที่หน่วยงานนี้ยังบกพร่องได้ (เฉพาะจังหวัดที่ผู้ดูเห็น)
select
    y.fiscal_year,
    agency.label_th as agency_label,
    agency.province_th,
    answer.item_code,
    answer.item_order,
    answer.title_th,
    case answer.eit_part when 'public' then 'ส่วนที่ 1' when 'survey' then 'ส่วนที่ 2' else '' end as eit_part_th,
    answer.score,
    answer.neighbour_no,
    other.short_name_th as neighbour_name_th,
    coalesce(other.province_th, 'ส่วนกลาง') as neighbour_province_th,
    answer.repaired_year,
    answer.score_before,
    answer.score_after,
    coalesce(answer.measures_th, '') as measures_th
from mart.agency as agency
cross join mart.national_summary as y
cross join lateral (
    -- a view of a province's own rows is asked for one agency, once, not read whole
    with lacking as materialized (
        select f.meaning, f.item_order, f.title_th, d.item_code, d.eit_part, d.score
        from mart.agency_deficiency as d
        join mart.framework_item as f
            on f.fiscal_year = d.fiscal_year and f.item_code = d.item_code
        where d.agency_id = agency.agency_id and d.fiscal_year = y.fiscal_year
    ),

    done as materialized (
        select
            n.neighbour_no,
            n.neighbour_id,
            r.meaning,
            r.fiscal_year as repaired_year,
            r.last_score as score_before,
            r.score as score_after,
            r.measures_th
        from mart.neighbour as n
        cross join lateral (
            select *
            from mart.repaired as r
            where r.agency_id = n.neighbour_id and r.fiscal_year <= y.fiscal_year
            offset 0
        ) as r
        where n.agency_id = agency.agency_id and n.fiscal_year = y.fiscal_year
    )

    select *
    from lacking
    join done using (meaning)
) as answer
join mart.agency as other on other.agency_id = answer.neighbour_id
