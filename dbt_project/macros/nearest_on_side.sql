{# The ten agencies of int_past next to agency `a` on one side of its past score, of its type. #}
{% macro nearest_on_side(comparison, order='asc', in_region=false) -%}
    (
        select b.*
        from {{ ref('int_past') }} as b
        where
            b.fiscal_year = a.fiscal_year and b.agency_type = a.agency_type
            {% if in_region -%} and b.region = a.region {%- endif %}
            and b.past_score {{ comparison }} a.past_score and b.agency_id <> a.agency_id
        order by b.past_score {{ order }}, b.agency_id
        limit 10
    )
{%- endmacro %}
