{{ config(indexes=[{'columns': ['agency_id', 'fiscal_year', 'measure_no'], 'unique': true}]) }}
-- Grain: agency × results year × proposed measure. The findings of one subject (measure_group: an
-- indicator, or a sub-indicator of OIT) are answered by one measure, fifteen at the most; a topic
-- that has none gets the one that keeps its standard. The number is that of the subject: a later
-- correction of the results never gives a printed number to another measure.
with answering as (
    select
        agency_id,
        fiscal_year,
        measure_no,
        min(agency_type) as agency_type,
        min(province_code) as province_code,
        case when bool_or(severity = 'urgent') then 'urgent' else 'develop' end as severity,
        coalesce(
            array_agg(item_code order by item_order) filter (where item_code is not null), '{}'
        ) as item_codes
    from {{ ref('int_finding') }}
    where {{ is_rebuilt() }}
    group by agency_id, fiscal_year, measure_no
),

keeping as (
    select
        a.agency_id,
        a.fiscal_year,
        kept.measure_no,
        y.agency_type,
        y.province_code
    from {{ ref('int_assessment') }} as a
    join {{ ref('int_agency_year') }} as y using (agency_id, fiscal_year)
    cross join (
        select min(measure_no) as measure_no, topic_no
        from {{ ref('measure_group') }}
        where keep_measure_th is not null
        group by topic_no
    ) as kept
    where {{ is_rebuilt('a.fiscal_year') }} and not exists (
        select from answering as m
        where
            m.agency_id = a.agency_id and m.fiscal_year = a.fiscal_year
            and m.measure_no / 100 = kept.topic_no
    )
)

select
    agency_id,
    fiscal_year,
    measure_no,
    agency_type,
    province_code,
    severity,
    item_codes
from answering
union all
select agency_id, fiscal_year, measure_no, agency_type, province_code, 'keep', '{}'
from keeping
{{ union_kept_years() }}
