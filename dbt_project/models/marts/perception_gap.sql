{{ config(indexes=[{'columns': ['province_code', 'fiscal_year', 'agency_id']}]) }}
-- Grain: agency × year × pair of parts (IIT, EIT.public, EIT.survey, OIT) that both have a score.
with gap as (
    select
        a.agency_id,
        a.fiscal_year,
        a.agency_type,
        a.province_code,
        pair.first_part,
        pair.second_part,
        pair.first_score,
        pair.second_score,
        pair.first_score - pair.second_score as gap
    from {{ ref('int_assessment') }} as a
    cross join
        lateral (
            values
            ('IIT', 'EIT.public', a.iit_score, a.eit_public_score),
            ('IIT', 'EIT.survey', a.iit_score, a.eit_survey_score),
            ('IIT', 'OIT', a.iit_score, a.oit_score),
            ('EIT.public', 'EIT.survey', a.eit_public_score, a.eit_survey_score),
            ('EIT.public', 'OIT', a.eit_public_score, a.oit_score),
            ('EIT.survey', 'OIT', a.eit_survey_score, a.oit_score)
        ) as pair (first_part, second_part, first_score, second_score)
    where
        pair.first_score is not null and pair.second_score is not null
        and {{ is_rebuilt('a.fiscal_year') }}
),

quartile as (
    select
        fiscal_year,
        agency_type,
        first_part,
        second_part,
        count(*) as agencies,
        percentile_cont(array[0.25, 0.5, 0.75]) within group (order by gap)::numeric[] as at
    from gap
    group by fiscal_year, agency_type, first_part, second_part
),

-- Beyond the quartiles by so many times what lies between them: Tukey's fences.
usual as (
    select
        q.*,
        {{ round_score('at[1] - fence.value * (at[3] - at[1])') }} as usual_from,
        {{ round_score('at[3] + fence.value * (at[3] - at[1])') }} as usual_to,
        q.agencies >= least_agencies.value as is_known
    from quartile as q
    left join {{ ref('publication_rule') }} as fence
        on fence.fiscal_year = q.fiscal_year and fence.rule = 'usual_fence'
    left join {{ ref('publication_rule') }} as least_agencies
        on
            least_agencies.fiscal_year = q.fiscal_year
            and least_agencies.rule = 'usual_least_agencies'
)

select
    gap.agency_id,
    gap.fiscal_year,
    gap.agency_type,
    gap.first_part,
    gap.second_part,
    gap.first_score,
    gap.second_score,
    gap.gap,
    usual.agencies::integer as type_agencies,
    {{ round_score('usual.at[2]') }} as type_median_gap,
    case when usual.is_known then usual.usual_from end as usual_from,
    case when usual.is_known then usual.usual_to end as usual_to,
    case
        when usual.is_known and gap.gap > usual.usual_to then 'high'
        when usual.is_known and gap.gap < usual.usual_from then 'low'
    end as unusual,
    gap.province_code
from gap
join usual using (fiscal_year, agency_type, first_part, second_part)
{{ union_kept_years() }}
