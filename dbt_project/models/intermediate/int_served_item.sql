-- Grain: results year × meaning × severity of a remedy: the OIT item that its measure serves, the
-- first of the remedy's that the year's numbering (int_oit_code) knows.
select distinct on (code.fiscal_year, r.meaning, r.severity)
    code.fiscal_year,
    r.meaning,
    r.severity,
    code.item_code
from {{ ref('remedy') }} as r
cross join
    lateral unnest(string_to_array(r.oit_meanings, '|')) with ordinality
        as served (meaning, place)
join {{ ref('int_oit_code') }} as code on code.meaning = served.meaning
order by code.fiscal_year, r.meaning, r.severity, served.place
