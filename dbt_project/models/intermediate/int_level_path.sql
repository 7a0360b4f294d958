{{ config(pre_hook="{{ create_level_path_functions() }}") }}
-- Grain: that of int_repair: the places of the items to repair, null where no set of items suffices.
select
    agency_id,
    fiscal_year,
    {{ target.schema }}.level_path_places(
        coalesce(place, '{}'), coalesce(instrument, '{}'), coalesce(gain, '{}'), coalesce(cost, '{}'), coalesce(first, '{}'), coalesce(second, '{}'),
        need_gain, need_iit, need_public, need_survey, need_oit
    ) as places
from {{ ref('int_repair') }}
{{ union_kept_years() }}
