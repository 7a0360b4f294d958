-- Grain: year × item that somebody has a score for, over the whole country.
-- A quarter: the agencies that fewer than a quarter of all surpass, or undercut; the same rule at
-- both ends, also where the count is no multiple of four.
with quarter as (
    select
        y.agency_year_no,
        (r.national_rank - 1) * 4 < r.national_count as is_best,
        r.lower_count * 4 < r.national_count as is_weakest
    from {{ ref('int_rank') }} as r
    join {{ ref('int_agency_year') }} as y using (agency_id, fiscal_year)
    where
        ((r.national_rank - 1) * 4 < r.national_count or r.lower_count * 4 < r.national_count)
        and {{ is_rebuilt('r.fiscal_year') }}
),

-- An agency counts once: where both of its parts are stated, each counts for a half.
contrast as (
    select
        s.year_item_no,
        sum(s.score / s.parts) filter (where q.is_best)
        / nullif(sum(1.0 / s.parts) filter (where q.is_best), 0) as best_mean,
        sum(s.score / s.parts) filter (where q.is_weakest)
        / nullif(sum(1.0 / s.parts) filter (where q.is_weakest), 0) as weakest_mean
    from {{ ref('int_new_item_score') }} as s
    join quarter as q using (agency_year_no)
    group by s.year_item_no
),

country as (
    select c.*, f.year_item_no, f.meaning_no
    from {{ ref('common_deficiency') }} as c
    join {{ ref('int_framework_item') }} as f using (fiscal_year, item_code)
    where c.scope = 'national'
),

by_meaning as (
    select fiscal_year, meaning_no, avg(mean_score) as mean_score
    from country
    group by fiscal_year, meaning_no
)

select
    c.fiscal_year,
    c.item_code,
    c.agencies_assessed,
    c.mean_score,
    c.deficient_share,
    c.mean_points_lost,
    {{ round_score('x.best_mean - x.weakest_mean') }} as discrimination,
    {{ round_score('c.mean_score - last_year.mean_score') }} as change
from country as c
left join contrast as x using (year_item_no)
left join
    by_meaning as last_year
    on last_year.fiscal_year = c.fiscal_year - 1 and last_year.meaning_no = c.meaning_no
where {{ is_rebuilt('c.fiscal_year') }}
{{ union_kept_years() }}
