{{ config(indexes=[{'columns': ['agency_id', 'valid_from'], 'unique': true}]) }}
-- Grain: agency × valid_from: the registry, the latest arrival of each row. replaces holds the
-- predecessors that can be: known to the registry, and there when this row begins. The others wait
-- until they are right (the receipt has named them); written_predecessors counts them too.
with latest as (
    select distinct on (agency_id, valid_from)
        *
    from {{ ref('stg_agency') }}
    order by agency_id, valid_from, received_at desc, submission_sha256 desc, name_th
),

begun as (
    select agency_id, min(valid_from) as first_fiscal_year
    from latest
    group by agency_id
)

select
    l.agency_id,
    l.valid_from,
    l.valid_to,
    l.name_th,
    l.agency_type,
    l.province_code,
    l.district_th,
    l.ministry_th,
    array(
        select predecessor.agency_id
        from unnest(l.replaces) with ordinality as written (agency_id, written_no)
        join begun as predecessor using (agency_id)
        where predecessor.first_fiscal_year <= l.valid_from
        order by written.written_no
    ) as replaces,
    cardinality(l.replaces) as written_predecessors
from latest as l
