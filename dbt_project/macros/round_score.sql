{# Half up to two decimals. Means are numerics of finite length: rounding to ten decimals first
   lifts a half that came out 1e-16 short. #}
{% macro round_score(expression) -%}
    round(round({{ expression }}, 10), 2)
{%- endmacro %}
