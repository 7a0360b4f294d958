{# Every model and seed goes to the one schema that the publish stage names: the idle half of blue and green. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ target.schema }}
{%- endmacro %}
