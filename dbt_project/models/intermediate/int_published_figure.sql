-- Grain: agency × year (those that are built anew) × level × code × part above the items: the
-- figure that wins, the official one first, figure by figure. A rating comes with its overall
-- score: the agency's own counts beside an official overall without one only where both overalls
-- are the same to two decimals.
with held as (
    select
        s.agency_id,
        s.fiscal_year,
        s.level,
        s.code,
        s.part,
        s.score,
        s.rating,
        c.authority,
        c.submission_sha256,
        c.received_at,
        c.preference
    from {{ ref('stg_score') }} as s
    join {{ ref('int_current_submission') }} as c using (submission_sha256, agency_id, fiscal_year)
    where c.kind = 'scores' and s.level <> 'item' and {{ is_rebuilt('s.fiscal_year') }}
)

select distinct on (agency_id, fiscal_year, level, code, part)
    agency_id,
    fiscal_year,
    level,
    code,
    part,
    score,
    case
        when
            rating is null
            and {{ round_score('score') }} = {{ round_score('lead(score) over other') }}
            then lead(rating) over other
        else rating
    end as rating,
    authority,
    submission_sha256,
    received_at,
    preference
from held
window other as (partition by agency_id, fiscal_year, level, code, part order by preference)
order by agency_id, fiscal_year, level, code, part, preference
