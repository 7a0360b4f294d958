{# Only what changed is built. The publish stage compares the hash of each fiscal year's inputs
   with that of the published build: before `first_year` they are the same, and no model looks
   ahead, so that those years' rows are taken over from the schema `published`. Where first_year is
   0 everything is built. Only the large models do this, and the reference data; the other models
   are built whole, from kept and new rows. It is asked of ops.build, not given as a variable of
   dbt: another value of a variable has dbt parse the whole project anew. #}

{# The first fiscal year that is built anew. #}
{% macro first_year() -%}
    {%- if execute -%}
        {{ run_query("select coalesce(max(first_year), 0) from ops.build
            where schema_name = '" ~ target.schema ~ "'")[0][0] }}
    {%- else -%}
        0
    {%- endif -%}
{%- endmacro %}

{# Are there years that stay? #}
{% macro keeps_years() -%}
    {{ return(first_year() | int > 0) }}
{%- endmacro %}

{# Is this a year that is built anew? #}
{% macro is_rebuilt(fiscal_year='fiscal_year') -%}
    {{ fiscal_year }} >= {{ first_year() }}
{%- endmacro %}

{# Behind a model's new rows: the rows of the years that stay. #}
{% macro union_kept_years() -%}
    {%- if keeps_years() %}
union all
select * from published.{{ this.identifier }} where fiscal_year < {{ first_year() }}
    {%- endif -%}
{%- endmacro %}

{# The last number (agency_year_no or cell_no) of the years that stay; 0 when none does. Asked for
   beforehand: the planner needs to see it. #}
{% macro last_kept(number) -%}
    {%- if keeps_years() -%}
        {{ run_query('select coalesce(max(' ~ number ~ '), 0) from published.int_agency_year
            where fiscal_year < ' ~ first_year())[0][0] }}
    {%- else -%}
        0
    {%- endif -%}
{%- endmacro %}

{# The table with the item scores of the years that stay. #}
{% macro kept_item_scores() -%}
    {{ run_query("select kept_item_scores from ops.build
        where schema_name = '" ~ target.schema ~ "'")[0][0] }}
{%- endmacro %}

{# Where years stay, the reference data are those of the published build, and its tables are taken
   over too: the seeds are not loaded and tested again. #}
{% macro take_over_reference_data() -%}
    {%- if execute and keeps_years() -%}
        {%- for node in graph.nodes.values() if node.resource_type == 'seed' %}
create table if not exists {{ target.schema }}.{{ node.alias }}
    (like published.{{ node.alias }} including all);
insert into {{ target.schema }}.{{ node.alias }} select * from published.{{ node.alias }}
    where not exists (select from {{ target.schema }}.{{ node.alias }});
comment on table {{ target.schema }}.{{ node.alias }} is
    '{{ node.description | replace("'", "''") }}';
analyze {{ target.schema }}.{{ node.alias }};
        {%- endfor %}
    {%- endif -%}
{%- endmacro %}
