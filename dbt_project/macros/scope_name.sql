{# The scope of a row that `group by grouping sets ((), (agency_type), (province_code),
   (province_code, agency_type))` made. #}
{% macro scope_name() -%}
    case grouping(province_code, agency_type)
        when 3 then 'national'
        when 2 then 'type'
        when 1 then 'province'
        else 'province_type'
    end
{%- endmacro %}
