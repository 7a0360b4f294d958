-- Grain: agency × year (those that are built anew) that has a next better level and all items of
-- its framework: what each item that is not 100 would bring, as arrays in the order of gain, and
-- what is needed. first and second: gains of the parts (IIT, OIT: first; EIT: public and survey).
with target as (
    select
        a.agency_id,
        a.fiscal_year,
        better.overall_min,
        better.each_part_min,
        -- 0.005 below the minimum rounds up to it; the last 1e-7 is for amounts that are no finite
        -- decimals.
        ((better.overall_min - 0.005 - a.exact_overall_score) * 1e9 - 100)::bigint as need_gain,
        coalesce(((better.each_part_min - 0.005 - r.iit_score) * 1e9 - 100)::bigint, 0) as need_iit,
        coalesce(((better.each_part_min - 0.005 - r.eit_public_score) * 1e9 - 100)::bigint, 0)
            as need_public,
        coalesce(((better.each_part_min - 0.005 - r.eit_survey_score) * 1e9 - 100)::bigint, 0)
            as need_survey,
        coalesce(((better.each_part_min - 0.005 - r.oit_score) * 1e9 - 100)::bigint, 0) as need_oit
    from {{ ref('int_assessment') }} as a
    join {{ ref('int_recomputed') }} as r using (agency_id, fiscal_year)
    join
        {{ ref('rating_level') }} as l
        on l.fiscal_year = a.fiscal_year and l.level_code = a.level_code
    join
        {{ ref('rating_level') }} as better
        on better.fiscal_year = l.fiscal_year and better.level_order = l.level_order - 1
    where
        a.overall_score is not null and a.has_all_items and {{ is_rebuilt('a.fiscal_year') }}
        and (
            better.each_part_min is null
            or (r.eit_public_score is not null and r.eit_survey_score is not null)
        )
),

-- One row a figure. Floating point is safe here: the amounts are rounded to whole numbers far finer
-- than what the needs tell apart.
figure as (
    select
        y.agency_year_no,
        f.item_order as place,
        f.instrument,
        s.eit_part,
        ((100 - s.score) * 1000000)::float8 as cost,
        s.parts,
        case when s.eit_part is null then 10 else 5 end * f.weight::float8 as gain_per_cost,
        1000 * f.weight::float8 / f.instrument_weight::float8 as part_per_cost
    from target
    join {{ ref('int_agency_year') }} as y using (agency_id, fiscal_year)
    join {{ ref('int_new_item_score') }} as s using (agency_year_no)
    join {{ ref('int_framework_item') }} as f using (year_item_no)
    where s.score < 100
),

item as (
    select
        agency_year_no,
        place,
        instrument,
        (cost * gain_per_cost)::bigint as gain,
        cost::bigint as cost,
        case when instrument = 'EIT' then 0 else cost * part_per_cost end::bigint as first,
        0::bigint as second
    from figure
    where eit_part is null
    union all
    select
        agency_year_no,
        place,
        instrument,
        sum(cost * gain_per_cost)::bigint,
        sum(cost / parts)::bigint,
        coalesce(sum(cost * part_per_cost) filter (where eit_part = 'public'), 0)::bigint,
        coalesce(sum(cost * part_per_cost) filter (where eit_part = 'survey'), 0)::bigint
    from figure
    where eit_part is not null
    group by agency_year_no, place, instrument
),

gathered as (
    select
        agency_year_no,
    {% for column in ['place', 'instrument', 'gain', 'cost', 'first', 'second'] -%}
        array_agg({{ column }} order by gain desc, cost, place)
            as {{ column }}{{ "," if not loop.last }}
    {% endfor %}
    from item
    group by agency_year_no
)

select
    t.agency_id,
    t.fiscal_year,
    t.need_gain,
    t.need_iit,
    t.need_public,
    t.need_survey,
    t.need_oit,
    g.place,
    g.instrument,
    g.gain,
    g.cost,
    g.first,
    g.second
from target as t
join {{ ref('int_agency_year') }} using (agency_id, fiscal_year)
left join gathered as g using (agency_year_no)
