-- กฎที่พบในแต่ละคืน
select
    f.seen_at,
    concat(
        to_char(f.seen_at at time zone 'Asia/Bangkok', 'DD/MM/'),
        to_char(f.seen_at at time zone 'Asia/Bangkok', 'YYYY')::integer + 543,
        to_char(f.seen_at at time zone 'Asia/Bangkok', ' HH24:MI')
    ) as night_th,
    f.rule,
    case f.severity when 'error' then '▼ ไม่รับ' else '◆ มีข้อสังเกต' end as verdict_th,
    f.findings,
    f.files
from mart.finding_rule as f
