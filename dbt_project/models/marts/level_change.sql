{{ config(indexes=[{'columns': ['province_code', 'fiscal_year']}]) }}
-- Grain: agency × year with a level in this year and in the year before (a sole predecessor's
-- counts).
{% set parts = ['iit', 'eit', 'eit_public', 'eit_survey', 'oit'] %}
with scale as (
    select fiscal_year, array_agg(level_code order by level_order) as level_codes
    from {{ ref('rating_level') }}
    group by fiscal_year
),

levelled as (
    select
        a.agency_id,
        a.fiscal_year,
        a.agency_type,
        a.province_code,
        a.level_code,
        a.overall_score,
        {% for part in parts -%}
            a.{{ part }}_score,
        {% endfor -%}
        coalesce(l.level_th, a.level_code) as level_th,
        l.level_order,
        scale.level_codes
    from {{ ref('int_assessment') }} as a
    join scale using (fiscal_year)
    left join {{ ref('rating_level') }} as l using (fiscal_year, level_code)
    where a.level_code is not null
),

pair as (
    select
        now.*,
        before.level_code as last_level_code,
        before.level_th as last_level_th,
        before.overall_score as last_overall_score,
        {% for part in parts -%}
            before.{{ part }}_score as last_{{ part }}_score,
        {% endfor -%}
        -- AA–F and the five levels cannot be told in steps
        case
            when now.level_codes = before.level_codes
                then before.level_order - now.level_order
        end as steps,
        now.eit_public_score is not null and now.eit_survey_score is not null
        and before.eit_public_score is not null and before.eit_survey_score is not null
            as knows_eit_parts
    from levelled as now
    join {{ ref('int_agency_history') }} as h
        on h.agency_id = now.agency_id and h.fiscal_year = now.fiscal_year - 1
    join levelled as before
        on before.agency_id = h.source_agency_id and before.fiscal_year = h.fiscal_year
    where {{ is_rebuilt('now.fiscal_year') }}
),

-- The line that was crossed is that of the better of the two levels, each year's figure against its
-- own year's rule.
ruled as (
    select
        pair.*,
        rule.overall_min,
        rule.each_part_min,
        last_rule.overall_min as last_overall_min,
        last_rule.each_part_min as last_each_part_min
    from pair
    left join {{ ref('rating_level') }} as rule
        on
            rule.fiscal_year = pair.fiscal_year and pair.steps <> 0
            and rule.level_code
            = case when pair.steps > 0 then pair.level_code else pair.last_level_code end
    left join {{ ref('rating_level') }} as last_rule
        on
            last_rule.fiscal_year = pair.fiscal_year - 1
            and last_rule.level_code = rule.level_code
),

weight as (
    select
        fiscal_year,
    {% for instrument in ['IIT', 'EIT', 'OIT'] -%}
        max(weight) filter (where instrument = '{{ instrument }}') / 100.0
            as {{ instrument | lower }}_weight{{ "," if not loop.last }}
    {% endfor %}
    from {{ ref('instrument') }}
    group by fiscal_year
),

-- What each instrument gave the overall score more, or less, than the year before.
weighed as (
    select
        ruled.*,
    {% for part in ['iit', 'eit', 'oit'] -%}
        {{ part }}_score * w.{{ part }}_weight - last_{{ part }}_score * last_w.{{ part }}_weight
            as {{ part }}_points{{ "," if not loop.last }}
    {% endfor %}
    from ruled
    left join weight as w using (fiscal_year)
    left join weight as last_w on last_w.fiscal_year = ruled.fiscal_year - 1
)

select
    agency_id,
    fiscal_year,
    agency_type,
    last_level_code,
    last_level_th,
    level_code,
    level_th,
    steps::integer as steps,
    case sign(steps) when 1 then 'rose' when -1 then 'fell' when 0 then 'same' end as direction,
    case
        when steps <> 0
            then array_remove(array[
                {{ crossed('overall', 'overall', 'overall_min') }},
                {{ crossed('IIT', 'iit') }},
                case when not knows_eit_parts then {{ crossed('EIT', 'eit') }} end,
                case when knows_eit_parts then {{ crossed('EIT.public', 'eit_public') }} end,
                case when knows_eit_parts then {{ crossed('EIT.survey', 'eit_survey') }} end,
                {{ crossed('OIT', 'oit') }}
            ], null)
    end as deciding_parts,
    overall_score - last_overall_score as overall_change,
    {% for part in parts -%}
        {{ part }}_score - last_{{ part }}_score as {{ part }}_change,
    {% endfor -%}
    case
        when steps <> 0 and iit_points + eit_points + oit_points is not null
            then (
                select instrument
                from (
                    values (1, 'IIT', iit_points), (2, 'EIT', eit_points), (3, 'OIT', oit_points)
                ) as part (place, instrument, points)
                where points * steps > 0
                order by abs(points) desc, place
                limit 1
            )
    end as main_instrument,
    province_code
from weighed
{{ union_kept_years() }}
