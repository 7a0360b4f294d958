{# The scopes that provinces and types add up to, of rows with region_th, province_code and
   agency_type. Central agencies belong to no province and no region. #}
{% macro scopes() -%}
    grouping sets (
        (), (agency_type), (region_th), (province_code), (province_code, agency_type)
    )
    having
        (grouping(province_code) = 1 or province_code is not null)
        and (grouping(region_th) = 1 or region_th is not null)
{%- endmacro %}

{# The scope of a row that `group by … scopes()` made. #}
{% macro scope_name() -%}
    case grouping(region_th, province_code, agency_type)
        when 7 then 'national'
        when 6 then 'type'
        when 5 then 'province'
        when 3 then 'region'
        else 'province_type'
    end
{%- endmacro %}
