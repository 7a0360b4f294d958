-- เรื่องเดียวกันข้ามปี แม้รหัสข้อเปลี่ยน
select
    d.fiscal_year,
    d.fiscal_year::text as year_th,
    latest.item_code as latest_item_code,
    latest.title_th,
    latest.instrument,
    d.item_code,
    d.agencies_assessed,
    d.agencies_deficient,
    d.deficient_share
from mart.framework_item as latest
join mart.framework_item as f using (meaning)
join mart.common_deficiency as d
    on d.fiscal_year = f.fiscal_year and d.item_code = f.item_code and d.scope = 'national'
where latest.fiscal_year = (select max(fiscal_year) from mart.national_summary)
