-- Grain: fiscal year × OIT indicator (null: OIT as a whole) × number of items: how much of the
-- indicator's (or part's) score that many items scored 0 cost at most. The smallest number that can
-- cost what was lost is the least number of items that were scored 0.
with cost as (
    select
        f.fiscal_year,
        of_what.indicator_no,
        100 * f.weight
        / sum(f.weight) over (partition by f.fiscal_year, of_what.indicator_no) as cost,
        f.item_no
    from {{ ref('int_framework_item') }} as f
    cross join lateral (values (f.indicator_no), (null::integer)) as of_what (indicator_no)
    where f.instrument = 'OIT'
)

select
    fiscal_year,
    indicator_no,
    (row_number() over costliest)::integer as items,
    round(sum(cost) over costliest, 8) as most_lost
from cost
window costliest as (
    partition by fiscal_year, indicator_no order by cost desc, item_no rows unbounded preceding
)
