{{ config(indexes=[{'columns': ['province_code', 'fiscal_year']}]) }}
-- Grain: agency × year with an overall score in this year and the year before (a sole predecessor's
-- counts). What was regained is listed for the hundred largest gains of the country and the ten
-- largest of each province.
with gain as (
    select
        r.agency_id,
        r.fiscal_year,
        r.province_code,
        r.overall_score,
        r.overall_score - last_year.overall_score as score_change,
        h.source_agency_id,
        rank()
            over (
                partition by r.fiscal_year order by r.overall_score - last_year.overall_score desc
            )
            as change_rank,
        rank()
            over (
                partition by r.fiscal_year, r.province_code
                order by r.overall_score - last_year.overall_score desc
            )
            as province_change_rank
    from {{ ref('int_rank') }} as r
    join
        {{ ref('int_agency_history') }} as h
        on h.agency_id = r.agency_id and h.fiscal_year = r.fiscal_year - 1
    join
        {{ ref('int_rank') }} as last_year
        on last_year.agency_id = h.source_agency_id and last_year.fiscal_year = h.fiscal_year
    where {{ is_rebuilt('r.fiscal_year') }}
),

listed as (
    select
        g.agency_id,
        g.fiscal_year,
        this_year.agency_year_no,
        last_year.agency_year_no as last_agency_year_no
    from gain as g
    join
        {{ ref('int_agency_year') }} as this_year
        on this_year.agency_id = g.agency_id and this_year.fiscal_year = g.fiscal_year
    join
        {{ ref('int_agency_year') }} as last_year
        on last_year.agency_id = g.source_agency_id and last_year.fiscal_year = g.fiscal_year - 1
    where
        g.score_change > 0
        and (g.change_rank <= 100 or (g.province_change_rank <= 10 and g.province_code is not null))
),

before as (
    select l.agency_year_no, f.meaning_no, avg(s.score) as mean_score
    from listed as l
    join {{ ref('int_item_score') }} as s on s.agency_year_no = l.last_agency_year_no
    join {{ ref('int_framework_item') }} as f using (year_item_no)
    group by l.agency_year_no, f.meaning_no
),

now_scored as (
    select
        l.agency_id,
        l.fiscal_year,
        l.agency_year_no,
        f.meaning_no,
        f.item_code,
        f.item_order,
        avg(s.score) as mean_score
    from listed as l
    join {{ ref('int_new_item_score') }} as s on s.agency_year_no = l.agency_year_no
    join {{ ref('int_framework_item') }} as f using (year_item_no)
    group by l.agency_id, l.fiscal_year, l.agency_year_no, f.meaning_no, f.item_code, f.item_order
),

regained as (
    select
        n.agency_id,
        n.fiscal_year,
        n.item_code,
        row_number()
            over (
                partition by n.agency_year_no
                -- By score, not by points: an item whose weight fell has regained nothing.
                order by n.mean_score - b.mean_score desc, n.item_order
            )
            as place
    from now_scored as n
    join before as b using (agency_year_no, meaning_no)
    where n.mean_score > b.mean_score
),

items as (
    select agency_id, fiscal_year, array_agg(item_code order by place) as item_codes
    from regained
    where place <= 5
    group by agency_id, fiscal_year
)

select
    g.agency_id,
    g.fiscal_year,
    g.overall_score,
    g.score_change,
    g.change_rank::integer as change_rank,
    case when g.province_code is not null then g.province_change_rank::integer end
        as province_change_rank,
    items.item_codes,
    g.province_code
from gain as g
left join items using (agency_id, fiscal_year)
{{ union_kept_years() }}
