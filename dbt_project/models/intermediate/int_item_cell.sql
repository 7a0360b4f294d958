-- Grain: year (those that are built anew) × province × agency type × item: sums that every scope of
-- common_deficiency adds up. An agency counts once: where both of its parts are stated, each counts
-- for a half.
with scored as (
    select
        y.cell_no,
        s.year_item_no,
        count(*) filter (where s.parts = 1)
        + count(*) filter (where s.parts = 2) / 2 as agencies_assessed,
        coalesce(sum(s.score) filter (where s.parts = 1), 0)
        + coalesce(sum(s.score) filter (where s.parts = 2), 0) / 2 as score_sum,
        sum(s.points_lost) as points_lost_sum
    from {{ ref('int_new_item_score') }} as s
    join {{ ref('int_agency_year') }} as y using (agency_year_no)
    group by y.cell_no, s.year_item_no
),

deficient as (
    select
        y.cell_no,
        r.year_item_no,
        count(*) as agencies_deficient,
        count(*) filter (where r.is_urgent) as agencies_urgent,
        count(*) filter (where r.years_running > 1) as persistent_agencies
    from {{ ref('int_running') }} as r
    join {{ ref('int_agency_year') }} as y using (agency_year_no)
    where {{ is_rebuilt('y.fiscal_year') }}
    group by y.cell_no, r.year_item_no
),

cell as (
    select distinct cell_no, province_code, agency_type
    from {{ ref('int_agency_year') }}
)

select
    f.fiscal_year,
    cell.province_code,
    cell.agency_type,
    f.item_code,
    s.agencies_assessed,
    s.score_sum,
    s.points_lost_sum,
    coalesce(d.agencies_deficient, 0) as agencies_deficient,
    coalesce(d.agencies_urgent, 0) as agencies_urgent,
    coalesce(d.persistent_agencies, 0) as persistent_agencies
from scored as s
join cell using (cell_no)
join {{ ref('int_framework_item') }} as f using (year_item_no)
left join deficient as d using (cell_no, year_item_no)
