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
        p.severity,
        p.agency_type,
        p.province_code,
        coalesce(own.is_all_answered, false) as is_all_answered,
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
        end as item_codes,
        exists(
            select from {{ ref('measure') }} as own_measure
            where
                own_measure.agency_id = p.agency_id and own_measure.adopted
                and own_measure.fiscal_year = p.fiscal_year + 1
                and own_measure.measure_no = p.measure_no
        ) as adopted
    from {{ ref('int_proposal') }} as p
    left join {{ ref('int_own_answer') }} as own using (agency_id, fiscal_year, measure_no)
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
            when cardinality(p.item_codes) = 1
                then (
                    select r.measure_th
                    from {{ ref('int_finding') }} as f
                    join {{ ref('remedy') }} as r using (meaning, severity)
                    where
                        f.agency_id = p.agency_id and f.fiscal_year = p.results_year
                        and f.measure_no = p.measure_no and f.item_code = p.item_codes[1]
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
                        and f.measure_no = p.measure_no and f.item_code = any(p.item_codes)
                        and f.remark_th is not null
                ),
                case
                    when cardinality(p.item_codes) = 0 then g.steps_th
                    else (
                        select
                            case
                                when count(*) = 1 then min(r.steps_th)
                                else string_agg(
                                    'ข้อ ' || f.item_code || ' ' || r.measure_th,
                                    '|' order by f.item_order
                                )
                            end
                        from {{ ref('int_finding') }} as f
                        join {{ ref('remedy') }} as r using (meaning, severity)
                        where
                            f.agency_id = p.agency_id and f.fiscal_year = p.results_year
                            and f.measure_no = p.measure_no and f.item_code = any(p.item_codes)
                    )
                end,
                (
                    select
                        'เริ่มตรวจจากข้อที่น่าจะขาด ได้แก่ ข้อ '
                        || replace(f.likely_item_codes, ',', ', ')
                        || ' ซึ่งหน่วยงานประเภทเดียวกันขาดบ่อย'
                    from {{ ref('int_finding') }} as f
                    where
                        f.agency_id = p.agency_id and f.fiscal_year = p.results_year
                        and f.measure_no = p.measure_no and f.likely_item_codes is not null
                ),
                case when cardinality(p.item_codes) <> 1 then g.last_step_th end
            )
        end as steps_th,
        (
            select u.unit_th
            from {{ ref('responsible_unit') }} as u
            where u.agency_type = p.agency_type and u.responsible_kind = coalesce(
                case when p.severity <> 'keep' and cardinality(p.item_codes) = 1 then (
                    select r.responsible_kind
                    from {{ ref('int_finding') }} as f
                    join {{ ref('remedy') }} as r using (meaning, severity)
                    where
                        f.agency_id = p.agency_id and f.fiscal_year = p.results_year
                        and f.measure_no = p.measure_no and f.item_code = p.item_codes[1]
                ) end,
                g.responsible_kind
            )
        ) as responsible_th,
        make_date(p.fiscal_year - 544, 10, 1) as starts_on,
        {{ proposal_ends_on('p.fiscal_year', 'p.severity') }} as ends_on,
        coalesce(
            case when p.severity <> 'keep' and cardinality(p.item_codes) = 1 then (
                select r.followup_th
                from {{ ref('int_finding') }} as f
                join {{ ref('remedy') }} as r using (meaning, severity)
                where
                    f.agency_id = p.agency_id and f.fiscal_year = p.results_year
                    and f.measure_no = p.measure_no and f.item_code = p.item_codes[1]
            ) end,
            case p.severity
                when 'urgent' then g.followup_urgent_th
                when 'develop' then g.followup_develop_th
                else g.followup_keep_th
            end
        ) as followup_th,
        coalesce(
            case when p.severity <> 'keep' and cardinality(p.item_codes) = 1 then (
                select r.evidence_th
                from {{ ref('int_finding') }} as f
                join {{ ref('remedy') }} as r using (meaning, severity)
                where
                    f.agency_id = p.agency_id and f.fiscal_year = p.results_year
                    and f.measure_no = p.measure_no and f.item_code = p.item_codes[1]
            ) end,
            g.evidence_th
        ) as evidence_th,
        coalesce(
            (
                select f.serves_item_code
                from {{ ref('int_finding') }} as f
                where
                    f.agency_id = p.agency_id and f.fiscal_year = p.results_year
                    and f.measure_no = p.measure_no
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
            else (
                select string_agg({{ because_of_finding('f') }}, '; ' order by f.item_order)
                from {{ ref('int_finding') }} as f
                where
                    f.agency_id = p.agency_id and f.fiscal_year = p.results_year
                    and f.measure_no = p.measure_no
                    and (f.item_code is null or f.item_code = any(p.item_codes))
            )
        end as because_th,
        p.adopted,
        not p.is_all_answered as stands,
        p.answered_by,
        array(
            select f.serves_item_code
            from {{ ref('int_finding') }} as f
            where
                f.agency_id = p.agency_id and f.fiscal_year = p.results_year
                and f.measure_no = p.measure_no and f.serves_item_code is not null
                and (f.item_code is null or f.item_code = any(p.item_codes))
            group by f.serves_item_code
            order by substr(f.serves_item_code, 2)::integer
        ) as oit_item_codes,
        p.province_code
    from proposal as p
    left join {{ ref('measure_group') }} as g using (measure_no)
    left join {{ ref('topic') }} as t using (topic_no)
)

select
    composed.*,
    {{ measure_key('fiscal_year', 'measure_no', 'item_codes', 'measure_th') }} as measure_key
from composed
