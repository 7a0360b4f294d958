{{ config(pre_hook="{{ create_level_path_functions() }}") }}
-- Grain: that of int_repair: the places of the items to repair, null where no set of items
-- suffices; whether they are proven to be the fewest and cheapest.
select
    agency_id,
    fiscal_year,
    (found).places,
    (found).is_shortest
from (
    select
        agency_id,
        fiscal_year,
        {{ target.schema }}.level_path_places(
            coalesce(place, '{}'), coalesce(instrument, '{}'), coalesce(gain, '{}'),
            coalesce(cost, '{}'), coalesce(first, '{}'), coalesce(second, '{}'),
            need_gain, need_iit, need_public, need_survey, need_oit
        ) as found
    from {{ ref('int_repair') }}
    -- Once a row; and unlike a function in `from`, the planner shares it out to all processors.
    offset 0
) as searched
{{ union_kept_years() }}
