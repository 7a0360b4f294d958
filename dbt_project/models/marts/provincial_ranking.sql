{{ config(indexes=[{'columns': ['agency_id']}]) }}
-- Grain: agency × year with an overall score and a province.
select
    r.agency_id,
    r.fiscal_year,
    r.province_code,
    r.overall_score,
    r.province_rank::integer as province_rank,
    r.province_count::integer as province_count,
    r.province_type_rank::integer as province_type_rank,
    r.province_type_count::integer as province_type_count,
    case
        when
            last_year.province_code = r.province_code
            then (last_year.province_rank - r.province_rank)::integer
    end as rank_change,
    r.agency_type
from {{ ref('int_rank') }} as r
left join
    {{ ref('int_agency_history') }} as h
    on h.agency_id = r.agency_id and h.fiscal_year = r.fiscal_year - 1
left join
    {{ ref('int_rank') }} as last_year
    on last_year.agency_id = h.source_agency_id and last_year.fiscal_year = h.fiscal_year
where r.province_code is not null
