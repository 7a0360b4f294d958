{# The value of a rule of this warehouse in a fiscal year (seed publication_rule); null where the
   year has none. #}
{% macro rule_value(fiscal_year, rule) -%}
    (
        select value from {{ ref('publication_rule') }} as ruled
        where ruled.fiscal_year = {{ fiscal_year }} and ruled.rule = '{{ rule }}'
    )
{%- endmacro %}
