{{ config(indexes=[{'columns': ['agency_year_no', 'year_item_no']}]) }}
-- Grain: agency × year × item that is deficient in any part (agency_year_no, year_item_no): whether urgent, and how many years running,
-- counted over the meaning of the item (this year included). A sole predecessor's years count as the agency's own where it has none.
with found as (
    select s.agency_year_no, s.year_item_no, bool_or(s.severity = 'urgent') as is_urgent
    from {{ ref('int_new_item_score') }} as s
    where s.severity is not null
    group by s.agency_year_no, s.year_item_no
    {% if keeps_years() %}
    union all
    select agency_year_no, year_item_no, is_urgent
    from published.int_running
    where agency_year_no <= {{ last_kept('agency_year_no') }}
    {% endif %}
),

-- The agency-years of each line. A deficient item is the agency's own, so that one of them is.
line_year as (
    select h.line_no, h.fiscal_year, y.agency_year_no, h.source_agency_id = h.agency_id as is_own
    from {{ ref('int_agency_history') }} as h
    join {{ ref('int_agency_year') }} as y on y.agency_id = h.source_agency_id and y.fiscal_year = h.fiscal_year
),

-- Two items of a year can have one meaning: dense_rank counts the year once.
of_line as (
    select
        d.agency_year_no,
        d.year_item_no,
        d.is_urgent,
        l.is_own,
        l.line_no,
        l.fiscal_year,
        f.meaning_no,
        l.fiscal_year - dense_rank() over (partition by l.line_no, f.meaning_no order by l.fiscal_year) as start
    from found as d
    join {{ ref('int_framework_item') }} as f using (year_item_no)
    join line_year as l using (agency_year_no)
),

counted as (
    select *, dense_rank() over (partition by line_no, meaning_no, start order by fiscal_year) as years_running
    from of_line
)

select
    agency_year_no,
    year_item_no,
    is_urgent,
    years_running::integer as years_running
from counted
where is_own
