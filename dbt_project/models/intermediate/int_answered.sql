{{ config(indexes=[{'columns': ['agency_id', 'fiscal_year', 'measure_no']}]) }}
-- Grain: agency × results year × finding × own measure that answers it (item_code null: an
-- indicator, or a topic without a finding). An own measure answers an item whose code it
-- names; where it names no item, one of its topic or indicator whose subject (meaning_keyword)
-- its words name; a proposal that it adopted. Never what merely has its number. Who took the place
-- of one other plans on that one's results: measure_agency_id says whose measure it is.
with planned as (
    select
        agency_id as measure_agency_id,
        fiscal_year - 1 as fiscal_year,
        measure_no as own_measure_no,
        topic_no,
        indicator_no,
        item_codes,
        adopted,
        concat_ws(' ', measure_th, steps_th) as words
    from {{ ref('measure') }}
),

own as (
    select planned.*, measure_agency_id as agency_id
    from planned
    union all
    select planned.*, h.source_agency_id
    from planned
    join {{ ref('int_agency_history') }} as h
        on
            h.agency_id = planned.measure_agency_id and h.fiscal_year = planned.fiscal_year
            and h.source_agency_id <> h.agency_id
),

-- A survey indicator whose items are not known is spoken of by the words of any of its items.
indicator_keyword as (
    select i.fiscal_year, i.indicator_no, string_agg(k.keywords_th, '|') as keywords_th
    from {{ ref('int_framework_item') }} as i
    join {{ ref('meaning_keyword') }} as k using (meaning)
    group by i.fiscal_year, i.indicator_no
),

finding_answered as (
    select
        f.agency_id, f.fiscal_year, f.measure_no, f.item_code, own.own_measure_no,
        own.measure_agency_id
    from {{ ref('int_finding') }} as f
    join own using (agency_id, fiscal_year)
    left join {{ ref('int_framework_item') }} as i
        on i.fiscal_year = f.fiscal_year and i.item_code = f.item_code
    join {{ ref('measure_group') }} as g using (measure_no)
    left join {{ ref('meaning_keyword') }} as k on k.meaning = i.meaning
    left join indicator_keyword as of_indicator
        on
            of_indicator.fiscal_year = f.fiscal_year and of_indicator.indicator_no = f.indicator_no
            and f.item_code is null and f.instrument <> 'OIT'
    where
        own.adopted and own.own_measure_no = f.measure_no
        -- adopted as one measure of its topic (int_drawn): items are named, what has none is not
        or own.adopted and own.own_measure_no = f.measure_no / 100 * 100 + 50
        and f.item_code is null
        or f.item_code = any(own.item_codes)
        or own.item_codes = '{}' and (
            f.item_code is null and f.indicator_no = own.indicator_no
            or (
                own.topic_no = any(coalesce(i.topic_nos, array[g.topic_no]))
                or own.indicator_no = i.indicator_no
            )
            and exists (
                select
                from
                    unnest(string_to_array(coalesce(k.keywords_th, of_indicator.keywords_th), '|'))
                        as word
                where not exists (
                    -- มีส่วนร่วม+งบประมาณ: both words
                    select from unnest(string_to_array(word, '+')) as part
                    where strpos(lower(own.words), lower(part)) = 0
                )
            )
        )
),

-- A topic without a finding that an own measure furthers needs no proposal.
topic_answered as (
    select
        p.agency_id, p.fiscal_year, p.measure_no, own.own_measure_no, own.measure_agency_id
    from {{ ref('int_proposal') }} as p
    join own using (agency_id, fiscal_year)
    join {{ ref('measure_group') }} as g using (measure_no)
    where p.for_topic and (
        own.own_measure_no = p.measure_no -- taken over, changed or not
        or own.topic_no = g.topic_no
        or own.indicator_no = g.indicator_no
        or exists (
            select from {{ ref('int_framework_item') }} as i
            where
                i.fiscal_year = p.fiscal_year and i.item_code = any(own.item_codes)
                and g.topic_no = any(i.topic_nos)
        )
    )
)

select agency_id, fiscal_year, measure_no, item_code, own_measure_no, measure_agency_id
from finding_answered
union all
select agency_id, fiscal_year, measure_no, null, own_measure_no, measure_agency_id
from topic_answered
