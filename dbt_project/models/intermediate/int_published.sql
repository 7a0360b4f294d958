{{ config(indexes=[{'columns': ['agency_id', 'fiscal_year'], 'unique': true}]) }}
-- Grain: agency × year with a score: the published figures side by side, and the submission that
-- the row stands for: the one whose overall score won, without one the official, else the agency's.
{% set stated = "max(score) filter (where level = 'instrument' and code = 'EIT' and part = " %}
{% set both_parts = '(' ~ stated ~ "'public') + " ~ stated ~ "'survey')) / 2" %}
with figure as (
    select
        agency_id,
        fiscal_year,
        max({{ round_score('score') }}) filter (where level = 'overall') as overall_score,
        max(rating) filter (where level = 'overall') as level_code,
        max(preference) filter (where level = 'overall') as preference,
        max({{ round_score('score') }}) filter (
            where level = 'instrument' and code = 'IIT' and part is null
        ) as iit_score,
        -- EIT follows from its two published parts where it is not itself published.
        coalesce(
            max({{ round_score('score') }}) filter (
                where level = 'instrument' and code = 'EIT' and part is null
            ),
            {{ round_score(both_parts) }}
        ) as eit_score,
        max({{ round_score('score') }}) filter (
            where level = 'instrument' and code = 'EIT' and part = 'public'
        ) as eit_public_score,
        max({{ round_score('score') }}) filter (
            where level = 'instrument' and code = 'EIT' and part = 'survey'
        ) as eit_survey_score,
        max({{ round_score('score') }}) filter (
            where level = 'instrument' and code = 'OIT' and part is null
        ) as oit_score
    from {{ ref('int_published_figure') }}
    group by agency_id, fiscal_year
),

rank_stated as (
    select
        agency_id,
        fiscal_year,
        (
            array_agg(published_province_rank order by preference) filter (
                where published_province_rank is not null
            )
        )[1] as published_province_rank,
        (
            array_agg(published_type_rank order by preference) filter (
                where published_type_rank is not null
            )
        )[1] as published_type_rank
    from {{ ref('int_current_submission') }}
    where kind = 'scores'
    group by agency_id, fiscal_year
)

select
    c.agency_id,
    c.fiscal_year,
    f.agency_id is not null as has_figure,
    f.overall_score,
    f.level_code,
    f.iit_score,
    f.eit_score,
    f.eit_public_score,
    f.eit_survey_score,
    f.oit_score,
    r.published_province_rank,
    r.published_type_rank,
    c.authority,
    c.submission_sha256,
    c.received_at
from {{ ref('int_current_submission') }} as c
join rank_stated as r using (agency_id, fiscal_year)
left join figure as f using (agency_id, fiscal_year)
where
    c.kind = 'scores'
    and c.preference = coalesce(f.preference, 1)
    and {{ is_rebuilt('c.fiscal_year') }}
{{ union_kept_years() }}
