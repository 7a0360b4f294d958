-- ผลของจังหวัดรายปี
select
    s.fiscal_year,
    s.fiscal_year::text as year_th,
    p.province_th,
    p.region_th,
    'TH-' || p.province_code as iso,
    s.agencies,
    s.mean_score,
    s.mean_score - before.mean_score as mean_score_change,
    rank() over (partition by s.fiscal_year order by s.mean_score desc) as rank_of_province,
    count(*) over (partition by s.fiscal_year) as provinces,
    s.median_score,
    s.agencies_passed,
    s.pass_share,
    n.mean_score as national_mean_score,
    n.pass_share as national_pass_share
from mart.province_summary as s
join mart.province as p using (province_code)
join mart.national_summary as n using (fiscal_year)
left join mart.province_summary as before
    on before.fiscal_year = s.fiscal_year - 1 and before.province_code = s.province_code
