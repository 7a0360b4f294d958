{{ config(indexes=[{'columns': ['agency_year_no']}]) }}
-- Grain: agency × year (those that stay) × item × EIT part: as int_new_item_score, taken over. A table apart, for it waits for nothing.
{% if keeps_years() %}
select * from published.int_item_score where agency_year_no <= {{ last_kept('agency_year_no') }}
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
