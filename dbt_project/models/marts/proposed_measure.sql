{{ config(materialized='view') }}
-- Grain: agency × measures year × proposed measure: what the catalogue of remedies proposes for the
-- results of the year before. The texts are composed when they are read: as a table they would be
-- half a gigabyte. Each of them is a subquery of its own, so that a query that does not ask for a
-- text does not pay for it.
with proposal as (
    select
        p.agency_id,
        p.fiscal_year as results_year,
        p.fiscal_year + 1 as fiscal_year,
        p.measure_no,
        array[p.measure_no] as subjects,
        p.severity,
        p.agency_type,
        p.province_code,
        not coalesce(own.is_all_answered, false) and not exists (
            select from {{ ref('int_drawn') }} as d
            where
                d.agency_id = p.agency_id and d.fiscal_year = p.fiscal_year
                and p.measure_no = any(d.subjects)
        ) as stands,
        coalesce(own.answered_by, '{}') as answered_by,
        case
            when own.is_all_answered is false
                then
                    array(
                        select code from unnest(p.item_codes) with ordinality as item (code, place)
                        where code <> all(own.answered_codes)
                        order by place
                    )
            else p.item_codes
        end as item_codes
    from {{ ref('int_proposal') }} as p
    left join {{ ref('int_own_answer') }} as own using (agency_id, fiscal_year, measure_no)
    union all
    select
        agency_id, fiscal_year, fiscal_year + 1, measure_no, subjects, severity, agency_type,
        province_code, true, '{}', item_codes
    from {{ ref('int_drawn') }}
),

-- One item of one subject is answered by its own remedy.
answering as (
    select
        proposal.*,
        cardinality(item_codes) = 1 and cardinality(subjects) = 1 as is_single,
        exists(
            select from {{ ref('measure') }} as own_measure
            where
                own_measure.agency_id = proposal.agency_id and own_measure.adopted
                and own_measure.fiscal_year = proposal.fiscal_year
                and own_measure.measure_no = proposal.measure_no
        ) as adopted
    from proposal
),

subject as (
    select
        measure_no, topic_no, indicator_no, measure_th, steps_th, last_step_th, keep_measure_th,
        keep_steps_th, responsible_kind, evidence_th, followup_urgent_th, followup_develop_th,
        followup_keep_th, serves_meaning
    from {{ ref('measure_group') }}
    union all
    select
        measure_no, topic_no, null, measure_th, null, last_step_th, null, null, responsible_kind,
        evidence_th, followup_th as urgent_th, followup_th as develop_th, followup_th,
        serves_meaning
    from {{ ref('drawn_measure') }}
),

