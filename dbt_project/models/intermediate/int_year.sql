-- Grain: fiscal year with a score: how much of the country has come in.
with expected as (
    select years.fiscal_year, count(distinct v.agency_id) as agencies
    from (select distinct fiscal_year from {{ ref('int_assessment') }}) as years
    left join {{ ref('int_agency_version') }} as v
        on v.valid_from <= years.fiscal_year and coalesce(v.valid_to, 9999) >= years.fiscal_year
    group by years.fiscal_year
),

scored as (
    select fiscal_year, count(*) filter (where overall_score is not null) as agencies
    from {{ ref('int_assessment') }}
    group by fiscal_year
)

select
    fiscal_year,
    expected.agencies as agencies_expected,
    scored.agencies as agencies_scored,
    coalesce(scored.agencies < rule.value * expected.agencies, false) as provisional
from scored
join expected using (fiscal_year)
left join {{ ref('publication_rule') }} as rule using (fiscal_year)
where rule.rule = 'provisional_below' or rule.rule is null
