-- ผลของประเทศรายปี
select
    n.fiscal_year,
    n.fiscal_year::text as year_th,
    n.agencies,
    n.mean_score,
    n.median_score,
    n.mean_score - lag(n.mean_score) over (order by n.fiscal_year) as mean_score_change,
    n.agencies_passed,
    n.pass_share,
    n.pass_share - lag(n.pass_share) over (order by n.fiscal_year) as pass_share_change,
    n.target_pass_share,
    n.provisional
from mart.national_summary as n
