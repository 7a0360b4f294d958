-- The statements of small_cells.py, each under its heading. The rule: docs/small-cells.md.

-- == CELLS
-- Agencies by kind × year × code × province ('' = none) × type. Three kinds of table: `item`;
-- `indicator`; and `rest`, the agencies with a figure of an indicator but not of all its items: the
-- figure of the indicator without those of its items covers just them.
with item as (
    select fiscal_year, item_code as code, scope, province_code, agency_type, agencies_assessed as n
    from candidate.common_deficiency
    where fiscal_year >= %(first_year)s
),

indicator as (
    select fiscal_year, indicator_no::text as code, scope, province_code, agency_type, agencies as n
    from candidate.indicator_summary
    where fiscal_year >= %(first_year)s
),

both_kinds as (
    select 'item' as kind, * from item
    union all
    select 'indicator', * from indicator
),

asked as (
    select fiscal_year, indicator_no, count(*) as items
    from candidate.int_framework_item
    group by fiscal_year, indicator_no
),

answered as (
    select s.agency_year_no, f.indicator_no, count(distinct s.year_item_no) as items
    from candidate.int_new_item_score as s
    join candidate.int_framework_item as f using (year_item_no)
    group by s.agency_year_no, f.indicator_no
)

select kind, fiscal_year, code, province_code, agency_type, n
from both_kinds
where scope = 'province_type'
union all
-- Agencies of no province are what a type has more than its provinces.
select kind, fiscal_year, code, '', agency_type,
    sum(case scope when 'type' then n else -n end)::integer
from both_kinds
where scope in ('type', 'province_type')
group by kind, fiscal_year, code, agency_type
having sum(case scope when 'type' then n else -n end) > 0
union all
select 'rest', i.fiscal_year, i.indicator_no::text, coalesce(y.province_code, ''), y.agency_type,
    count(*)::integer
from candidate.indicator_score as i
join candidate.int_agency_year as y using (agency_id, fiscal_year)
join asked using (fiscal_year, indicator_no)
left join answered using (agency_year_no, indicator_no)
where i.fiscal_year >= %(first_year)s and coalesce(answered.items, 0) < asked.items
group by i.fiscal_year, i.indicator_no, y.province_code, y.agency_type;

-- == WITHHELD_CELL
-- Grain: kind × year × code × cell that provinces do not see of others.
create table candidate.withheld_cell (
    kind          text not null,
    fiscal_year   integer not null,
    code          text not null,
    scope         text not null,
    province_code text not null,
    agency_type   text not null
);

-- == KEPT_CELLS
insert into candidate.withheld_cell
select * from published.withheld_cell where fiscal_year < %(first_year)s;

-- == VIEWS
analyze candidate.withheld_cell;

-- Grain: kind × year × code × region. A region is shown where each of its provinces is: it is their
-- sum and says nothing new.
create table candidate.withheld_region as
select distinct w.kind, w.fiscal_year, w.code, p.region_th
from candidate.withheld_cell as w
join candidate.province as p using (province_code)
where w.scope = 'province';

create table candidate.released_common_deficiency as
select c.*
from candidate.common_deficiency as c
where not exists (
    select from candidate.withheld_cell as w
    where w.kind = 'item' and w.fiscal_year = c.fiscal_year and w.code = c.item_code
        and w.scope = c.scope and w.province_code = coalesce(c.province_code, '')
        and w.agency_type = coalesce(c.agency_type, '')
)
    and not exists (
        select from candidate.withheld_region as w
        where w.kind = 'item' and w.fiscal_year = c.fiscal_year and w.code = c.item_code
            and w.region_th = c.region_th
    );

create table candidate.withheld_common_deficiency as
select * from candidate.common_deficiency
except all
select * from candidate.released_common_deficiency;

-- A cell of an indicator: where it is left out neither for the indicator, nor for the agencies that
-- have not all of its items, nor for one of its items.
create table candidate.released_indicator_summary as
with withheld as (
    select distinct w.fiscal_year, coalesce(f.indicator_no::text, w.code) as code, w.scope,
        w.province_code, w.agency_type, w.region_th
    from (
        select *, '' as region_th from candidate.withheld_cell
        union all
        select kind, fiscal_year, code, 'region', '', '', region_th from candidate.withheld_region
    ) as w
    left join candidate.int_framework_item as f
        on w.kind = 'item' and f.fiscal_year = w.fiscal_year and f.item_code = w.code
)

