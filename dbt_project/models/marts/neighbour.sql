{{ config(indexes=[
    {'columns': ['agency_id', 'fiscal_year']}, {'columns': ['province_code', 'fiscal_year']}
]) }}
-- Grain: agency × year × the ten nearest of its type that have an overall score in that year too.
-- The distance is that of the past scores (int_past), more in another region. Of equal distance the
-- first by agency_id. The registry does not know the size of an agency: its type is all there is.
-- Ten up and ten down, in the type and in the region, hold the ten nearest: of another region none
-- is nearer than one of the own region with the same score. Four look-ups by index, for a join of a
-- type with itself is thirty million pairs a year.
select
    a.agency_id,
    a.fiscal_year,
    nearest.neighbour_no::integer as neighbour_no,
    nearest.agency_id as neighbour_id,
    nearest.distance,
    a.past_score,
    nearest.past_score as neighbour_past_score,
    nearest.is_same_region,
    a.overall_score,
    nearest.overall_score as neighbour_overall_score,
    a.agency_type,
    a.province_code,
    nearest.province_code as neighbour_province_code
from {{ ref('int_past') }} as a
cross join
    lateral (
        select
            measured.*,
            row_number() over (order by distance, agency_id) as neighbour_no
        from (
            select
                *,
                region = a.region as is_same_region,
                abs(past_score - a.past_score)
                + case when region = a.region then 0 else region_points end as distance
            from (
                {{ nearest_on_side('>=') }}
                union
                {{ nearest_on_side('<', 'desc') }}
                union
                {{ nearest_on_side('>=', in_region=true) }}
                union
                {{ nearest_on_side('<', 'desc', in_region=true) }}
            ) as candidate
        ) as measured
        order by distance, agency_id
        limit 10
    ) as nearest
{{ union_kept_years() }}
