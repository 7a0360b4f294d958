{{ config(indexes=[{'columns': ['agency_id', 'fiscal_year'], 'unique': true}]) }}
-- Grain: agency × year with an overall score: every rank and count, before any filter.
select
    agency_id,
    fiscal_year,
    overall_score,
    agency_type,
    province_code,
    rank() over nation as national_rank,
    count(*) over (partition by fiscal_year) as national_count,
    -- Counted from below, so that agencies with the same score are not lower than each other.
    rank() over (partition by fiscal_year order by overall_score) - 1 as lower_count,
    rank() over type as type_rank,
    count(*) over (partition by fiscal_year, agency_type) as type_count,
    rank() over province as province_rank,
    count(*) over (partition by fiscal_year, province_code) as province_count,
    rank() over province_type as province_type_rank,
    count(*) over (partition by fiscal_year, province_code, agency_type) as province_type_count
from {{ ref('int_assessment') }}
where overall_score is not null
window
    nation as (partition by fiscal_year order by overall_score desc),
    type as (partition by fiscal_year, agency_type order by overall_score desc),
    province as (partition by fiscal_year, province_code order by overall_score desc),
    province_type as (
        partition by fiscal_year, province_code, agency_type order by overall_score desc
    )
