-- ข้อที่บกพร่องพร้อมกัน
select
    c.fiscal_year,
    c.first_item_code,
    one.title_th as first_title,
    c.second_item_code,
    two.title_th as second_title,
    c.agencies_both,
    c.support,
    c.lift
from mart.co_deficiency as c
join mart.framework_item as one
    on one.fiscal_year = c.fiscal_year and one.item_code = c.first_item_code
join mart.framework_item as two
    on two.fiscal_year = c.fiscal_year and two.item_code = c.second_item_code
