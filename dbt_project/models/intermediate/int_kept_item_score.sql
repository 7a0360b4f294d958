{{ config(materialized='view') }}
-- Grain: agency × year (those that stay) × item × EIT part: as int_new_item_score, shown where the publication that built them left them.
{% for kept in kept_item_scores() %}
select * from item_scores.{{ kept.table_name }} where agency_year_no between {{ kept.first_no }} and {{ kept.last_no }}
{{ 'union all' if not loop.last }}
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
{% endfor %}
