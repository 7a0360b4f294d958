-- The statements of small_cells.py, each under its heading. The rule: docs/small-cells.md.

-- == CELLS
-- Agencies by kind × year × code × province ('' = none) × type. Five kinds of table: `item`;
-- `indicator`; `rest`, the agencies with a figure of an indicator but not of all its items: the
-- figure of the indicator without those of its items covers just them; `repair`, the agencies that
-- were deficient in an item's meaning the year before; and `moved`, those that have a figure of the
-- item in one of the two years and none in the same field in the other: what was deficient the year
-- before without what of it was repaired or not covers just them.
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

repair as (
    select fiscal_year, item_code as code, scope, province_code, agency_type, agencies_before as n
    from candidate.repair_summary
    where fiscal_year >= %(first_year)s
),

all_kinds as (
    select 'item' as kind, * from item
    union all
    select 'indicator', * from indicator
    union all
    select 'repair', * from repair
),

asked as (
    select fiscal_year, indicator_no, count(*) as items
    from candidate.int_framework_item
    group by fiscal_year, indicator_no
),

-- Materialized, or each worker of the join below would count them for itself.
answered as materialized (
    select s.agency_year_no, f.indicator_no, count(*) as items
    from candidate.int_new_item_score as s
    join candidate.int_framework_item as f using (year_item_no)
    where not (s.parts = 2 and s.eit_part = 'survey')
    group by s.agency_year_no, f.indicator_no
),

-- Each agency-year and the one before it; of the same field: neither moved nor taken over.
pair as (
    select y.agency_year_no, before.agency_year_no as last_agency_year_no, y.fiscal_year,
        (y.agency_id, y.province_code, y.agency_type)
        is not distinct from (before.agency_id, before.province_code, before.agency_type) as is_same
    from candidate.int_agency_year as y
    join candidate.int_agency_history as h
        on h.agency_id = y.agency_id and h.fiscal_year = y.fiscal_year - 1
    join candidate.int_agency_year as before
        on before.agency_id = h.source_agency_id and before.fiscal_year = h.fiscal_year
    where y.fiscal_year >= %(first_year)s
),

linked as (
    select now.year_item_no, last.year_item_no as last_year_item_no
    from candidate.int_framework_item as now
    join candidate.int_framework_item as last
        on last.meaning_no = now.meaning_no and last.fiscal_year = now.fiscal_year - 1
    where now.fiscal_year >= %(first_year)s
),

with_item as (
    select agency_year_no, year_item_no
    from candidate.int_item_score
    where not (parts = 2 and eit_part = 'survey') and agency_year_no >= (
        select min(agency_year_no) from candidate.int_agency_year
        where fiscal_year >= %(first_year)s - 1
    )
),

-- Those with a figure of the item's meaning the year before who are not the same with one now.
-- Materialized, so that only these few are looked up in the years' agencies.
gone as materialized (
    select l.year_item_no, s.agency_year_no
    from linked as l
    join with_item as s on s.year_item_no = l.last_year_item_no
    left join pair on pair.last_agency_year_no = s.agency_year_no and pair.is_same
    left join with_item as now
        on now.agency_year_no = pair.agency_year_no and now.year_item_no = l.year_item_no
    where now.agency_year_no is null
),

-- Of each item the fields of both years with their agencies, less those that are the same: what is
-- left is counted in one of the two years only.
moved as (
    select year_item_no, cell_no, count(*) as n
    from (
        select s.year_item_no, s.agency_year_no
        from pair
        join with_item as s using (agency_year_no)
        where not pair.is_same and s.year_item_no in (select year_item_no from linked)
        union all
        select year_item_no, agency_year_no
        from gone
    ) as counted_once
    join candidate.int_agency_year as y using (agency_year_no)
    group by year_item_no, cell_no
)

select kind, fiscal_year, code, province_code, agency_type, n
from all_kinds
where scope = 'province_type'
union all
-- Agencies of no province are what a type has more than its provinces.
select kind, fiscal_year, code, '', agency_type,
    sum(case scope when 'type' then n else -n end)::integer
from all_kinds
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
group by i.fiscal_year, i.indicator_no, y.province_code, y.agency_type
union all
select 'moved', f.fiscal_year, f.item_code, coalesce(c.province_code, ''), c.agency_type,
    sum(m.n)::integer
from moved as m
join candidate.int_framework_item as f using (year_item_no)
join (
    select distinct cell_no, province_code, agency_type from candidate.int_agency_year
) as c using (cell_no)
group by f.fiscal_year, f.item_code, c.province_code, c.agency_type;

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
-- Just filled, in this transaction: autovacuum has not seen it, and the joins below would be planned
-- for an empty table.
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

-- What was repaired: where the cell is left out neither for the agencies with the item, nor for those
-- that were deficient in it, nor for those that moved.
create table candidate.released_repair_summary as
select s.*
from candidate.repair_summary as s
where not exists (
    select from candidate.withheld_cell as w
    where w.kind in ('item', 'repair', 'moved') and w.fiscal_year = s.fiscal_year
        and w.code = s.item_code and w.scope = s.scope
        and w.province_code = coalesce(s.province_code, '')
        and w.agency_type = coalesce(s.agency_type, '')
)
    and not exists (
        select from candidate.withheld_region as w
        where w.kind in ('item', 'repair', 'moved') and w.fiscal_year = s.fiscal_year
            and w.code = s.item_code and w.region_th = s.region_th
    );

create table candidate.withheld_repair_summary as
select * from candidate.repair_summary
except all
select * from candidate.released_repair_summary;

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
    where w.kind in ('item', 'indicator', 'rest')
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
