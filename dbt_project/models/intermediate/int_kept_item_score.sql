{{ config(materialized='view') }}
-- Grain: agency × year (those that stay) × item × EIT part: as int_new_item_score. They are shown
-- where publish/item_scores.py keeps them for many builds, and all of that table: a filter here
-- would have to be passed by whatever looks up an agency.
{% if keeps_years() %}
select * from {{ kept_item_scores() }}
{% else %}
    select
        null::integer as agency_year_no,
        null::integer as year_item_no,
        null::text as eit_part,
        null::numeric as score,
        null::smallint as parts,
        null::numeric as points_lost,
        null::text as severity,
        null::boolean as flagged
    limit 0
{% endif %}
