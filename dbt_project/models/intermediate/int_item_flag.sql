-- Grain: agency × year (those that are built anew) × item that the assessor flags: on which part.
-- The official flags stand for an item where there is one, else the agency's.
with flagged as (
    select
        s.agency_id, s.fiscal_year, s.code as item_code, s.part, c.preference,
        min(c.preference) over (partition by s.agency_id, s.fiscal_year, s.code) as best
    from {{ ref('stg_score') }} as s
    join {{ ref('int_current_submission') }} as c using (submission_sha256, agency_id, fiscal_year)
    where c.kind = 'scores' and s.level = 'item' and s.flagged and {{ is_rebuilt('s.fiscal_year') }}
)

select
    y.agency_year_no,
    f.year_item_no,
    bool_or(part is null) as on_item,
    bool_or(part = 'public') as on_public,
    bool_or(part = 'survey') as on_survey
from flagged
join {{ ref('int_agency_year') }} as y using (agency_id, fiscal_year)
join {{ ref('int_framework_item') }} as f using (fiscal_year, item_code)
where preference = best
group by y.agency_year_no, f.year_item_no
