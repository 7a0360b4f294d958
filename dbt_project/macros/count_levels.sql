{# Rows of int_assessment with an overall score, counted by level within `keys`: keys, level_counts
   ({"good": 41, …}). A level that cannot be computed counts as not_computable; a level that nobody
   has is left out. #}
{% macro count_levels(keys) %}
    select {{ keys }}, jsonb_object_agg(level_code, agencies) as level_counts
    from (
        select {{ keys }}, coalesce(level_code, 'not_computable') as level_code,
            count(*) as agencies
        from {{ ref('int_assessment') }}
        where overall_score is not null
        group by {{ keys }}, coalesce(level_code, 'not_computable')
    ) as counted
    group by {{ keys }}
{% endmacro %}
