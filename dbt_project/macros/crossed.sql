{# The name of a part whose figure met the line of the better of two levels in one year and missed
   it in the other, in the direction of `steps`; null where it did not. #}
{% macro crossed(name, part, minimum='each_part_min') -%}
    case
        when
            ({{ part }}_score >= {{ minimum }}) <> (last_{{ part }}_score >= last_{{ minimum }})
            and ({{ part }}_score >= {{ minimum }}) = (steps > 0)
            then '{{ name }}'
    end
{%- endmacro %}
