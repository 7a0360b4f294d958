{{ config(indexes=[{'columns': ['agency_id']}]) }}
-- Grain: agency × year with a score.
{% set parts = {'iit_score': 'IIT', 'eit_public_score': 'EIT ส่วนที่ 1',
    'eit_survey_score': 'EIT ส่วนที่ 2', 'oit_score': 'OIT'} %}
with explained as (
    -- The level that the figures lead to (the published one where they lead to none), and the next
    -- better one, which they miss.
    select
        a.*,
        l.level_th as explained_th,
        l.overall_min,
        l.each_part_min,
        better.overall_min as better_overall_min,
        better.each_part_min as better_part_min,
        better.level_code is not null as has_better,
        array_remove(array[
            {% for column, name in parts.items() -%}
                case when a.{{ column }} is null then '{{ name }}' end{{ "," if not loop.last }}
            {% endfor %}
        ], null) as unknown_parts,
        coalesce(a.overall_score < better.overall_min, false) as misses_overall,
        array_remove(array[
            {% for column, name in parts.items() -%}
                case
                    when
                        a.{{ column }} < better.each_part_min
                        then '{{ name }} (' || {{ show_score('a.' ~ column) }} || ')'
                end{{ "," if not loop.last }}
            {% endfor %}
        ], null) as missed_parts
    from {{ ref('int_assessment') }} as a
    left join {{ ref('rating_level') }} as l
        on
            l.fiscal_year = a.fiscal_year
            and l.level_code = coalesce(a.computed_level_code, a.level_code)
    left join
        {{ ref('rating_level') }} as better
        on better.fiscal_year = l.fiscal_year and better.level_order = l.level_order - 1
),

reasoned as (
    select
        *,
        'คะแนนรวม ' || {{ show_score('overall_score') }}
        || case
            when overall_min > 0 then ' ไม่ต่ำกว่า ' || {{ show_score('overall_min') }} else ''
        end
        || case
            when each_part_min is null then ''
            when
                unknown_parts = '{}'
                then
                    ' และทั้งสี่ส่วน (IIT, EIT ส่วนที่ 1, EIT ส่วนที่ 2, OIT) ไม่ต่ำกว่า '
                    || {{ show_score('each_part_min') }}
            else ''
        end
        || case
            when not has_better and each_part_min is not null and unknown_parts <> '{}'
                then
                    ' และเป็นระดับตามที่เผยแพร่ ซึ่งกำหนดให้ '
                    || array_to_string(unknown_parts, ', ')
                    || ' ไม่ต่ำกว่า ' || {{ show_score('each_part_min') }} || ' ด้วย'
            when not has_better then ''
            when misses_overall or missed_parts <> '{}'
                then
                    case
                        when misses_overall
                            then
                                case
                                    when overall_min = 0 then ' ต่ำกว่า ' when
                                        each_part_min is null
                                        then ' แต่ต่ำกว่า '
                                    else ' แต่คะแนนรวมต่ำกว่า '
                                end
                                || {{ show_score('better_overall_min') }}
                        else ''
                    end
                    || case
                        when missed_parts = '{}' then ''
                        else
                            case when misses_overall then ' และ ' else ' แต่ ' end
                            || array_to_string(missed_parts, ', ')
                            || ' ต่ำกว่า '
                            || {{ show_score('better_part_min') }}
                    end
            when better_part_min is not null and unknown_parts <> '{}'
                then
                    ' แต่ '
                    || array_to_string(unknown_parts, ' หรือ ')
                    || ' ซึ่งไม่มีคะแนนเผยแพร่ ต่ำกว่า '
                    || {{ show_score('better_part_min') }}
            else ''
        end as reason_th
    from explained
)

select
    r.agency_id,
    r.fiscal_year,
    r.name_th,
    r.agency_type,
    r.province_code,
    r.overall_score,
    r.score_source,
    r.recomputed_score,
    r.recomputed_basis,
    case when r.score_source = 'published' then r.overall_score - r.recomputed_score end
        as score_gap,
    r.iit_score,
    r.eit_score,
    r.eit_public_score,
    r.eit_survey_score,
    r.oit_score,
    r.level_code,
    coalesce(shown.level_th, r.level_code) as level_th,
    case
        when r.published_level_code is not null then 'published' when
            r.level_code is not null
            then 'computed'
        else 'not_computable'
    end as level_source,
    r.overall_score >= passed.overall_min as is_pass,
    case
        when r.overall_score is null then 'ไม่มีคะแนนรวม จึงกำหนดระดับไม่ได้'
        when
            r.level_code is null
            then 'คำนวณระดับไม่ได้ เพราะไม่มีคะแนน ' || array_to_string(r.unknown_parts, ' และ ')
        when r.published_level_code <> r.computed_level_code
            then
                'ระดับตามที่เผยแพร่ ส่วนเกณฑ์ของปีนั้นให้ระดับ'
                || r.explained_th
                || ' เพราะ'
                || r.reason_th
        else r.reason_th
    end as level_reason_th,
    r.published_province_rank,
    r.published_type_rank,
    r.authority,
    r.submission_sha256,
    r.received_at,
    year.provisional,
    r.district_th
from reasoned as r
join {{ ref('int_year') }} as year using (fiscal_year)
left join
    {{ ref('rating_level') }} as shown
    on shown.fiscal_year = r.fiscal_year and shown.level_code = r.level_code
left join (
    select fiscal_year, min(overall_min) as overall_min
    from {{ ref('rating_level') }}
    where is_pass
    group by fiscal_year
) as passed on passed.fiscal_year = r.fiscal_year
