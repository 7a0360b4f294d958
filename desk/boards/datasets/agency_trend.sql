-- คะแนนรวมของหน่วยงานเทียบกับประเภท จังหวัด และประเทศ รายปี
with of_type as (
    select fiscal_year, agency_type, round(avg(overall_score), 2) as mean_score
    from mart.assessment
    where overall_score is not null
    group by fiscal_year, agency_type
)

select
    a.fiscal_year,
    a.fiscal_year::text as year_th,
    agency.label_th as agency_label,
    agency.province_th,
    line.whose,
    line.score
from mart.assessment as a
join mart.agency as agency using (agency_id)
join of_type as t on t.fiscal_year = a.fiscal_year and t.agency_type = a.agency_type
join mart.national_summary as n on n.fiscal_year = a.fiscal_year
left join mart.province_summary as p
    on p.fiscal_year = a.fiscal_year and p.province_code = a.province_code
cross join lateral (
    values
    ('หน่วยงานนี้', a.overall_score),
    ('ประเภทเดียวกัน', t.mean_score),
    ('จังหวัด', p.mean_score),
    ('ประเทศ', n.mean_score)
) as line (whose, score)
where line.score is not null
