-- Grain: year × province × agency type × item: sums that every scope of common_deficiency adds up.
-- An agency counts once: each of its parts counts for one over its number of parts.
with scored as (
    select
        s.fiscal_year,
        y.province_code,
        y.agency_type,
        s.item_code,
        sum(1.0 / s.parts) as agencies_assessed,
        sum(s.score / s.parts) as score_sum,
        sum(s.points_lost) as points_lost_sum
    from {{ ref('int_item_score') }} as s
    join {{ ref('int_agency_year') }} as y using (agency_id, fiscal_year)
    group by s.fiscal_year, y.province_code, y.agency_type, s.item_code
),

deficient_agency as (
    select agency_id, fiscal_year, item_code, bool_or(severity = 'urgent') as is_urgent
    from {{ ref('int_item_score') }}
    where severity is not null
    group by agency_id, fiscal_year, item_code
),

deficient as (
    select
        d.fiscal_year,
        y.province_code,
        y.agency_type,
        d.item_code,
        count(*) as agencies_deficient,
        count(*) filter (where d.is_urgent) as agencies_urgent,
        count(*) filter (where r.years_running > 1) as persistent_agencies
    from deficient_agency as d
    join {{ ref('int_agency_year') }} as y using (agency_id, fiscal_year)
    join {{ ref('int_running') }} as r using (agency_id, fiscal_year, item_code)
    group by d.fiscal_year, y.province_code, y.agency_type, d.item_code
)

select
    s.fiscal_year,
    s.province_code,
    s.agency_type,
    s.item_code,
    round(s.agencies_assessed)::integer as agencies_assessed,
    s.score_sum,
    s.points_lost_sum,
    coalesce(d.agencies_deficient, 0) as agencies_deficient,
    coalesce(d.agencies_urgent, 0) as agencies_urgent,
    coalesce(d.persistent_agencies, 0) as persistent_agencies
from scored as s
left join deficient as d
    on d.fiscal_year = s.fiscal_year and d.item_code = s.item_code
    and d.province_code is not distinct from s.province_code and d.agency_type is not distinct from s.agency_type
