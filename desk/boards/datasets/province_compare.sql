-- จังหวัดเทียบกับภาคและประเทศ รายปีและรายส่วน
with member as (
    select
        a.fiscal_year,
        a.province_code,
        p.region_th,
        part.part_order,
        part.part_th,
        part.score
    from mart.assessment as a
    left join mart.province as p using (province_code)
    cross join lateral (
        values
        (0, 'คะแนนรวม', a.overall_score),
        (1, '1 IIT', a.iit_score),
        (2, '2 EIT', a.eit_score),
        (3, '3 OIT', a.oit_score)
    ) as part (part_order, part_th, score)
    where a.overall_score is not null
),

mean as (
    select
        fiscal_year,
        province_code,
        region_th,
        part_order,
        part_th,
        grouping(province_code) as over_provinces,
        grouping(region_th) as over_regions,
        round(avg(score), 2) as mean_score
    from member
    group by
        fiscal_year,
        part_order,
        part_th,
        grouping sets ((province_code, region_th), (region_th), ())
)

select
    m.fiscal_year,
    m.fiscal_year::text as year_th,
    p.province_th,
    m.part_order,
    m.part_th,
    case m.over_provinces + m.over_regions
        when 0 then 'จังหวัดนี้' when 1 then 'ภาคเดียวกัน' else 'ประเทศ'
    end as whose,
    m.mean_score
from mean as m
join mart.province as p
    on case m.over_provinces + m.over_regions
        when 0 then p.province_code = m.province_code
        when 1 then p.region_th = m.region_th
        else true
    end
