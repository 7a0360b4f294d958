{{ config(indexes=[{'columns': ['agency_id', 'fiscal_year']}]) }}
-- Grain: agency × year × item of last year that was deficient and that measures of this year's plan
-- answer (int_answered): which, in the words of the agency, and how many it reports as completed.
with latest as (
    select distinct on (agency_id, fiscal_year, measure_no)
        agency_id, fiscal_year, measure_no, status
    from {{ ref('measure_progress') }}
    order by agency_id, fiscal_year, measure_no, as_of desc
),

answering as (
    select distinct
        agency_id, fiscal_year + 1 as fiscal_year, item_code as last_item_code,
        own_measure_no as measure_no
    from {{ ref('int_answered') }}
    where item_code is not null
)

select
    a.agency_id,
    a.fiscal_year,
    a.last_item_code,
    array_agg(a.measure_no order by a.measure_no) as measure_nos,
    string_agg(a.measure_no || '. ' || m.measure_th, E'\n' order by a.measure_no) as measures_th,
    (count(*) filter (where latest.status in ('done', 'late')))::integer as measures_done
from answering as a
join {{ ref('measure') }} as m using (agency_id, fiscal_year, measure_no)
left join latest using (agency_id, fiscal_year, measure_no)
group by a.agency_id, a.fiscal_year, a.last_item_code
