-- Grain: results year × meaning of an OIT item: its code in the numbering of the measures' year, or
-- of the results' year while the next framework is unknown.
with numbering as (
    select years.fiscal_year, coalesce(next_year.fiscal_year, years.fiscal_year) as code_year
    from (select distinct fiscal_year from {{ ref('framework_item') }}) as years
    left join (select distinct fiscal_year from {{ ref('framework_item') }}) as next_year
        on next_year.fiscal_year = years.fiscal_year + 1
)

select distinct on (n.fiscal_year, f.meaning)
    n.fiscal_year,
    n.code_year,
    f.meaning,
    f.item_code
from numbering as n
join {{ ref('int_framework_item') }} as f on f.fiscal_year = n.code_year
where f.instrument = 'OIT'
order by n.fiscal_year, f.meaning, f.item_no
