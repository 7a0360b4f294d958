-- สิบตัวชี้วัดของหน่วยงานเทียบกับประเภท จังหวัด และประเทศ
select
    i.fiscal_year,
    {agency_label} as agency_label,
    agency.province_th,
    i.indicator_no,
    to_char(i.indicator_no, 'FM00') || ' ' || i.indicator_th as indicator_label,
    line.whose,
    line.score,
    i.change as score_change
from mart.indicator_score as i
join mart.agency as agency using (agency_id)
join mart.assessment as a on a.agency_id = i.agency_id and a.fiscal_year = i.fiscal_year
left join mart.indicator_summary as t
    on
        t.fiscal_year = i.fiscal_year and t.indicator_no = i.indicator_no
        and t.scope = 'type' and t.agency_type = a.agency_type
left join mart.indicator_summary as n
    on
        n.fiscal_year = i.fiscal_year and n.indicator_no = i.indicator_no
        and n.scope = 'national'
cross join lateral (
    values
    ('หน่วยงานนี้', i.score),
    ('ประเภทเดียวกัน', t.mean_score),
    ('ประเทศ', n.mean_score)
) as line (whose, score)
where line.score is not null
