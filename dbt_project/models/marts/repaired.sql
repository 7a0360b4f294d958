{{ config(indexes=[{'columns': ['province_code', 'fiscal_year', 'agency_id']}]) }}
-- Grain: agency × year × item with a score that is in order and whose meaning was deficient the
-- year before.
with running as (
    select agency_id, fiscal_year, item_code, max(years_running) as years_running
    from {{ ref('agency_deficiency') }}
    where {{ is_rebuilt('fiscal_year + 1') }}
    group by agency_id, fiscal_year, item_code
)

select
    y.agency_id,
    y.fiscal_year,
    y.agency_type,
    f.item_code,
    f.meaning,
    f.indicator_no,
    w.score,
    last_item.item_code as last_item_code,
    w.last_score,
    case when w.was_urgent then 'urgent' else 'develop' end as last_severity,
    running.years_running as years_deficient,
    coalesce(m.measure_nos, '{}') as measure_nos,
    m.measures_th,
    coalesce(m.measures_done, 0) as measures_done,
    f.link_status,
    y.province_code
from {{ ref('int_was_deficient') }} as w
join {{ ref('int_agency_year') }} as y using (agency_year_no)
join {{ ref('int_framework_item') }} as f using (year_item_no)
join {{ ref('int_framework_item') }} as last_item on last_item.year_item_no = w.last_year_item_no
join running
    on
        running.agency_id = w.last_agency_id and running.fiscal_year = last_item.fiscal_year
        and running.item_code = last_item.item_code
left join {{ ref('int_repairing') }} as m
    on
        m.agency_id = y.agency_id and m.fiscal_year = y.fiscal_year
        and m.last_item_code = last_item.item_code
where w.is_repaired
{{ union_kept_years() }}
