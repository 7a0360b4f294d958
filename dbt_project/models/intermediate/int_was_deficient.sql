-- Grain: agency × year (those that are built anew) × item with a score whose meaning was deficient
-- the year before (a sole predecessor's counts): is it still, in any part, and in any item of that
-- meaning? Scores are those of the lowest part.
with pair as (
    select
        y.agency_year_no,
        y.fiscal_year,
        last.agency_year_no as last_agency_year_no,
        last.agency_id as last_agency_id
    from {{ ref('int_agency_year') }} as y
    join
        {{ ref('int_agency_history') }} as h
        on h.agency_id = y.agency_id and h.fiscal_year = y.fiscal_year - 1
    join
        {{ ref('int_agency_year') }} as last
        on last.agency_id = h.source_agency_id and last.fiscal_year = h.fiscal_year
    where {{ is_rebuilt('y.fiscal_year') }}
),

before as (
    select
        pair.agency_year_no,
        pair.last_agency_id,
        f.meaning_no,
        min(s.year_item_no) as last_year_item_no,
        min(s.score) as last_score,
        bool_or(s.severity = 'urgent') as was_urgent
    from {{ ref('int_item_score') }} as s
    join pair on pair.last_agency_year_no = s.agency_year_no
    join {{ ref('int_framework_item') }} as f using (year_item_no)
    where s.severity is not null
    group by pair.agency_year_no, pair.last_agency_id, f.meaning_no
),

-- All that the agencies of this year have, by numbers alone: what follows is a join of two large
-- sets, not a look-up of each.
scored as (
    select
        s.agency_year_no,
        f.meaning_no,
        s.year_item_no,
        min(s.score) as score,
        bool_or(s.severity is not null) as is_deficient
    from {{ ref('int_new_item_score') }} as s
    join {{ ref('int_framework_item') }} as f using (year_item_no)
    group by s.agency_year_no, f.meaning_no, s.year_item_no
)

select
    agency_year_no,
    s.year_item_no,
    s.score,
    b.last_agency_id,
    b.last_year_item_no,
    b.last_score,
    b.was_urgent,
    not bool_or(s.is_deficient) over (partition by agency_year_no, meaning_no) as is_repaired
from before as b
join scored as s using (agency_year_no, meaning_no)
