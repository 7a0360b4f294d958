-- จังหวัดในภาคเดียวกัน
select
    mine.province_th,
    s.fiscal_year,
    p.province_th as neighbour_th,
    case when p.province_code = mine.province_code then '◀ จังหวัดนี้' else '' end as mark_th,
    p.region_th,
    s.agencies,
    s.mean_score,
    s.mean_score - before.mean_score as mean_score_change,
    s.rank_of_province,
    s.provinces,
    s.pass_share
from mart.province as mine
join mart.province as p on p.region_th = mine.region_th
join (
    select
        *,
        rank() over (partition by fiscal_year order by mean_score desc) as rank_of_province,
        count(*) over (partition by fiscal_year) as provinces
    from mart.province_summary
) as s on s.province_code = p.province_code
left join mart.province_summary as before
    on before.fiscal_year = s.fiscal_year - 1 and before.province_code = s.province_code
