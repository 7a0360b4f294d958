{{ config(indexes=[{'columns': ['agency_id', 'fiscal_year', 'measure_no'], 'unique': true}]) }}
-- Grain: agency × results year × topic whose proposals are drawn together. A small agency that
-- plans a lot of its own gets what its measures leave open as one measure a topic, not one a
-- subject, where the whole plan would be longer than fifteen measures and than its urgent items.
-- So does everybody where the number of a subject is that of an own measure now: a proposal that
-- was taken over and changed, and no longer answers all of its items.
-- It has a number of its own (150, 250, …, seed drawn_measure): those of its subjects may have
-- been printed before.
with own as (
    select agency_id, fiscal_year - 1 as fiscal_year, count(*) as own_measures
    from {{ ref('measure') }}
    group by agency_id, fiscal_year
),

open as (
    select
        p.agency_id,
        p.fiscal_year,
        p.measure_no,
        p.severity,
        p.for_topic,
        p.agency_type,
        p.province_code,
        t.is_small,
        own.own_measures,
        array(
            select code from unnest(p.item_codes) with ordinality as item (code, place)
            where code <> all(coalesce(a.answered_codes, '{}'))
            order by place
        ) as item_codes
    from {{ ref('int_proposal') }} as p
    join own using (agency_id, fiscal_year)
    join {{ ref('agency_type') }} as t using (agency_type)
    left join {{ ref('int_own_answer') }} as a using (agency_id, fiscal_year, measure_no)
    where a.is_all_answered is not true
),

urgent as (
    select f.agency_id, f.fiscal_year, count(distinct f.item_code) as items
    from {{ ref('int_finding') }} as f
    join own using (agency_id, fiscal_year)
    where f.severity = 'urgent'
    group by f.agency_id, f.fiscal_year
),

long_plan as (
    select o.agency_id, o.fiscal_year
    from open as o
    left join urgent as u using (agency_id, fiscal_year)
    where o.is_small
    group by o.agency_id, o.fiscal_year
    having min(o.own_measures) + count(*) > greatest(15, coalesce(min(u.items), 0))
),

long_topic as (
    select o.agency_id, o.fiscal_year, o.measure_no / 100 as topic_no
    from open as o
    join long_plan using (agency_id, fiscal_year)
    group by o.agency_id, o.fiscal_year, o.measure_no / 100
    having count(distinct o.measure_no) > 1
),

drawn as (
    select o.agency_id, o.fiscal_year, o.measure_no
    from open as o
    join long_topic as l
        on
            l.agency_id = o.agency_id and l.fiscal_year = o.fiscal_year
            and l.topic_no = o.measure_no / 100
    union
    select o.agency_id, o.fiscal_year, o.measure_no
    from open as o
    join {{ ref('measure') }} as m
        on
            m.agency_id = o.agency_id and m.fiscal_year = o.fiscal_year + 1
            and m.measure_no = o.measure_no
    where not o.for_topic
)

select
    o.agency_id,
    o.fiscal_year,
    o.measure_no / 100 * 100 + 50 as measure_no,
    array_agg(distinct o.measure_no) as subjects,
    case when bool_or(o.severity = 'urgent') then 'urgent' else 'develop' end as severity,
    coalesce(
        array_agg(item.code order by o.measure_no, item.place) filter (where item.code is not null),
        '{}'
    ) as item_codes,
    min(o.agency_type) as agency_type,
    min(o.province_code) as province_code
from open as o
join drawn using (agency_id, fiscal_year, measure_no)
left join lateral unnest(o.item_codes) with ordinality as item (code, place) on true
group by o.agency_id, o.fiscal_year, o.measure_no / 100
