-- สิบตัวชี้วัดของหน่วยงานเทียบกับประเภท จังหวัด และประเทศ
select
    y.fiscal_year,
    agency.label_th as agency_label,
    agency.province_th,
    i.indicator_no,
    to_char(i.indicator_no, 'FM00') || ' ' || i.indicator_th as indicator_label,
    line.whose,
    line.score,
    i.change as score_change
from mart.agency as agency
cross join mart.national_summary as y
cross join lateral (
    select *
    from mart.indicator_score as i
    where i.agency_id = agency.agency_id and i.fiscal_year = y.fiscal_year
    offset 0  -- a view of a province's own rows is asked for one agency, not read whole
) as i
cross join lateral (
    select a.agency_type
    from mart.assessment as a
    where a.agency_id = agency.agency_id and a.fiscal_year = y.fiscal_year
    offset 0
) as a
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
