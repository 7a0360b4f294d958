{{ config(indexes=[{'columns': ['agency_id', 'fiscal_year'], 'unique': true}]) }}
-- Grain: agency × fiscal year with a score, its own or that of its line of sole predecessors:
-- source_agency_id says whose. A predecessor counts where the agency's first registry row replaces
-- exactly one agency, and no other agency replaces that one: neither a merger of several nor a
-- split into several hands anything on.
with recursive successor as (
    select replaced_id as agency_id, count(distinct agency_id) as successors
    from {{ ref('int_agency_version') }}, unnest(replaces) as replaced_id
    group by replaced_id
),

predecessor as (
    select first_row.agency_id, s.agency_id as predecessor_id
    from (
        select distinct on (agency_id) agency_id, replaces, written_predecessors
        from {{ ref('int_agency_version') }}
        order by agency_id, valid_from
    ) as first_row
    join successor as s on s.agency_id = first_row.replaces[1]
    where first_row.written_predecessors = 1 and s.successors = 1
),

line as (
    select
        agency_id,
        predecessor_id as ancestor_id,
        1 as steps,
        array[agency_id, predecessor_id] as path
    from predecessor
    union all
    select line.agency_id, p.predecessor_id, line.steps + 1, line.path || p.predecessor_id
    from line
    join predecessor as p on p.agency_id = line.ancestor_id
    where p.predecessor_id <> all(line.path)
),

-- The rows of int_assessment, known without waiting for what is recomputed in it.
scored as (
    select p.agency_id, p.fiscal_year
    from {{ ref('int_published') }} as p
    join {{ ref('int_agency_year') }} as y using (agency_id, fiscal_year)
    where
        p.has_figure or exists (
            select from {{ ref('int_item_score') }} as s
            where s.agency_year_no = y.agency_year_no
        )
),

candidate as (
    select agency_id, fiscal_year, agency_id as source_agency_id, 0 as steps
    from scored
    union all
    select line.agency_id, scored.fiscal_year, line.ancestor_id, line.steps
    from line
    join scored on scored.agency_id = line.ancestor_id
)

select distinct on (agency_id, fiscal_year)
    agency_id,
    (dense_rank() over (order by agency_id))::integer as line_no,
    fiscal_year,
    source_agency_id
from candidate
order by agency_id, fiscal_year, steps
