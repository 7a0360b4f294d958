{{ config(indexes=[
    {'columns': ['agency_id'], 'unique': true}, {'columns': ['label_th'], 'unique': true}
]) }}
-- Grain: agency: its latest registry row.
with latest as (
    select distinct on (agency_id) *
    from {{ ref('int_agency_version') }}
    order by agency_id, valid_from desc
),

span as (
    select
        agency_id,
        min(valid_from) as first_fiscal_year,
        case when bool_or(valid_to is null) then null else max(valid_to) end as last_fiscal_year
    from {{ ref('int_agency_version') }}
    group by agency_id
),

successor as (
    select
        replaced_id as agency_id,
        string_agg(distinct agency_id, '|' order by agency_id) as replaced_by
    from {{ ref('int_agency_version') }}, unnest(replaces) as replaced_id
    group by replaced_id
),

keyed as (
    -- Thai order: each leading vowel behind its consonant, then without tone marks, then with, then
    -- as written.
    select *, regexp_replace(name_th, '([เแโใไ])([ก-ฮ])', '\2\1', 'g') as swapped
    from latest
)

select
    k.agency_id,
    k.name_th,
    case
        when
            t.short_th is not null and starts_with(k.name_th, t.agency_type_th)
            then t.short_th || substr(k.name_th, length(t.agency_type_th) + 1)
        else k.name_th
    end as short_name_th,
    k.agency_type,
    t.agency_type_th,
    k.province_code,
    p.province_th,
    p.province_en,
    p.region_th,
    p.region_status,
    k.district_th,
    k.ministry_th,
    s.first_fiscal_year,
    s.last_fiscal_year,
    r.replaced_by,
    regexp_replace(k.swapped, '[็-๎]', '', 'g')
    || E'\t'
    || k.swapped
    || E'\t'
    || k.name_th as name_sort_key,
    concat(
        k.name_th, ' · ', k.district_th || ' ', coalesce(p.province_th, 'ส่วนกลาง'),
        ' (', k.agency_id, ')'
    ) as label_th
from keyed as k
join span as s using (agency_id)
left join {{ ref('agency_type') }} as t using (agency_type)
left join {{ ref('province') }} as p using (province_code)
left join successor as r using (agency_id)
