{# The worse of two statuses of reference data: what rests on both is known no better. #}
{% macro worst_status(one, other) %}
    {%- set known -%}
        array['confirmed', 'ours', 'derived', 'secondary', 'topic-only', 'unverified', 'unknown']
    {%- endset -%}
    ({{ known }})[greatest(
        coalesce(array_position({{ known }}, {{ one }}), 7),
        coalesce(array_position({{ known }}, {{ other }}), 7)
    )]
{%- endmacro %}
