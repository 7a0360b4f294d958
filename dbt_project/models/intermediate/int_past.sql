{{ config(indexes=[
    {'columns': ['fiscal_year', 'agency_type', 'past_score', 'agency_id']},
    {'columns': ['fiscal_year', 'agency_type', 'past_score desc', 'agency_id']},
    {'columns': ['fiscal_year', 'agency_type', 'region', 'past_score', 'agency_id']},
    {'columns': ['fiscal_year', 'agency_type', 'region', 'past_score desc', 'agency_id']},
]) }}
-- Grain: agency × year (those that are built anew) with an overall score in this year and in one of
-- the few before (a sole predecessor's counts): the mean of those before. Central agencies are a
-- region of their own ('').
select
    r.agency_id,
    r.fiscal_year,
    r.agency_type,
    r.province_code,
    coalesce(p.region_th, '') as region,
    r.overall_score,
    {{ round_score('avg(past.overall_score)') }} as past_score,
    {{ rule_value('r.fiscal_year', 'neighbour_region_points') }} as region_points
from {{ ref('int_rank') }} as r
join
    {{ ref('int_agency_history') }} as h
    on
        h.agency_id = r.agency_id and h.fiscal_year < r.fiscal_year
        and h.fiscal_year
        >= r.fiscal_year - {{ rule_value('r.fiscal_year', 'neighbour_past_years') }}
join
    {{ ref('int_rank') }} as past
    on past.agency_id = h.source_agency_id and past.fiscal_year = h.fiscal_year
left join {{ ref('province') }} as p on p.province_code = r.province_code
where {{ is_rebuilt('r.fiscal_year') }}
group by
    r.agency_id, r.fiscal_year, r.agency_type, r.province_code, p.region_th, r.overall_score
