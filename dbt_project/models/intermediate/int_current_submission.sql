{{ config(indexes=[{'columns': ['submission_sha256', 'agency_id', 'fiscal_year']}]) }}
-- Grain: agency × fiscal year × kind × authority: who wins (contract, §2): the latest submission of
-- each authority, by its arrival; of two that arrived at once the greater SHA-256. preference 1 is
-- the official submission where there is one; is_contested: the other authority holds this agency,
-- year and kind too.
with latest as (
    select distinct on (agency_id, fiscal_year, kind, authority)
        *
    from {{ ref('stg_unit') }}
    order by
        agency_id, fiscal_year, kind, authority, received_at desc, submission_sha256 desc
)

select
    agency_id,
    fiscal_year,
    kind,
    authority,
    submission_sha256,
    layout,
    received_at,
    published_province_rank,
    published_type_rank,
    row_number()
        over (partition by agency_id, fiscal_year, kind order by authority = 'nacc' desc)
        as preference,
    count(*) over (partition by agency_id, fiscal_year, kind) > 1 as is_contested
from latest
