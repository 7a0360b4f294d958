{{ config(indexes=[{'columns': ['agency_id']}]) }}
-- Grain: agency × year with an overall score.
select
    r.agency_id,
    r.fiscal_year,
    r.overall_score,
    r.national_rank::integer as national_rank,
    r.national_count::integer as national_count,
    r.type_rank::integer as type_rank,
    r.type_count::integer as type_count,
    case
        when r.national_count = 1 then 100 else
            round(100.0 * r.lower_count / (r.national_count - 1), 2)
    end as percentile,
    (last_year.national_rank - r.national_rank)::integer as rank_change,
    case
        when last_year.agency_type = r.agency_type then (last_year.type_rank - r.type_rank)::integer
    end as type_rank_change,
    r.agency_type,
    r.province_code
from {{ ref('int_rank') }} as r
left join
    {{ ref('int_agency_history') }} as h
    on h.agency_id = r.agency_id and h.fiscal_year = r.fiscal_year - 1
left join
    {{ ref('int_rank') }} as last_year
    on last_year.agency_id = h.source_agency_id and last_year.fiscal_year = h.fiscal_year