composed as (
    select
        p.agency_id,
        p.fiscal_year,
        p.measure_no,
        g.topic_no,
        g.indicator_no,
        p.item_codes,
        p.severity,
        case
            when p.severity = 'keep' then g.keep_measure_th
            when p.is_single
                then (
                    select r.measure_th
                    from {{ ref('int_finding') }} as f
                    join {{ ref('remedy') }} as r using (meaning, severity)
                    where
                        f.agency_id = p.agency_id and f.fiscal_year = p.results_year
                        and f.measure_no = any(p.subjects) and f.item_code = p.item_codes[1]
                )
            else g.measure_th
        end as measure_th,
        case
            when p.severity = 'keep' then g.keep_steps_th
            else concat_ws(
                '|',
                -- what the assessor asked for comes first
                (
                    select
                        string_agg(
                            'แก้ไขตามข้อสังเกตของผู้ประเมินต่อข้อ ' || f.item_code || ': '
                            || replace(replace(left(f.remark_th, 400), E'\n', ' '), '|', ' '),
                            '|' order by f.item_order
                        )
                    from {{ ref('int_finding') }} as f
                    where
                        f.agency_id = p.agency_id and f.fiscal_year = p.results_year
                        and f.measure_no = any(p.subjects) and f.item_code = any(p.item_codes)
                        and f.remark_th is not null
                ),
                case
                    when cardinality(p.item_codes) = 0 then g.steps_th
                    else (
                        select
                            case
                                when p.is_single then min(r.steps_th)
                                else string_agg(
                                    'ข้อ ' || f.item_code || ' ' || r.measure_th,
                                    '|' order by f.item_order
                                )
                            end
                        from {{ ref('int_finding') }} as f
                        join {{ ref('remedy') }} as r using (meaning, severity)
                        where
                            f.agency_id = p.agency_id and f.fiscal_year = p.results_year
                            and f.measure_no = any(p.subjects) and f.item_code = any(p.item_codes)
                    )
                end,
                -- drawn together: what no item is known of
                case
                    when cardinality(p.subjects) > 1 or p.measure_no <> all(p.subjects)
                        then (
                            select
                                string_agg(
                                    coalesce('ตัวชี้วัดที่ ' || own_subject.indicator_no || ' ', '')
                                    || own_subject.measure_th,
                                    '|' order by own_subject.measure_no
                                )
                            from {{ ref('int_finding') }} as f
                            join {{ ref('measure_group') }} as own_subject using (measure_no)
                            where
                                f.agency_id = p.agency_id and f.fiscal_year = p.results_year
                                and f.measure_no = any(p.subjects) and f.item_code is null
                        )
                end,
                (
                    select
                        'เริ่มตรวจจากข้อที่น่าจะขาด ได้แก่ ข้อ '
                        || string_agg(replace(f.likely_item_codes, ',', ', '), ', ')
                        || ' ซึ่งหน่วยงานประเภทเดียวกันขาดบ่อย'
                    from {{ ref('int_finding') }} as f
                    where
                        f.agency_id = p.agency_id and f.fiscal_year = p.results_year
                        and f.measure_no = any(p.subjects) and f.likely_item_codes is not null
                ),
                case when not p.is_single then g.last_step_th end
            )
        end as steps_th,
        (
            select u.unit_th
            from {{ ref('responsible_unit') }} as u
            where u.agency_type = p.agency_type and u.responsible_kind = coalesce(
                case when p.severity <> 'keep' and p.is_single then (
                    select r.responsible_kind
                    from {{ ref('int_finding') }} as f
                    join {{ ref('remedy') }} as r using (meaning, severity)
                    where
                        f.agency_id = p.agency_id and f.fiscal_year = p.results_year
                        and f.measure_no = any(p.subjects) and f.item_code = p.item_codes[1]
                ) end,
                g.responsible_kind
            )
        ) as responsible_th,
        make_date(p.fiscal_year - 544, 10, 1) as starts_on,
        {{ proposal_ends_on('p.fiscal_year', 'p.severity') }} as ends_on,
        coalesce(
            case when p.severity <> 'keep' and p.is_single then (
                select r.followup_th
                from {{ ref('int_finding') }} as f
                join {{ ref('remedy') }} as r using (meaning, severity)
                where
                    f.agency_id = p.agency_id and f.fiscal_year = p.results_year
                    and f.measure_no = any(p.subjects) and f.item_code = p.item_codes[1]
            ) end,
            case p.severity
                when 'urgent' then g.followup_urgent_th
                when 'develop' then g.followup_develop_th
                else g.followup_keep_th
            end
        ) as followup_th,
        coalesce(
            case when p.severity <> 'keep' and p.is_single then (
                select r.evidence_th
                from {{ ref('int_finding') }} as f
                join {{ ref('remedy') }} as r using (meaning, severity)
                where
                    f.agency_id = p.agency_id and f.fiscal_year = p.results_year
                    and f.measure_no = any(p.subjects) and f.item_code = p.item_codes[1]
            ) end,
            g.evidence_th
        ) as evidence_th,
        coalesce(
            (
                select f.serves_item_code
                from {{ ref('int_finding') }} as f
                where
                    f.agency_id = p.agency_id and f.fiscal_year = p.results_year
                    and f.measure_no = any(p.subjects)
                    and (f.item_code is null or f.item_code = any(p.item_codes))
                order by
                    f.remark_th is null, f.severity = 'develop', f.points_lost desc nulls last,
                    f.item_order
                limit 1
            ),
            (
                select code.item_code
                from {{ ref('int_oit_code') }} as code
                where code.fiscal_year = p.results_year and code.meaning = g.serves_meaning
            )
        ) as serves_item_code,
        case
            when p.severity = 'keep' then 'เพื่อให้มาตรการครอบคลุมประเด็น' || t.topic_th
            else coalesce(
                (
                    select string_agg({{ because_of_finding('f') }}, '; ' order by f.item_order)
                    from {{ ref('int_finding') }} as f
                    where
                        f.agency_id = p.agency_id and f.fiscal_year = p.results_year
                        and f.measure_no = any(p.subjects)
                        and (f.item_code is null or f.item_code = any(p.item_codes))
                ),
                'ผลการประเมินต่ำกว่าเกณฑ์ โดยไม่มีคะแนนที่แยกถึงประเด็น' || t.topic_th
            )
        end as because_th,
        p.adopted,
        p.stands,
        p.answered_by,
        array(
            select f.serves_item_code
            from {{ ref('int_finding') }} as f
            where
                f.agency_id = p.agency_id and f.fiscal_year = p.results_year
                and f.measure_no = any(p.subjects) and f.serves_item_code is not null
                and (f.item_code is null or f.item_code = any(p.item_codes))
            group by f.serves_item_code
            order by substr(f.serves_item_code, 2)::integer
        ) as oit_item_codes,
        p.province_code
    from answering as p
    left join subject as g using (measure_no)
    left join {{ ref('topic') }} as t using (topic_no)
)

select
    composed.*,
    {{ measure_key('fiscal_year', 'measure_no', 'item_codes', 'measure_th') }} as measure_key
from composed
