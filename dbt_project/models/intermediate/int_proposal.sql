{{ config(indexes=[{'columns': ['agency_id', 'fiscal_year', 'measure_no'], 'unique': true}]) }}
-- Grain: agency × results year × proposed measure. The findings of one subject (measure_group: an
-- indicator, or a sub-indicator of OIT) are answered by one measure, fifteen at the most; a topic
-- that has none gets one of its own (for_topic): it keeps the standard, or raises it where the
-- figures do not say that it is in order. The number is that of the subject: a later correction of
-- the results never gives a printed number to another measure.
with answering as (
    select
        agency_id,
        fiscal_year,
        measure_no,
        min(agency_type) as agency_type,
        min(province_code) as province_code,
        case when bool_or(severity = 'urgent') then 'urgent' else 'develop' end as severity,
        coalesce(
            array_agg(item_code order by item_order) filter (where item_code is not null), '{}'
        ) as item_codes
    from {{ ref('int_finding') }}
    where {{ is_rebuilt() }}
    group by agency_id, fiscal_year, measure_no
),

-- Instruments that are weak as a whole, or of which nothing is known while the overall score is
-- below what is asked of a survey: what they ask of a topic is not known to be in order.
weak_instrument as (
    select agency_id, fiscal_year, instrument
    from {{ ref('int_finding') }}
    where basis = 'instrument' and {{ is_rebuilt() }}
    union all
    select a.agency_id, a.fiscal_year, part.instrument
    from {{ ref('int_assessment') }} as a
    cross join
        lateral (
            values
            ('IIT', a.iit_score),
            ('EIT', coalesce(a.eit_score, a.eit_public_score, a.eit_survey_score)),
            ('OIT', a.oit_score)
        ) as part (instrument, score)
    where
        part.score is null and {{ is_rebuilt('a.fiscal_year') }}
        and a.overall_score < (
            select t.develop_below
            from {{ ref('severity_threshold') }} as t
            where t.fiscal_year = a.fiscal_year and t.instrument = 'IIT'
        )
        and not exists (
            select from {{ ref('int_indicator') }} as i
            where
                i.agency_id = a.agency_id and i.fiscal_year = a.fiscal_year
                and i.instrument = part.instrument
        )
),

weak_topic as (
    select w.agency_id, w.fiscal_year, g.topic_no, min(g.measure_no) as measure_no
    from weak_instrument as w
    join {{ ref('measure_group') }} as g using (instrument)
    where g.keep_measure_th is not null
    group by w.agency_id, w.fiscal_year, g.topic_no
),

for_topic as (
    select
        a.agency_id,
        a.fiscal_year,
        coalesce(weak.measure_no, kept.measure_no) as measure_no,
        y.agency_type,
        y.province_code,
        case when weak.measure_no is null then 'keep' else 'develop' end as severity
    from {{ ref('int_assessment') }} as a
    join {{ ref('int_agency_year') }} as y using (agency_id, fiscal_year)
    cross join (
        select min(measure_no) as measure_no, topic_no
        from {{ ref('measure_group') }}
        where keep_measure_th is not null
        group by topic_no
    ) as kept
    left join weak_topic as weak using (agency_id, fiscal_year, topic_no)
    where {{ is_rebuilt('a.fiscal_year') }} and not exists (
        select from answering as m
        where
            m.agency_id = a.agency_id and m.fiscal_year = a.fiscal_year
            and m.measure_no / 100 = kept.topic_no
    )
)

select
    agency_id,
    fiscal_year,
    measure_no,
    agency_type,
    province_code,
    severity,
    item_codes,
    false as for_topic
from answering
union all
select agency_id, fiscal_year, measure_no, agency_type, province_code, severity, '{}', true
from for_topic
{{ union_kept_years() }}
