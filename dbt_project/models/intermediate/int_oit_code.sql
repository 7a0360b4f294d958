-- Grain: results year × meaning of an OIT item: its code in the numbering of the measures' year, or
-- of the results' year while the items of the next one are not linked to those before.
-- Read from the reference data, not from int_framework_item: a provisional year takes no scores,
-- but what its OIT items are called is known before, and a plan is made for it.
with linked as (
    select item.fiscal_year, item.item_code, item.item_no, link.meaning
    from {{ ref('framework_item') }} as item
    join {{ ref('item_meaning') }} as link using (fiscal_year, item_code)
    where item.instrument = 'OIT'
),

numbering as (
    select years.fiscal_year, coalesce(next_year.fiscal_year, years.fiscal_year) as code_year
    from (select distinct fiscal_year from linked) as years
    left join (select distinct fiscal_year from linked) as next_year
        on next_year.fiscal_year = years.fiscal_year + 1
)

select distinct on (n.fiscal_year, linked.meaning)
    n.fiscal_year,
    n.code_year,
    linked.meaning,
    linked.item_code
from numbering as n
join linked on linked.fiscal_year = n.code_year
order by n.fiscal_year, linked.meaning, linked.item_no
