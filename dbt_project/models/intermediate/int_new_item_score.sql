{{ config(indexes=[{'columns': ['agency_year_no']}]) }}
-- Grain: agency × year (those that are built anew) × item × EIT part (agency_year_no, year_item_no,
-- eit_part): the item figures that win, with what each costs the overall score. An official figure
-- of an item, in any part, replaces the agency's figures of that item. Where an EIT item has a
-- figure without a part beside stated parts, both stated parts win over it and it wins over one.
with held as (
    select
        y.agency_year_no,
        f.year_item_no,
        f.instrument,
        s.part,
        s.score,
        c.preference,
        c.is_contested
    from {{ ref('stg_score') }} as s
    join {{ ref('int_current_submission') }} as c using (submission_sha256, agency_id, fiscal_year)
    join {{ ref('int_agency_year') }} as y using (agency_id, fiscal_year)
    join
        {{ ref('int_framework_item') }} as f
        on f.fiscal_year = s.fiscal_year and f.item_code = s.code
    where c.kind = 'scores' and s.level = 'item' and {{ is_rebuilt('s.fiscal_year') }}
),

winning as (
    select *
    from held
    where preference = 1
    union all
    select *
    from held
    where
        preference = 2
        and not exists (
            select from held as official
            where
                official.preference = 1 and official.is_contested
                and official.agency_year_no = held.agency_year_no
                and official.year_item_no = held.year_item_no
        )
),

eit as (
    select
        *,
        count(part) over item as stated_parts,
        count(*) over item - count(part) over item as unstated
    from winning
    where instrument = 'EIT'
    window item as (partition by agency_year_no, year_item_no)
),

resolved as (
    select agency_year_no, year_item_no, null as eit_part, score, 1 as parts
    from winning
    where instrument <> 'EIT'
    union all
    select
        agency_year_no,
        year_item_no,
        part,
        score,
        case when part is null then 1 else stated_parts end
    from eit
    where case when part is null then stated_parts < 2 else stated_parts = 2 or unstated = 0 end
)

select
    r.agency_year_no,
    r.year_item_no,
    r.eit_part,
    r.score,
    r.parts::smallint as parts,
    (100 - r.score)
    * case when r.eit_part is null then f.points_per_score else f.points_per_score / 2 end
        as points_lost,
    case
        when {{ round_score('r.score') }} < f.urgent_below then 'urgent'
        when
            {{ round_score('r.score') }} < f.develop_below or flag.year_item_no is not null
            then 'develop'
    end as severity,
    flag.year_item_no is not null as flagged
from resolved as r
join
    (select *, weight / 100 as points_per_score from {{ ref('int_framework_item') }}) as f
    using (year_item_no)
left join {{ ref('int_item_flag') }} as flag
    on
        flag.agency_year_no = r.agency_year_no and flag.year_item_no = r.year_item_no
        and (
            flag.on_item
            or r.eit_part is null
            or (r.eit_part = 'public' and flag.on_public)
            or (r.eit_part = 'survey' and flag.on_survey)
        )
