{{ config(indexes=[{'columns': ['fiscal_year', 'item_code'], 'unique': true},
    {'columns': ['year_item_no'], 'unique': true}]) }}
-- Grain: fiscal year × item (year_item_no within a build): its weight in the overall score in
-- points (all items together 100), its thresholds, meaning and topics. Only complete years: of a
-- provisional one no scores are taken, so that nothing of it is computed by halves.
with parts as (
    select
        fiscal_year,
        instrument,
        indicator_no,
        sub_indicator,
        count(*) as items,
        count(*) over (partition by fiscal_year, indicator_no) as sub_indicators
    from {{ ref('framework_item') }}
    group by fiscal_year, instrument, indicator_no, sub_indicator
),

indicators as (
    select fiscal_year, instrument, count(distinct indicator_no) as indicators
    from {{ ref('framework_item') }}
    group by fiscal_year, instrument
),

topics as (
    select fiscal_year, item_code, array_agg(topic_no order by topic_no) as topic_nos
    from {{ ref('topic_item') }}
    group by fiscal_year, item_code
)

select
    (row_number() over (order by item.fiscal_year, item.item_code))::integer as year_item_no,
    (
        dense_rank() over (order by coalesce(m.meaning, item.fiscal_year || item.item_code))
    )::integer as meaning_no,
    item.fiscal_year,
    item.instrument,
    item.indicator_no,
    item.sub_indicator,
    item.item_code,
    item.item_no,
    (
        row_number()
            over (
                partition by item.fiscal_year
                order by strpos('ieo', left(item.item_code, 1)), item.item_no
            )
    )::integer as item_order,
    item.title_th,
    -- An item without a recorded meaning means only itself.
    coalesce(m.meaning, item.fiscal_year || item.item_code) as meaning,
    coalesce(topics.topic_nos, '{}') as topic_nos,
    instrument.weight as instrument_weight,
    instrument.weight::numeric
    / indicators.indicators
    / parts.sub_indicators
    / parts.items as weight,
    t.urgent_below,
    t.develop_below,
    item.source,
    item.status,
    item.split_status,
    instrument.status as weight_status,
    -- An item that only means itself rests on no link.
    m.status as link_status,
    -- What an item costs follows from its instrument's weight and its place among the others.
    {{ worst_status('instrument.status', 'item.split_status') }} as points_status
from {{ ref('framework_item') }} as item
join {{ ref('fiscal_year') }} as known
    on known.fiscal_year = item.fiscal_year and known.state = 'complete'
join
    indicators
    on indicators.fiscal_year = item.fiscal_year and indicators.instrument = item.instrument
join parts
    on
        parts.fiscal_year = item.fiscal_year and parts.indicator_no = item.indicator_no
        and parts.sub_indicator is not distinct from item.sub_indicator
join
    {{ ref('instrument') }} as instrument
    on instrument.fiscal_year = item.fiscal_year and instrument.instrument = item.instrument
join
    {{ ref('severity_threshold') }} as t
    on t.fiscal_year = item.fiscal_year and t.instrument = item.instrument
left join
    {{ ref('item_meaning') }} as m
    on m.fiscal_year = item.fiscal_year and m.item_code = item.item_code
left join topics on topics.fiscal_year = item.fiscal_year and topics.item_code = item.item_code
