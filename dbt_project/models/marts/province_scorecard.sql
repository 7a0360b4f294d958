-- Grain: year × province with an agency that has an overall score: what a provincial office
-- reports, on one row.
with part as (
    select
        fiscal_year,
        province_code,
        {{ round_score('avg(iit_score)') }} as mean_iit_score,
        {{ round_score('avg(eit_score)') }} as mean_eit_score,
        {{ round_score('avg(oit_score)') }} as mean_oit_score
    from {{ ref('assessment') }}
    where overall_score is not null
    group by fiscal_year, province_code
),

commonest as (
    select
        c.fiscal_year,
        c.province_code,
        (array_agg(c.item_code order by c.deficiency_rank, f.item_order))[1:3]
            as commonest_item_codes
    from {{ ref('common_deficiency') }} as c
    join {{ ref('int_framework_item') }} as f using (fiscal_year, item_code)
    where c.scope = 'province' and c.agencies_deficient > 0
    group by c.fiscal_year, c.province_code
),

-- The measures of the next fiscal year answer the results of this one: counted where the agency was
-- when it had them.
answered as (
    select a.fiscal_year, a.province_code, count(*) as agencies_with_measures
    from {{ ref('assessment') }} as a
    where
        a.overall_score is not null
        and exists (
            select from {{ ref('measure') }} as m
            where m.agency_id = a.agency_id and m.fiscal_year = a.fiscal_year + 1
        )
    group by a.fiscal_year, a.province_code
)

select
    s.fiscal_year,
    s.province_code,
    p.province_th,
    p.region_th,
    p.region_status,
    s.agencies,
    s.mean_score,
    s.mean_score - last_year.mean_score as mean_score_change,
    (rank() over (partition by s.fiscal_year order by s.mean_score desc))::integer as province_rank,
    (count(*) over (partition by s.fiscal_year))::integer as provinces,
    s.median_score,
    s.agencies_passed,
    s.pass_share,
    s.pass_share - last_year.pass_share as pass_share_change,
    s.level_counts,
    part.mean_iit_score,
    part.mean_eit_score,
    part.mean_oit_score,
    s.best_agency_id,
    s.mean_rank_change,
    coalesce(commonest.commonest_item_codes, '{}') as commonest_item_codes,
    coalesce(answered.agencies_with_measures, 0)::integer as agencies_with_measures
from {{ ref('province_summary') }} as s
join part using (fiscal_year, province_code)
left join {{ ref('province') }} as p using (province_code)
left join
    {{ ref('province_summary') }} as last_year
    on last_year.fiscal_year = s.fiscal_year - 1 and last_year.province_code = s.province_code
left join
    commonest
    on commonest.fiscal_year = s.fiscal_year and commonest.province_code = s.province_code
left join
    answered
    on answered.fiscal_year = s.fiscal_year and answered.province_code = s.province_code
