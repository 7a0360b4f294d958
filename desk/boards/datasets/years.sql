-- ปีงบประมาณที่มีผล
select
    fiscal_year
from mart.national_summary
