{# A score as Thai text shows it: 91.15. #}
{% macro show_score(expression) -%}
    to_char({{ expression }}, 'FM990.00')
{%- endmacro %}
