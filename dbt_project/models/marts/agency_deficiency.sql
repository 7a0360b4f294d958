-- Grain: agency × year × item × EIT part, only urgent and develop.
with remark as (
    select agency_id, fiscal_year, item_code, eit_part, string_agg(remark_th, E'\n' order by preference, remark_no) as remark_th
    from {{ ref('int_remark') }}
    where item_code is not null
    group by agency_id, fiscal_year, item_code, eit_part
),

-- A remark on the item and a remark on one of its parts both belong to that part.
remark_of_row as (
    select s.agency_id, s.fiscal_year, s.item_code, s.eit_part, string_agg(r.remark_th, E'\n' order by r.eit_part nulls first) as remark_th
    from {{ ref('int_item_score') }} as s
    join remark as r using (agency_id, fiscal_year, item_code)
    where s.severity is not null and (r.eit_part = s.eit_part or r.eit_part is null or s.eit_part is null)
    group by s.agency_id, s.fiscal_year, s.item_code, s.eit_part
)

select
    s.agency_id,
    s.fiscal_year,
    s.item_code,
    s.eit_part,
    round(s.score, 2) as score,
    s.severity,
    round(s.points_lost, 8) as points_lost,
    f.topic_nos,
    s.flagged,
    r.remark_th,
    running.years_running,
    y.province_code
from {{ ref('int_item_score') }} as s
join {{ ref('int_framework_item') }} as f using (fiscal_year, item_code)
join {{ ref('int_agency_year') }} as y using (agency_id, fiscal_year)
join {{ ref('int_running') }} as running using (agency_id, fiscal_year, item_code)
left join remark_of_row as r
    on r.agency_id = s.agency_id and r.fiscal_year = s.fiscal_year and r.item_code = s.item_code and r.eit_part is not distinct from s.eit_part
where s.severity is not null
