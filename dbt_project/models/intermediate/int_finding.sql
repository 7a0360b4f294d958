{{ config(indexes=[{'columns': ['agency_id', 'fiscal_year', 'measure_no']}]) }}
-- Grain: agency × results year × finding: what the results say must be answered by a measure
-- (int_found), the subject whose measure answers it, at least how many OIT items were scored 0, the
-- likeliest of them, and the OIT item that the measure serves.
-- Years that stay are taken over; what the agency itself plans is joined later (int_answered).
-- An assessor's remark may name the OIT item that repairs the fault: o13, ข้อ 013 (a zero for o).
with cited as (
    select
        found.agency_id,
        found.fiscal_year,
        found.item_code,
        f.meaning
    from {{ ref('int_found') }} as found
    cross join
        lateral (
            select (regexp_match(
                translate(remark_th, '๐๑๒๓๔๕๖๗๘๙', '0123456789'),
                '(?:^|[^0-9A-Za-z])(?:[oO]|0(?=\d\d(?!\d)))\s?0?(\d{1,2})(?!\d)'
            ))[1] as item_no
        ) as named
    join {{ ref('int_framework_item') }} as f
        on
            f.fiscal_year = found.fiscal_year and f.instrument = 'OIT'
            and f.item_no = named.item_no::integer
    where found.remark_th is not null
),

zero as (
    select
        f.agency_id, f.fiscal_year, coalesce(f.indicator_no, 0) as indicator_no,
        f.agency_type, f.province_code, min(z.items) as items
    from {{ ref('int_found') }} as f
    -- the printed figure is rounded: a hundredth less may have been lost
    join {{ ref('int_zero_items') }} as z
        on
            z.fiscal_year = f.fiscal_year
            and coalesce(z.indicator_no, 0) = coalesce(f.indicator_no, 0)
            and z.most_lost >= 100 - f.score - 0.01
    where f.instrument = 'OIT' and f.basis in ('indicator', 'instrument')
    group by f.agency_id, f.fiscal_year, f.indicator_no, f.agency_type, f.province_code
),

usual as (
    select
        scope, fiscal_year, province_code, agency_type, item_codes,
        coalesce(indicator_no, 0) as indicator_no
    from {{ ref('int_usual_failure') }}
),

-- What usually fails is looked up for these few alone, not for each finding.
likely as (
    select
        zero.*,
        coalesce(in_province.item_codes, in_type.item_codes, in_country.item_codes) as item_codes
    from zero
    left join usual as in_province
        on
            in_province.scope = 'province_type' and in_province.fiscal_year = zero.fiscal_year
            and in_province.indicator_no = zero.indicator_no
            and in_province.province_code = zero.province_code
            and in_province.agency_type = zero.agency_type
    left join usual as in_type
        on
            in_type.scope = 'type' and in_type.fiscal_year = zero.fiscal_year
            and in_type.indicator_no = zero.indicator_no
            and in_type.agency_type = zero.agency_type
    left join usual as in_country
        on
            in_country.scope = 'national' and in_country.fiscal_year = zero.fiscal_year
            and in_country.indicator_no = zero.indicator_no
)

select
    found.agency_id,
    found.fiscal_year,
    found.measure_no,
    found.basis,
    found.severity,
    found.instrument,
    found.indicator_no,
    found.item_code,
    found.item_order,
    found.meaning,
    found.score,
    round(found.points_lost, 8) as points_lost,
    found.flagged,
    found.remark_th,
    found.peer_mean,
    found.last_score,
    likely.items as least_zero_items,
    likely.item_codes as likely_item_codes,
    coalesce(by_remark.item_code, by_remedy.item_code, by_group.item_code) as serves_item_code,
    found.agency_type,
    found.province_code
from {{ ref('int_found') }} as found
left join likely
    on
        likely.agency_id = found.agency_id and likely.fiscal_year = found.fiscal_year
        and likely.indicator_no = coalesce(found.indicator_no, 0)
        and found.instrument = 'OIT' and found.basis in ('indicator', 'instrument')
left join cited
    on
        cited.agency_id = found.agency_id and cited.fiscal_year = found.fiscal_year
        and cited.item_code = found.item_code
left join {{ ref('int_oit_code') }} as by_remark
    on by_remark.fiscal_year = found.fiscal_year and by_remark.meaning = cited.meaning
left join {{ ref('int_served_item') }} as by_remedy
    on
        by_remedy.fiscal_year = found.fiscal_year and by_remedy.meaning = found.meaning
        and by_remedy.severity = found.severity
left join {{ ref('int_oit_code') }} as by_group
    on by_group.fiscal_year = found.fiscal_year and by_group.meaning = found.serves_meaning
{{ union_kept_years() }}
