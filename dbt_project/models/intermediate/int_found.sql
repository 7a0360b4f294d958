-- Grain: agency × results year (those that are built anew) × finding, before what it calls for is
-- looked up. A table of its own, so that int_finding is planned with the true number of rows: as
-- one query it was planned for a single row and took minutes. basis: item (urgent or develop by
-- the contract), indicator or instrument (no item of it is scored: below 100 in OIT proves that
-- items were scored 0, a survey is judged by its thresholds), overall (nothing else is known, or
-- what is known does not say why it is below what is asked of a survey),
-- relative (nothing is below a threshold: the relatively weakest).
with deficient as (
    select agency_id, fiscal_year, item_code, eit_part, score, severity, points_lost, flagged
    from {{ ref('agency_deficiency') }}
    where {{ is_rebuilt() }}
),

-- Only EIT items have parts; the other million rows need no grouping.
by_item as (
    select
        agency_id, fiscal_year, item_code, severity = 'urgent' as is_urgent, score, points_lost,
        flagged
    from deficient
    where eit_part is null
    union all
    select
        agency_id, fiscal_year, item_code, bool_or(severity = 'urgent'), min(score),
        sum(points_lost), bool_or(flagged)
    from deficient
    where eit_part is not null
    group by agency_id, fiscal_year, item_code
),

item as (
    select
        d.agency_id,
        d.fiscal_year,
        'item' as basis,
        case when d.is_urgent then 'urgent' else 'develop' end as severity,
        f.instrument,
        f.indicator_no,
        f.sub_indicator,
        d.item_code,
        d.score,
        d.points_lost,
        d.flagged
    from by_item as d
    join {{ ref('int_framework_item') }} as f using (fiscal_year, item_code)
),

-- Apart, for few items have remarks: with them the items would have to be sorted, not hashed.
remark as (
    select
        agency_id, fiscal_year, item_code,
        string_agg(distinct remark_th, E'\n') as remark_th
    from {{ ref('agency_deficiency') }}
    where remark_th is not null and {{ is_rebuilt() }}
    group by agency_id, fiscal_year, item_code
),

threshold as (
    select distinct fiscal_year, instrument, urgent_below, develop_below
    from {{ ref('int_framework_item') }}
),

-- An indicator without item scores; and an OIT indicator whose known items are all in order while
-- it is below 100: the items that were scored 0 are among those that are not known.
indicator as (
    select
        i.agency_id,
        i.fiscal_year,
        i.instrument,
        i.indicator_no,
        {{ round_score('coalesce(i.published_score, i.recomputed_score)') }} as score,
        i.has_items,
        i.is_complete
    from {{ ref('int_indicator') }} as i
),

by_indicator as (
    select i.*, case when i.score < t.urgent_below then 'urgent' else 'develop' end as severity
    from indicator as i
    join threshold as t using (fiscal_year, instrument)
    left join (select distinct agency_id, fiscal_year, indicator_no from item) as known
        using (agency_id, fiscal_year, indicator_no)
    where
        i.score < t.develop_below and known.agency_id is null
        and (not i.has_items or i.instrument = 'OIT' and not i.is_complete)
),

instrument as (
    select a.agency_id, a.fiscal_year, part.instrument, part.score
    from {{ ref('int_assessment') }} as a
    cross join
        lateral (
            values
            ('IIT', a.iit_score),
            ('EIT', least(a.eit_score, a.eit_public_score, a.eit_survey_score)),
            ('OIT', a.oit_score)
        ) as part (instrument, score)
    left join (select distinct agency_id, fiscal_year, instrument from indicator) as known
        on
            known.agency_id = a.agency_id and known.fiscal_year = a.fiscal_year
            and known.instrument = part.instrument
    where part.score is not null and known.agency_id is null and {{ is_rebuilt('a.fiscal_year') }}
),

by_instrument as (
    select i.*, case when i.score < t.urgent_below then 'urgent' else 'develop' end as severity
    from instrument as i
    join threshold as t using (fiscal_year, instrument)
    where i.score < t.develop_below
),

-- Agencies with nothing below a threshold.
in_order as (
    select a.agency_id, a.fiscal_year, a.overall_score, y.agency_year_no, y.agency_type
    from {{ ref('int_assessment') }} as a
    join {{ ref('int_agency_year') }} as y using (agency_id, fiscal_year)
    left join (
        select agency_id, fiscal_year from item
        union
        select agency_id, fiscal_year from by_indicator
        union
        select agency_id, fiscal_year from by_instrument
    ) as found using (agency_id, fiscal_year)
    where found.agency_id is null and {{ is_rebuilt('a.fiscal_year') }}
),

last_item as (
    select o.agency_year_no, f.meaning, avg(s.score) as score
    from in_order as o
    join {{ ref('int_agency_history') }} as h
        on h.agency_id = o.agency_id and h.fiscal_year = o.fiscal_year - 1
    join {{ ref('int_agency_year') }} as y
        on y.agency_id = h.source_agency_id and y.fiscal_year = h.fiscal_year
    join {{ ref('int_item_score') }} as s on s.agency_year_no = y.agency_year_no
    join {{ ref('int_framework_item') }} as f using (year_item_no)
    group by o.agency_year_no, f.meaning
),

