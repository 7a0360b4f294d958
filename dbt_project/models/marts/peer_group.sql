{{ config(indexes=[{'columns': ['province_code', 'fiscal_year']}]) }}
-- Grain: agency × year with an overall score: where it stands among the agencies of its type in its
-- region (central agencies: of its type). The registry does not know the size of an agency, so that
-- size does not enter.
with member as (
    select
        r.agency_id,
        r.fiscal_year,
        r.overall_score,
        r.agency_type,
        r.province_code,
        p.region_th,
        p.region_status
    from {{ ref('int_rank') }} as r
    left join {{ ref('province') }} as p using (province_code)
)

select
    agency_id,
    fiscal_year,
    agency_type,
    region_th,
    region_status,
    overall_score,
    (count(*) over peers)::integer as peers,
    (rank() over (peers order by overall_score desc))::integer as peer_rank,
    {{ round_score('avg(overall_score) over peers') }} as peer_mean_score,
    max(overall_score) over peers as peer_best_score,
    province_code
from member
window peers as (partition by fiscal_year, agency_type, region_th)
