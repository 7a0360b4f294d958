-- Grain: year × pair of items that at least two agencies must correct urgently together; the first
-- item comes before the second in the framework.
with urgent as (
    select r.agency_year_no, r.year_item_no, f.item_order
    from {{ ref('int_running') }} as r
    join {{ ref('int_framework_item') }} as f using (year_item_no)
    where r.is_urgent and {{ is_rebuilt('f.fiscal_year') }}
),

single as (
    select u.year_item_no, f.fiscal_year, f.item_code, count(*) as agencies
    from urgent as u
    join {{ ref('int_framework_item') }} as f using (year_item_no)
    group by u.year_item_no, f.fiscal_year, f.item_code
),

pair as (
    select a.year_item_no as first_no, b.year_item_no as second_no, count(*) as agencies_both
    from urgent as a
    join urgent as b on b.agency_year_no = a.agency_year_no and b.item_order > a.item_order
    group by a.year_item_no, b.year_item_no
    having count(*) > 1
),

-- All agencies with items: no single item may have them all.
country as (
    select y.fiscal_year, count(*) as agencies
    from {{ ref('int_agency_year') }} as y
    where
        exists (
            select from {{ ref('int_new_item_score') }} as s
            where s.agency_year_no = y.agency_year_no
        )
    group by y.fiscal_year
)

select
    a.fiscal_year,
    a.item_code as first_item_code,
    b.item_code as second_item_code,
    p.agencies_both::integer as agencies_both,
    round(100.0 * p.agencies_both / c.agencies, 2) as support,
    round(1.0 * p.agencies_both * c.agencies / (a.agencies * b.agencies), 2) as lift
from pair as p
join single as a on a.year_item_no = p.first_no
join single as b on b.year_item_no = p.second_no
join country as c on c.fiscal_year = a.fiscal_year
{{ union_kept_years() }}
