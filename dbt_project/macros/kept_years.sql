{# Only what changed is built. The publish stage compares the hash of each fiscal year's inputs with that of the published build: before `first_year`
   they are the same, and no model looks ahead, so that those years' rows are taken over from the published build in `kept_schema`. By default
   first_year is 0 and everything is built. Only the large models do this; the others are built whole, from kept and new rows. #}

{# Is this a year that is built anew? #}
{% macro is_rebuilt(fiscal_year='fiscal_year') -%}
    {{ fiscal_year }} >= {{ var('first_year') }}
{%- endmacro %}

{# Behind a model's new rows: the rows of the years that stay. #}
{% macro union_kept_years() -%}
    {%- if var('kept_schema') %}
union all
select * from {{ kept_table(this.identifier) }} where fiscal_year < {{ var('first_year') }}
    {%- endif -%}
{%- endmacro %}

{# The same for a table that knows its years by agency_year_no, which rises with the year. #}
{% macro union_kept_numbers() -%}
    {%- if var('kept_schema') %}
union all
select * from {{ kept_table(this.identifier) }} where agency_year_no <= {{ last_kept('agency_year_no') }}
    {%- endif -%}
{%- endmacro %}

{# The last number (agency_year_no or cell_no) of the years that stay; 0 when none does. Asked for beforehand: the planner needs to see it. #}
{% macro last_kept(number) -%}
    {%- if var('kept_schema') and execute -%}
        {{ run_query('select coalesce(max(' ~ number ~ '), 0) from ' ~ kept_table('int_agency_year') ~ ' where fiscal_year < ' ~ var('first_year'))[0][0] }}
    {%- else -%}
        0
    {%- endif -%}
{%- endmacro %}

{% macro kept_table(name) -%}
    {{ var('kept_schema') }}.{{ name }}
{%- endmacro %}
