{{ config(indexes=[{'columns': ['agency_id', 'fiscal_year'], 'unique': true},
    {'columns': ['agency_year_no'], 'unique': true}]) }}
-- Grain: agency × every fiscal year that any of its content is of: the agency as it was in that
-- year. Withdrawn content too, so that a withdrawn file keeps its provinces. Outside the years of
-- the registry the nearest earlier row stands in, else the first.
with content as (
    select distinct agency_id, fiscal_year
    from {{ source('raw', 'unit') }}
    where {{ is_rebuilt() }}
)

-- agency_year_no and cell_no (fiscal year × province × type) are numbers for joining and grouping
-- millions of items; they rise with the year and mean nothing outside a build.
select
    (row_number() over (order by content.fiscal_year, content.agency_id))::integer
    + {{ last_kept('agency_year_no') }} as agency_year_no,
    (
        dense_rank() over (order by content.fiscal_year, as_of.province_code, as_of.agency_type)
    )::integer
    + {{ last_kept('cell_no') }} as cell_no,
    content.agency_id,
    content.fiscal_year,
    coalesce(as_of.name_th, content.agency_id) as name_th,
    as_of.agency_type,
    as_of.province_code,
    as_of.district_th
from content
left join lateral (
    select name_th, agency_type, province_code, district_th
    from {{ ref('int_agency_version') }} as v
    where v.agency_id = content.agency_id
    order by
        v.valid_from <= content.fiscal_year
        and coalesce(v.valid_to, 9999) >= content.fiscal_year desc,
        v.valid_from <= content.fiscal_year desc,
        abs(content.fiscal_year - v.valid_from)
    limit 1
) as as_of on true
{{ union_kept_years() }}
