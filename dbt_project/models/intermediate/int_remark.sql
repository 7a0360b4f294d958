-- Grain: agency × year × remark: the official remarks on an item (or, without an item, on a topic)
-- where there is one, else the agency's.
with held as (
    select
        r.*,
        c.preference,
        min(c.preference) over (
            partition by
                r.agency_id,
                r.fiscal_year,
                r.item_code,
                case when r.item_code is null then r.topic_no end
        ) as best
    from {{ ref('stg_remark') }} as r
    join {{ ref('int_current_submission') }} as c using (submission_sha256, agency_id, fiscal_year)
    where c.kind = 'scores'
)

select
    agency_id,
    fiscal_year,
    preference,
    remark_no,
    item_code,
    part as eit_part,
    topic_no,
    remark_th,
    source_place
from held
where preference = best
