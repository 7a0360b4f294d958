{{ config(indexes=[{'columns': ['agency_id', 'fiscal_year', 'measure_no']}]) }}
-- Grain: agency × results year × proposed measure that the agency's own measures answer, at least
-- in part: which of its items (answered_codes), all of it or not, and by which own measures.
select
    a.agency_id,
    a.fiscal_year,
    a.measure_no,
    coalesce(
        array_agg(distinct a.item_code) filter (where a.item_code is not null), '{}'
    ) as answered_codes,
    p.item_codes <@ coalesce(
        array_agg(distinct a.item_code) filter (where a.item_code is not null), '{}'
    ) as is_all_answered,
    array_agg(distinct a.own_measure_no order by a.own_measure_no) as answered_by
from {{ ref('int_answered') }} as a
join {{ ref('int_proposal') }} as p using (agency_id, fiscal_year, measure_no)
where a.measure_agency_id = a.agency_id
group by a.agency_id, a.fiscal_year, a.measure_no, p.item_codes
