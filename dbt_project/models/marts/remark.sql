{{ config(indexes=[{'columns': ['province_code', 'fiscal_year']}]) }}
-- Grain: agency × year × remark.
select
    r.agency_id,
    r.fiscal_year,
    (
        row_number()
            over (partition by r.agency_id, r.fiscal_year order by r.preference, r.remark_no)
    )::integer as remark_no,
    r.item_code,
    r.eit_part,
    r.topic_no,
    r.remark_th,
    r.source_place,
    y.province_code
from {{ ref('int_remark') }} as r
join {{ ref('int_agency_year') }} as y using (agency_id, fiscal_year)
