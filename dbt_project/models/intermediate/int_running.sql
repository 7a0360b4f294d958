-- Grain: agency × year (those that are built anew) × item that is deficient in any part
-- (agency_year_no, year_item_no): whether urgent, and how many years running, counted over the
-- meaning of the item (this year included). A sole predecessor's years count as the agency's own
-- where it has none.
with found as (
    select agency_year_no, year_item_no, bool_or(severity = 'urgent') as is_urgent
    from {{ ref('int_new_item_score') }}
    where severity is not null
    group by agency_year_no, year_item_no
),

-- In each line of agencies. A deficient item is the agency's own, so that one of the lines is.
of_line as (
    select
        found.agency_year_no,
        found.year_item_no,
        found.is_urgent,
        h.source_agency_id = h.agency_id as is_own,
        h.line_no,
        h.fiscal_year,
        f.meaning_no
    from found
    join {{ ref('int_framework_item') }} as f using (year_item_no)
    join {{ ref('int_agency_year') }} as y using (agency_year_no)
    join
        {{ ref('int_agency_history') }} as h
        on h.source_agency_id = y.agency_id and h.fiscal_year = y.fiscal_year
),

with_kept_years as (
    select *
    from of_line
    {% if keeps_years() %}
        union all
        select null, null, null, false, h.line_no, h.fiscal_year, f.meaning_no
        from published.agency_deficiency as d
        join {{ ref('int_framework_item') }} as f using (fiscal_year, item_code)
        join
            {{ ref('int_agency_history') }} as h
            on h.source_agency_id = d.agency_id and h.fiscal_year = d.fiscal_year
        where
            not {{ is_rebuilt('d.fiscal_year') }}
            and (h.line_no, f.meaning_no) in (
                select of_line.line_no, of_line.meaning_no from of_line
            )
    {% endif %}
),

-- Two items of a year can have one meaning: dense_rank counts the year once.
consecutive as (
    select
        *,
        fiscal_year
        - dense_rank() over (partition by line_no, meaning_no order by fiscal_year) as start
    from with_kept_years
),

counted as (
    select
        *,
        dense_rank()
            over (partition by line_no, meaning_no, start order by fiscal_year)
            as years_running
    from consecutive
)

select
    agency_year_no,
    year_item_no,
    is_urgent,
    years_running::integer as years_running
from counted
where is_own
