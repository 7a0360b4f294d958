-- สี่ส่วนของหน่วยงานเทียบกับประเภทเดียวกัน
with of_type as (
    select
        fiscal_year,
        agency_type,
        round(avg(iit_score), 2) as iit_score,
        round(avg(eit_public_score), 2) as eit_public_score,
        round(avg(eit_survey_score), 2) as eit_survey_score,
        round(avg(eit_score), 2) as eit_score,
        round(avg(oit_score), 2) as oit_score
    from mart.assessment
    where overall_score is not null
    group by fiscal_year, agency_type
)

select
    a.fiscal_year,
    agency.label_th as agency_label,
    agency.province_th,
    part.part_order,
    part.part_th,
    part.whose,
    part.score
from mart.assessment as a
join mart.agency as agency using (agency_id)
join of_type as t on t.fiscal_year = a.fiscal_year and t.agency_type = a.agency_type
cross join lateral (
    values
    (1, '1 IIT', 'หน่วยงานนี้', a.iit_score),
    (2, '2 EIT ส่วนที่ 1', 'หน่วยงานนี้', a.eit_public_score),
    (3, '3 EIT ส่วนที่ 2', 'หน่วยงานนี้', a.eit_survey_score),
    (4, '4 OIT', 'หน่วยงานนี้', a.oit_score),
    (1, '1 IIT', 'ประเภทเดียวกัน', t.iit_score),
    (2, '2 EIT ส่วนที่ 1', 'ประเภทเดียวกัน', t.eit_public_score),
    (3, '3 EIT ส่วนที่ 2', 'ประเภทเดียวกัน', t.eit_survey_score),
    (4, '4 OIT', 'ประเภทเดียวกัน', t.oit_score)
) as part (part_order, part_th, whose, score)
where part.score is not null