select s.*
from candidate.indicator_summary as s
where not exists (
    select from withheld as w
    where w.fiscal_year = s.fiscal_year and w.code = s.indicator_no::text and w.scope = s.scope
        and w.province_code = coalesce(s.province_code, '')
        and w.agency_type = coalesce(s.agency_type, '')
        and w.region_th = coalesce(s.region_th, '')
);

create table candidate.withheld_indicator_summary as
select * from candidate.indicator_summary
except all
select * from candidate.released_indicator_summary;

-- A province's scorecard names the items that fail most often there: it needs all of its cells.
create table candidate.released_province_scorecard as
select s.*
from candidate.province_scorecard as s
where s.agencies >= 5 and not exists (
    select from candidate.withheld_common_deficiency as w
    where w.fiscal_year = s.fiscal_year and w.scope = 'province'
        and w.province_code = s.province_code
);

create table candidate.withheld_province_scorecard as
select * from candidate.province_scorecard
except all
select * from candidate.released_province_scorecard;

-- An item's difficulty: its national cell, and that of the year before which `change` gives away.
-- `discrimination` is of the best and the weakest quarter: no sum with cells may leave fewer than
-- five agencies of it, so five at least are of another quarter than most of their field is,
-- whichever province is taken away (those without a figure of the item counted off).
create table candidate.released_item_difficulty as
with ranked as (
    select
        r.fiscal_year,
        coalesce(y.province_code, '') as province_code,
        y.agency_type,
        case
            when (r.national_rank - 1) * 4 < r.national_count then 1
            when r.lower_count * 4 < r.national_count then -1
            else 0
        end as quarter
    from candidate.int_rank as r
    join candidate.int_agency_year as y using (agency_id, fiscal_year)
),

field as (
    select fiscal_year, province_code, sum(n) - max(n) as mixed
    from (
        select fiscal_year, province_code, agency_type, quarter, count(*) as n
        from ranked
        group by fiscal_year, province_code, agency_type, quarter
    ) as counted
    group by fiscal_year, province_code, agency_type
),

mixed as (
    select fiscal_year,
        sum(agencies) - coalesce(max(agencies) filter (where province_code <> ''), 0) as least
    from (
        select fiscal_year, province_code, sum(mixed) as agencies
        from field
        group by fiscal_year, province_code
    ) as of_province
    group by fiscal_year
),

everybody as (
    select fiscal_year, count(*) as agencies
    from candidate.int_agency_year
    group by fiscal_year
)

select d.*
from candidate.item_difficulty as d
join mixed using (fiscal_year)
join everybody using (fiscal_year)
where (d.discrimination is null or mixed.least - (everybody.agencies - d.agencies_assessed) >= 5)
    and not exists (
        select from candidate.withheld_cell as w
        left join candidate.int_framework_item as f
            on f.fiscal_year = w.fiscal_year and f.item_code = w.code
        left join candidate.int_framework_item as own
            on own.fiscal_year = d.fiscal_year and own.item_code = d.item_code
        where w.kind = 'item' and w.scope = 'national'
            and ((w.fiscal_year = d.fiscal_year and w.code = d.item_code)
                or (d.change is not null and w.fiscal_year = d.fiscal_year - 1
                    and f.meaning_no = own.meaning_no))
    );

-- Two items that fail together: at least five agencies have both, whichever province is taken away.
create table candidate.released_co_deficiency as
with having_items as (
    select y.fiscal_year, coalesce(y.province_code, '') as province_code, count(*) as agencies
    from candidate.int_agency_year as y
    where exists (
        select from candidate.int_item_score as s where s.agency_year_no = y.agency_year_no
    )
    group by y.fiscal_year, y.province_code
),

total as (
    select fiscal_year, sum(agencies) as agencies from having_items group by fiscal_year
),

lacking as (
    select c.fiscal_year, c.item_code, t.agencies - c.agencies_assessed as agencies
    from candidate.released_common_deficiency as c
    join total as t using (fiscal_year)
    where c.scope = 'national'
),

outside as (
    select t.fiscal_year,
        t.agencies - coalesce(max(h.agencies) filter (where h.province_code <> ''), 0) as agencies
    from total as t
    join having_items as h using (fiscal_year)
    group by t.fiscal_year, t.agencies
)

select c.*
from candidate.co_deficiency as c
join lacking as one on one.fiscal_year = c.fiscal_year and one.item_code = c.first_item_code
join lacking as two on two.fiscal_year = c.fiscal_year and two.item_code = c.second_item_code
join outside as o on o.fiscal_year = c.fiscal_year
where o.agencies - one.agencies - two.agencies >= 5;
