{{ config(materialized='view') }}
-- Grain: agency × year × item × EIT part.
select
    s.agency_id,
    s.fiscal_year,
    s.item_code,
    s.eit_part,
    round(s.score, 2)::numeric(5, 2) as score,
    round(s.points_lost, 8)::numeric(11, 8) as points_lost,
    f.title_th,
    f.indicator_no,
    f.sub_indicator,
    y.province_code
from {{ ref('int_item_score') }} as s
left join {{ ref('int_framework_item') }} as f using (fiscal_year, item_code)
left join {{ ref('int_agency_year') }} as y using (agency_id, fiscal_year)
