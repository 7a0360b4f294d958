-- ทางที่สั้นที่สุดสู่ระดับถัดไป (เฉพาะจังหวัดที่ผู้ดูเห็น)
select
    p.fiscal_year,
    agency.label_th as agency_label,
    agency.province_th,
    agency.name_th,
    now_at.level_th,
    next_at.level_th as next_level_th,
    p.points_needed,
    case when p.reachable then 'ได้' else 'ยังไม่ได้ด้วยข้อที่มีข้อมูล' end as reachable_th,
    cardinality(p.item_codes) as items_needed,
    items.items_th
from mart.level_path as p
join mart.agency as agency using (agency_id)
left join mart.rating_level as now_at
    on now_at.fiscal_year = p.fiscal_year and now_at.level_code = p.level_code
left join mart.rating_level as next_at
    on next_at.fiscal_year = p.fiscal_year and next_at.level_code = p.next_level_code
left join lateral (
    select string_agg(f.item_code || ' ' || f.title_th, ' · ' order by f.item_order) as items_th
    from mart.framework_item as f
    where f.fiscal_year = p.fiscal_year and f.item_code = any(p.item_codes)
) as items on true
