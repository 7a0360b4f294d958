-- การกระจายระดับของประเทศรายปี
select
    n.fiscal_year,
    n.fiscal_year::text as year_th,
    l.level_th,
    l.level_order || ' ' || l.level_th as level_label,
    l.level_order,
    counted.agencies::integer as agencies,
    round(100.0 * counted.agencies::integer / n.agencies, 2) as share
from mart.national_summary as n
cross join lateral jsonb_each_text(n.level_counts) as counted (level_code, agencies)
join mart.rating_level as l
    on l.fiscal_year = n.fiscal_year and l.level_code = counted.level_code
