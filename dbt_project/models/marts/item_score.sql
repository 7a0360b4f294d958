{{ config(materialized='view') }}
-- Grain: agency × year × item × EIT part. Left joins, though each finds its row: a query that wants
-- nothing of a table then leaves it unread.
select
    y.agency_id,
    y.fiscal_year,
    f.item_code,
    s.eit_part,
    round(s.score, 2)::numeric(5, 2) as score,
    round(s.points_lost, 8)::numeric(11, 8) as points_lost,
    f.title_th,
    f.indicator_no,
    f.sub_indicator,
    f.status as title_status,
    f.points_status,
    y.province_code
from {{ ref('int_item_score') }} as s
left join {{ ref('int_framework_item') }} as f using (year_item_no)
left join {{ ref('int_agency_year') }} as y using (agency_year_no)
