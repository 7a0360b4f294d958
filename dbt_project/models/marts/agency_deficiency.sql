{{ config(indexes=[{'columns': ['province_code', 'fiscal_year', 'agency_id']}]) }}
-- Grain: agency × year × item × EIT part, only urgent and develop.
with remark as (
    select
        agency_id,
        fiscal_year,
        item_code,
        eit_part,
        string_agg(remark_th, E'\n' order by preference, remark_no) as remark_th
    from {{ ref('int_remark') }}
    where item_code is not null
    group by agency_id, fiscal_year, item_code, eit_part
),

deficient as (
    select
        s.*,
        y.agency_id,
        y.fiscal_year,
        y.province_code,
        f.item_code,
        f.topic_nos,
        f.link_status,
        f.points_status
    from {{ ref('int_new_item_score') }} as s
    join {{ ref('int_agency_year') }} as y using (agency_year_no)
    join {{ ref('int_framework_item') }} as f using (year_item_no)
    where s.severity is not null
),

-- A remark on the item and a remark on one of its parts both belong to that part.
remark_of_row as (
    select
        d.agency_year_no,
        d.year_item_no,
        d.eit_part,
        string_agg(r.remark_th, E'\n' order by r.eit_part nulls first) as remark_th
    from deficient as d
    join remark as r using (agency_id, fiscal_year, item_code)
    where r.eit_part = d.eit_part or r.eit_part is null or d.eit_part is null
    group by d.agency_year_no, d.year_item_no, d.eit_part
)

select
    d.agency_id,
    d.fiscal_year,
    d.item_code,
    d.eit_part,
    round(d.score, 2) as score,
    d.severity,
    round(d.points_lost, 8) as points_lost,
    d.topic_nos,
    d.flagged,
    r.remark_th,
    running.years_running,
    d.link_status,
    d.points_status,
    d.province_code
from deficient as d
join {{ ref('int_running') }} as running using (agency_year_no, year_item_no)
left join remark_of_row as r
    on
        r.agency_year_no = d.agency_year_no
        and r.year_item_no = d.year_item_no
        and r.eit_part is not distinct from d.eit_part
{{ union_kept_years() }}
