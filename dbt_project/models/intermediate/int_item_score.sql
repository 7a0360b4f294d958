-- Grain: agency × year × item × EIT part: the item figures that win, with what each costs the overall score.
-- An official figure of an item, in any part, replaces the agency's figures of that item. Where an EIT item has a figure without a part
-- beside stated parts, both stated parts win over it and it wins over one.
with held as (
    select s.agency_id, s.fiscal_year, s.code as item_code, s.part, s.score, c.preference, c.is_contested
    from {{ ref('stg_score') }} as s
    join {{ ref('int_current_submission') }} as c using (submission_sha256, agency_id, fiscal_year)
    where c.kind = 'scores' and s.level = 'item'
),

winning as (
    select *
    from held
    where preference = 1
    union all
    select *
    from held
    where preference = 2
        and not exists (
            select from held as official
            where official.preference = 1 and official.is_contested
                and official.agency_id = held.agency_id and official.fiscal_year = held.fiscal_year and official.item_code = held.item_code
        )
),

eit as (
    select
        *,
        count(part) over item as stated_parts,
        count(*) over item - count(part) over item as unstated
    from winning
    where item_code like 'e%'
    window item as (partition by agency_id, fiscal_year, item_code)
),

resolved as (
    select agency_id, fiscal_year, item_code, null as eit_part, score, 1 as parts
    from winning
    where item_code not like 'e%'
    union all
    select agency_id, fiscal_year, item_code, part, score, case when part is null then 1 else stated_parts end
    from eit
    where case when part is null then stated_parts < 2 else stated_parts = 2 or unstated = 0 end
)

select
    r.agency_id,
    r.fiscal_year,
    r.item_code,
    r.eit_part,
    r.score,
    r.parts::smallint as parts,
    (100 - r.score) * f.weight / (case when r.eit_part is null then 100 else 200 end) as points_lost,
    case
        when {{ round_score('r.score') }} < f.urgent_below then 'urgent'
        when {{ round_score('r.score') }} < f.develop_below or flag.item_code is not null then 'develop'
    end as severity,
    flag.item_code is not null as flagged
from resolved as r
join {{ ref('int_framework_item') }} as f using (fiscal_year, item_code)
left join {{ ref('int_item_flag') }} as flag
    on flag.agency_id = r.agency_id and flag.fiscal_year = r.fiscal_year and flag.item_code = r.item_code
    and (flag.on_item or r.eit_part is null or (r.eit_part = 'public' and flag.on_public) or (r.eit_part = 'survey' and flag.on_survey))
