-- ส่วนต่างของการรับรู้ระหว่างสี่ส่วน
select
    g.fiscal_year,
    agency.label_th as agency_label,
    agency.province_th,
    concat(
        replace(replace(g.first_part, 'EIT.public', 'EIT ส่วนที่ 1'), 'EIT.survey', 'EIT ส่วนที่ 2'),
        ' เทียบกับ ',
        replace(replace(g.second_part, 'EIT.public', 'EIT ส่วนที่ 1'), 'EIT.survey', 'EIT ส่วนที่ 2')
    ) as pair_th,
    g.first_score,
    g.second_score,
    g.gap,
    g.type_median_gap,
    g.usual_from,
    g.usual_to,
    case g.unusual
        when 'high' then '▲ สูงกว่าปกติ' when 'low' then '▼ ต่ำกว่าปกติ' else ''
    end as unusual_th
from mart.perception_gap as g
join mart.agency as agency using (agency_id)
