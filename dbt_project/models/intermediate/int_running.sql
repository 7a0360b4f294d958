-- Grain: agency × year × item that is deficient: how many years running, counted over the meaning of the item (this year included).
-- A sole predecessor's years count as the agency's own where it has none.
with deficient as (
    select distinct s.agency_id, s.fiscal_year, f.meaning
    from {{ ref('int_item_score') }} as s
    join {{ ref('int_framework_item') }} as f using (fiscal_year, item_code)
    where s.severity is not null
),

of_line as (
    select h.agency_id, h.fiscal_year, d.meaning, h.agency_id = h.source_agency_id as is_own
    from deficient as d
    join {{ ref('int_agency_history') }} as h on h.source_agency_id = d.agency_id and h.fiscal_year = d.fiscal_year
),

island as (
    select *, fiscal_year - row_number() over (partition by agency_id, meaning order by fiscal_year) as start
    from of_line
),

counted as (
    select *, row_number() over (partition by agency_id, meaning, start order by fiscal_year) as years_running
    from island
)

select c.agency_id, c.fiscal_year, f.item_code, c.years_running::integer as years_running
from counted as c
join {{ ref('int_framework_item') }} as f using (fiscal_year, meaning)
where c.is_own
