-- Grain: year × scope × item that somebody in the scope has a score for and whose meaning was
-- deficient there the year before. The scopes are those of common_deficiency.
with cell as (
    select
        y.fiscal_year,
        p.region_th,
        y.province_code,
        y.agency_type,
        w.year_item_no,
        count(*) as agencies_before,
        count(*) filter (where w.is_repaired) as agencies_repaired,
        count(m.agency_id) as agencies_with_measure,
        count(m.agency_id) filter (where w.is_repaired) as agencies_repaired_with_measure
    from {{ ref('int_was_deficient') }} as w
    join {{ ref('int_agency_year') }} as y using (agency_year_no)
    left join {{ ref('province') }} as p on p.province_code = y.province_code
    join
        {{ ref('int_framework_item') }} as last_item
        on last_item.year_item_no = w.last_year_item_no
    left join {{ ref('int_repairing') }} as m
        on
            m.agency_id = y.agency_id and m.fiscal_year = y.fiscal_year
            and m.last_item_code = last_item.item_code
    group by y.fiscal_year, p.region_th, y.province_code, y.agency_type, w.year_item_no
),

scope as (
    select
        fiscal_year,
        {{ scope_name() }} as scope,
        region_th,
        province_code,
        agency_type,
        year_item_no,
    {% for count in ['agencies_before', 'agencies_repaired', 'agencies_with_measure',
        'agencies_repaired_with_measure'] -%}
        sum({{ count }})::integer as {{ count }}{{ "," if not loop.last }}
    {% endfor %}
    from cell
    group by fiscal_year, year_item_no, {{ scopes() }}
)

select
    scope.fiscal_year,
    scope.scope,
    scope.province_code,
    scope.agency_type,
    f.item_code,
    scope.agencies_before,
    scope.agencies_repaired,
    round(100.0 * scope.agencies_repaired / scope.agencies_before, 2) as repaired_share,
    scope.agencies_with_measure,
    scope.agencies_repaired_with_measure,
    f.link_status,
    scope.region_th
from scope
join {{ ref('int_framework_item') }} as f using (year_item_no)
{{ union_kept_years() }}
