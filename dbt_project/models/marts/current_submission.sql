-- Grain: agency × year × kind of content × authority: the file that counts, the latest of each
-- authority.
select
    c.agency_id,
    c.fiscal_year,
    c.kind,
    c.authority,
    c.submission_sha256,
    c.received_at,
    y.province_code
from {{ ref('int_current_submission') }} as c
join {{ ref('int_agency_year') }} as y using (agency_id, fiscal_year)
where c.kind = 'scores' or c.authority = 'agency'
