{# Three conditions that hang together let the planner expect one row, and read all progress for
   each: 72 s for the country, 0.4 so. Until PostgreSQL can estimate a join by its columns. #}
{{ config(
    indexes=[{'columns': ['agency_id', 'fiscal_year']}],
    sql_header="set local enable_nestloop = off;"
) }}
-- Grain: agency × year × item of last year that was deficient (a sole predecessor's counts) and
-- that measures of this year's plan answer (int_answered): which, in the words of the agency, and
-- how many it reports as completed. Who took the place of one other has its own plan, where it sent
-- none that one's; of a merger of several nobody was deficient last year (int_agency_history).
with latest as (
    select distinct on (agency_id, fiscal_year, measure_no)
        agency_id, fiscal_year, measure_no, status
    from {{ ref('measure_progress') }}
    order by agency_id, fiscal_year, measure_no, as_of desc
),

sent as (
    select distinct agency_id, fiscal_year
    from {{ ref('measure') }}
),

answering as (
    select distinct
        h.agency_id,
        a.fiscal_year + 1 as fiscal_year,
        a.item_code as last_item_code,
        a.measure_agency_id,
        a.own_measure_no as measure_no
    from {{ ref('int_agency_history') }} as h
    left join sent on sent.agency_id = h.agency_id and sent.fiscal_year = h.fiscal_year + 1
    join
        {{ ref('int_answered') }} as a
        on
            a.agency_id = h.source_agency_id and a.fiscal_year = h.fiscal_year
            and a.measure_agency_id = coalesce(sent.agency_id, h.source_agency_id)
    where a.item_code is not null
)

select
    a.agency_id,
    a.fiscal_year,
    a.last_item_code,
    array_agg(a.measure_no order by a.measure_no) as measure_nos,
    string_agg(a.measure_no || '. ' || m.measure_th, E'\n' order by a.measure_no) as measures_th,
    (count(*) filter (where latest.status in ('done', 'late')))::integer as measures_done
from answering as a
join {{ ref('measure') }} as m
    on
        m.agency_id = a.measure_agency_id and m.fiscal_year = a.fiscal_year
        and m.measure_no = a.measure_no
left join latest
    on
        latest.agency_id = a.measure_agency_id and latest.fiscal_year = a.fiscal_year
        and latest.measure_no = a.measure_no
group by a.agency_id, a.fiscal_year, a.last_item_code
