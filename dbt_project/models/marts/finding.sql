{{ config(materialized='view') }}
-- Grain: agency × results year × finding: what the results say must be answered by a measure, and
-- by which it is: the number of the proposal, and the agency's own measures that answer it.
select
    f.agency_id,
    f.fiscal_year,
    coalesce(
        (
            select d.measure_no
            from {{ ref('int_drawn') }} as d
            where
                d.agency_id = f.agency_id and d.fiscal_year = f.fiscal_year
                and f.measure_no = any(d.subjects)
        ),
        f.measure_no
    ) as measure_no,
    f.basis,
    f.severity,
    f.instrument,
    f.indicator_no,
    f.item_code,
    f.score::numeric(5, 2) as score,
    f.points_lost::numeric(11, 8) as points_lost,
    f.least_zero_items,
    string_to_array(f.likely_item_codes, ',') as likely_item_codes,
    f.peer_mean::numeric(5, 2) as peer_mean,
    f.last_score::numeric(5, 2) as last_score,
    {{ because_of_finding('f') }} as because_th,
    f.serves_item_code,
    array(
        select distinct a.own_measure_no
        from {{ ref('int_answered') }} as a
        where
            a.agency_id = f.agency_id and a.measure_agency_id = f.agency_id
            and a.fiscal_year = f.fiscal_year
            and a.measure_no = f.measure_no and a.item_code is not distinct from f.item_code
        order by a.own_measure_no
    ) as answered_by,
    f.province_code
from {{ ref('int_finding') }} as f
