{{ config(indexes=[{'columns': ['agency_year_no', 'year_item_no']}]) }}
-- Grain: agency × year × item that is deficient in any part (agency_year_no, year_item_no): whether urgent, and how many years running,
-- counted over the meaning of the item (this year included). A sole predecessor's years count as the agency's own where it has none.
with deficient as (
    select
        s.agency_year_no,
        s.year_item_no,
        f.meaning_no,
        y.agency_id,
        y.fiscal_year,
        bool_or(s.severity = 'urgent') as is_urgent
    from {{ ref('int_item_score') }} as s
    join {{ ref('int_framework_item') }} as f using (year_item_no)
    join {{ ref('int_agency_year') }} as y using (agency_year_no)
    where s.severity is not null
    group by s.agency_year_no, s.year_item_no, f.meaning_no, y.agency_id, y.fiscal_year
),

-- Each agency has one line: a number for it, so that the years of its predecessors sort beside its own.
of_line as (
    select distinct h.line_no, d.meaning_no, d.fiscal_year
    from deficient as d
    join {{ ref('int_agency_history') }} as h on h.source_agency_id = d.agency_id and h.fiscal_year = d.fiscal_year
),

island as (
    select *, fiscal_year - row_number() over (partition by line_no, meaning_no order by fiscal_year) as start
    from of_line
),

counted as (
    select *, row_number() over (partition by line_no, meaning_no, start order by fiscal_year) as years_running
    from island
)

select
    d.agency_year_no,
    d.year_item_no,
    d.is_urgent,
    c.years_running::integer as years_running
from deficient as d
join {{ ref('int_agency_history') }} as h on h.agency_id = d.agency_id and h.fiscal_year = d.fiscal_year
join counted as c on c.line_no = h.line_no and c.meaning_no = d.meaning_no and c.fiscal_year = d.fiscal_year
