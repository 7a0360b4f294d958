-- Grain: agency × year that has a next better level and all items of its framework: what each item that is not 100 would bring, as arrays
-- in the order of gain, and what is needed. first and second: gains of the parts (IIT, OIT: first; EIT: public and survey).
with target as (
    select
        a.agency_id,
        a.fiscal_year,
        better.overall_min,
        better.each_part_min,
        -- 0.005 below the minimum rounds up to it; the last 1e-7 is for amounts that are no finite decimals.
        ((better.overall_min - 0.005 - a.exact_overall_score) * 1e9 - 100)::bigint as need_gain,
        coalesce(((better.each_part_min - 0.005 - r.iit_score) * 1e9 - 100)::bigint, 0) as need_iit,
        coalesce(((better.each_part_min - 0.005 - r.eit_public_score) * 1e9 - 100)::bigint, 0) as need_public,
        coalesce(((better.each_part_min - 0.005 - r.eit_survey_score) * 1e9 - 100)::bigint, 0) as need_survey,
        coalesce(((better.each_part_min - 0.005 - r.oit_score) * 1e9 - 100)::bigint, 0) as need_oit
    from {{ ref('int_assessment') }} as a
    join {{ ref('int_recomputed') }} as r using (agency_id, fiscal_year)
    join {{ ref('rating_level') }} as l on l.fiscal_year = a.fiscal_year and l.level_code = a.level_code
    join {{ ref('rating_level') }} as better on better.fiscal_year = l.fiscal_year and better.level_order = l.level_order - 1
    where a.overall_score is not null and a.has_all_items
        and (better.each_part_min is null or (r.eit_public_score is not null and r.eit_survey_score is not null))
),

item as (
    select
        s.agency_id,
        s.fiscal_year,
        f.item_order as place,
        f.instrument,
        sum(s.points_lost * 1e9)::bigint as gain,
        sum((100 - s.score) / s.parts * 1e6)::bigint as cost,
        coalesce(sum(s.points_lost * case when f.instrument = 'EIT' then 2 else 1 end / w.weight * 1e11)
            filter (where f.instrument <> 'EIT' or s.eit_part = 'public'), 0)::bigint as first,
        coalesce(sum(s.points_lost * 2 / w.weight * 1e11) filter (where s.eit_part = 'survey'), 0)::bigint as second
    from {{ ref('int_item_score') }} as s
    join {{ ref('int_framework_item') }} as f using (fiscal_year, item_code)
    join {{ ref('instrument') }} as w on w.fiscal_year = f.fiscal_year and w.instrument = f.instrument
    join target on target.agency_id = s.agency_id and target.fiscal_year = s.fiscal_year
    where s.score < 100
    group by s.agency_id, s.fiscal_year, f.item_order, f.instrument
)

select
    agency_id,
    fiscal_year,
    t.need_gain,
    t.need_iit,
    t.need_public,
    t.need_survey,
    t.need_oit,
    array_agg(i.place order by i.gain desc, i.cost, i.instrument, i.first, i.place) filter (where i.place is not null) as place,
    array_agg(i.instrument order by i.gain desc, i.cost, i.instrument, i.first, i.place) filter (where i.place is not null) as instrument,
    array_agg(i.gain order by i.gain desc, i.cost, i.instrument, i.first, i.place) filter (where i.place is not null) as gain,
    array_agg(i.cost order by i.gain desc, i.cost, i.instrument, i.first, i.place) filter (where i.place is not null) as cost,
    array_agg(i.first order by i.gain desc, i.cost, i.instrument, i.first, i.place) filter (where i.place is not null) as first,
    array_agg(i.second order by i.gain desc, i.cost, i.instrument, i.first, i.place) filter (where i.place is not null) as second
from target as t
left join item as i using (agency_id, fiscal_year)
group by agency_id, fiscal_year, t.need_gain, t.need_iit, t.need_public, t.need_survey, t.need_oit
