-- Grain: year × scope × item that somebody in the scope has a score for.
with scope as (
    select
        fiscal_year,
        {{ scope_name() }} as scope,
        region_th,
        province_code,
        agency_type,
        item_code,
        sum(agencies_assessed) as agencies_assessed,
        sum(agencies_deficient) as agencies_deficient,
        sum(agencies_urgent) as agencies_urgent,
        sum(persistent_agencies) as persistent_agencies,
        sum(score_sum) as score_sum,
        sum(points_lost_sum) as points_lost_sum
    from {{ ref('int_item_cell') }}
    left join {{ ref('province') }} using (province_code)
    group by fiscal_year, item_code, {{ scopes() }}
)

select
    scope.fiscal_year,
    scope.scope,
    scope.province_code,
    scope.agency_type,
    scope.item_code,
    agencies_assessed::integer as agencies_assessed,
    agencies_deficient::integer as agencies_deficient,
    round(100.0 * agencies_deficient / agencies_assessed, 2) as deficient_share,
    agencies_urgent::integer as agencies_urgent,
    {{ round_score('score_sum / agencies_assessed') }} as mean_score,
    round(points_lost_sum / agencies_assessed, 8) as mean_points_lost,
    persistent_agencies::integer as persistent_agencies,
    -- Ties are of the means before they are shown, but cut at ten digits: a division is cut
    -- somewhere, so that means that are equal, of other thirds, differ behind that.
    (rank() over (
        partition by
            scope.fiscal_year, scope.scope, scope.region_th, scope.province_code,
            scope.agency_type
        order by agencies_deficient desc, round(points_lost_sum / agencies_assessed, 10) desc
    ))::integer as deficiency_rank,
    f.link_status,
    f.points_status,
    scope.region_th
from scope
left join {{ ref('int_framework_item') }} as f using (fiscal_year, item_code)
{{ union_kept_years() }}
