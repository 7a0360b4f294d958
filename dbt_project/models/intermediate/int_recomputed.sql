{{ config(indexes=[{'columns': ['agency_id', 'fiscal_year'], 'unique': true}]) }}
-- Grain: agency × year with an indicator: parts and overall at full precision. A part that lacks an
-- indicator is null, and so is the overall. Where no indicator is known, the overall follows from
-- the three instruments as published (basis instruments).
with framework as (
    select
        i.fiscal_year,
        i.instrument,
        min(w.weight) as weight,
        count(*) as indicators
    from {{ ref('indicator') }} as i
    join {{ ref('instrument') }} as w using (fiscal_year, instrument)
    group by i.fiscal_year, i.instrument
),

country as (
    select fiscal_year, sum(weight) as weight, count(*) as instruments
    from framework
    group by fiscal_year
),

part as (
    select
        s.agency_id,
        s.fiscal_year,
        s.instrument,
        f.weight,
        case when count(*) = f.indicators then avg(s.recomputed_score) end as score,
        case when count(s.public_score) = f.indicators then avg(s.public_score) end as public_score,
        case when count(s.survey_score) = f.indicators then avg(s.survey_score) end as survey_score,
        bool_and(s.is_complete) and count(*) = f.indicators as is_complete,
        bool_or(s.basis = 'partial') as is_partial,
        bool_and(s.basis = 'items') as by_items,
        bool_and(s.basis = 'indicators') as by_indicators
    from {{ ref('int_indicator') }} as s
    join framework as f using (fiscal_year, instrument)
    group by s.agency_id, s.fiscal_year, s.instrument, f.weight, f.indicators
),

whole as (
    select
        p.agency_id,
        p.fiscal_year,
        case when count(p.score) = c.instruments then sum(p.score * p.weight) / c.weight end
            as overall_score,
        max(p.score) filter (where p.instrument = 'IIT') as iit_score,
        max(p.score) filter (where p.instrument = 'EIT') as eit_score,
        max(p.public_score) as eit_public_score,
        max(p.survey_score) as eit_survey_score,
        max(p.score) filter (where p.instrument = 'OIT') as oit_score,
        bool_and(p.is_complete) and count(*) = c.instruments as has_all_items,
        bool_or(p.is_partial) as is_partial,
        bool_and(p.by_items) as by_items,
        bool_and(p.by_indicators) as by_indicators
    from part as p
    join country as c using (fiscal_year)
    group by p.agency_id, p.fiscal_year, c.instruments, c.weight
),

-- EIT follows from its two parts where it is not itself published.
stated as (
    select
        f.agency_id,
        f.fiscal_year,
        f.code as instrument,
        coalesce(
            max(f.score) filter (where f.part is null),
            (
                max(f.score) filter (where f.part = 'public')
                + max(f.score) filter (where f.part = 'survey')
            ) / 2
        ) as score
    from {{ ref('int_published_figure') }} as f
    where
        f.level = 'instrument' and not exists (
            select from {{ ref('int_indicator') }} as i
            where i.agency_id = f.agency_id and i.fiscal_year = f.fiscal_year
        )
    group by f.agency_id, f.fiscal_year, f.code
),

by_instruments as (
    select
        s.agency_id,
        s.fiscal_year,
        sum(s.score * w.weight) / c.weight as overall_score
    from stated as s
    join {{ ref('instrument') }} as w using (fiscal_year, instrument)
    join country as c using (fiscal_year)
    where s.score is not null
    group by s.agency_id, s.fiscal_year, c.instruments, c.weight
    having count(*) = c.instruments
)

select
    agency_id,
    fiscal_year,
    overall_score,
    iit_score,
    eit_score,
    eit_public_score,
    eit_survey_score,
    oit_score,
    has_all_items,
    case
        when overall_score is null then null
        when is_partial then 'partial'
        when by_items then 'items'
        when by_indicators then 'indicators'
        else 'mixed'
    end as basis
from whole
union all
select
    agency_id,
    fiscal_year,
    overall_score,
    null as iit_score,
    null as eit_score,
    null as eit_public_score,
    null as eit_survey_score,
    null as oit_score,
    false as has_all_items,
    'instruments' as basis
from by_instruments
{{ union_kept_years() }}