own_item as (
    select
        o.agency_id,
        o.fiscal_year,
        o.agency_type,
        o.agency_year_no,
        f.instrument,
        f.indicator_no,
        f.sub_indicator,
        f.item_code,
        f.meaning,
        round(avg(s.score), 2) as score,
        sum(s.points_lost) as points_lost
    from in_order as o
    join {{ ref('int_new_item_score') }} as s using (agency_year_no)
    join {{ ref('int_framework_item') }} as f using (year_item_no)
    group by
        o.agency_id, o.fiscal_year, o.agency_type, o.agency_year_no, f.instrument,
        f.indicator_no, f.sub_indicator, f.item_code, f.meaning
    having avg(s.score) < 100
),

weak_item as (
    select
        own.*,
        case when d.mean_score > own.score then d.mean_score end as peer_mean,
        case when l.score > own.score then round(l.score, 2) end as last_score
    from own_item as own
    left join {{ ref('common_deficiency') }} as d
        on
            d.fiscal_year = own.fiscal_year and d.scope = 'type' and d.agency_type = own.agency_type
            and d.item_code = own.item_code and d.agencies_assessed >= 5
    left join last_item as l
        on l.agency_year_no = own.agency_year_no and l.meaning = own.meaning
),

weak_indicator as (
    select
        o.agency_id,
        o.fiscal_year,
        i.instrument,
        i.indicator_no,
        i.score,
        case when peers.mean_score > i.score then peers.mean_score end as peer_mean,
        case when own.change < 0 then i.score - own.change end as last_score
    from in_order as o
    join indicator as i using (agency_id, fiscal_year)
    left join {{ ref('indicator_score') }} as own using (agency_id, fiscal_year, indicator_no)
    left join {{ ref('indicator_summary') }} as peers
        on
            peers.fiscal_year = o.fiscal_year and peers.scope = 'type' and peers.agencies >= 5
            and peers.agency_type = o.agency_type and peers.indicator_no = i.indicator_no
    where i.score < 100 and not i.has_items
),

weak as (
    select
        agency_id, fiscal_year, instrument, indicator_no, sub_indicator, item_code, score,
        points_lost, peer_mean, last_score
    from weak_item
    union all
    select
        agency_id, fiscal_year, instrument, indicator_no, null, null, score,
        100 - score, peer_mean, last_score
    from weak_indicator
    union all
    select agency_id, fiscal_year, instrument, null, null, null, score, 100 - score, null, null
    from instrument
    join in_order using (agency_id, fiscal_year)
    where score < 100
),

-- Those below their peers or falling; where there is none, what costs most. Three at the most.
relative as (
    select *
    from (
        select
            *,
            peer_mean is not null or last_score is not null as stands_out,
            bool_or(peer_mean is not null or last_score is not null)
                over (partition by agency_id, fiscal_year) as some_stand_out,
            row_number() over (
                partition by agency_id, fiscal_year
                order by
                    (peer_mean is not null or last_score is not null) desc, points_lost desc,
                    item_code nulls last, indicator_no nulls last, instrument
            ) as place
        from weak
    ) as ranked
    where place <= 3 and (stands_out or not some_stand_out)
),

found as (
    select
        agency_id, fiscal_year, basis, severity, instrument, indicator_no, sub_indicator,
        item_code, score, points_lost, flagged, remark.remark_th, null::numeric as peer_mean,
        null::numeric as last_score
    from item
    left join remark using (agency_id, fiscal_year, item_code)
    union all
    select
        agency_id, fiscal_year, 'indicator', severity, instrument, indicator_no, null,
        null, score, null, false, null, null, null
    from by_indicator
    union all
    select
        agency_id, fiscal_year, 'instrument', severity, instrument, null, null,
        null, score, null, false, null, null, null
    from by_instrument
    union all
    select
        agency_id, fiscal_year, 'relative', 'develop', instrument, indicator_no, sub_indicator,
        item_code, score, case when item_code is not null then points_lost end, false, null,
        peer_mean, last_score
    from relative
    union all
    select
        o.agency_id, o.fiscal_year, 'overall',
        case when o.overall_score < survey.urgent_below then 'urgent' else 'develop' end,
        null, null, null, null, o.overall_score, 100 - o.overall_score, false, null, null, null
    from in_order as o
    left join (select distinct agency_id, fiscal_year from indicator) as i
        using (agency_id, fiscal_year)
    left join (select distinct agency_id, fiscal_year from instrument) as p
        using (agency_id, fiscal_year)
    join threshold as survey on survey.fiscal_year = o.fiscal_year and survey.instrument = 'IIT'
    where
        o.overall_score < 100 and i.agency_id is null and p.agency_id is null
        -- what is known is in order and cannot be the reason
        or o.overall_score < survey.develop_below
)

select
    found.*,
    f.item_order,
    f.meaning,
    g.measure_no,
    g.serves_meaning,
    y.agency_type,
    y.province_code
from found
join {{ ref('int_agency_year') }} as y using (agency_id, fiscal_year)
-- In one word: by three conditions the planner would expect a handful of rows, and look up an
-- agency for each of a million.
join
    (
        select *, concat_ws('/', instrument, indicator_no, sub_indicator) as subject
        from {{ ref('measure_group') }}
    ) as g
    on g.subject = concat_ws('/', found.instrument, found.indicator_no, found.sub_indicator)
left join {{ ref('int_framework_item') }} as f
    on f.fiscal_year = found.fiscal_year and f.item_code = found.item_code
