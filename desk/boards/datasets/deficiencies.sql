-- ข้อบกพร่องร่วม ทุกขอบเขต
select
    d.fiscal_year,
    d.scope,
    p.province_th,
    p.region_th,
    t.agency_type_th,
    t.short_th,
    f.instrument,
    f.indicator_no,
    d.item_code,
    f.item_order,
    to_char(n.deficiency_rank, 'FM00') || ' ' || d.item_code as item_label,
    f.title_th,
    d.agencies_assessed,
    d.agencies_deficient,
    d.deficient_share,
    d.agencies_urgent,
    round(100.0 * d.agencies_urgent / d.agencies_assessed, 2) as urgent_share,
    d.deficient_share - round(100.0 * d.agencies_urgent / d.agencies_assessed, 2) as develop_share,
    n.deficient_share as national_share,
    d.deficient_share - n.deficient_share as above_national,
    d.mean_score,
    d.mean_points_lost,
    d.persistent_agencies,
    round(100.0 * d.persistent_agencies / nullif(d.agencies_deficient, 0), 2) as persistent_share,
    d.deficiency_rank,
    n.deficiency_rank as national_deficiency_rank
from mart.common_deficiency as d
join mart.framework_item as f using (fiscal_year, item_code)
left join mart.province as p using (province_code)
left join mart.agency_type as t on t.agency_type = d.agency_type
left join mart.common_deficiency as n
    on n.fiscal_year = d.fiscal_year and n.scope = 'national' and n.item_code = d.item_code
