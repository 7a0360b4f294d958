{{ config(indexes=[{'columns': ['agency_id', 'fiscal_year'], 'unique': true}]) }}
-- Grain: agency × year with a score: the figures that count (published, else recomputed) and the
-- level that follows from them.
with figure as (
    select
        p.agency_id,
        p.fiscal_year,
        coalesce(p.overall_score, {{ round_score('r.overall_score') }}) as overall_score,
        case
            when p.overall_score is not null then 'published'
            when r.overall_score is not null then 'recomputed'
        end as score_source,
        {{ round_score('r.overall_score') }} as recomputed_score,
        r.basis as recomputed_basis,
        coalesce(p.iit_score, {{ round_score('r.iit_score') }}) as iit_score,
        coalesce(p.eit_score, {{ round_score('r.eit_score') }}) as eit_score,
        coalesce(p.eit_public_score, {{ round_score('r.eit_public_score') }}) as eit_public_score,
        coalesce(p.eit_survey_score, {{ round_score('r.eit_survey_score') }}) as eit_survey_score,
        coalesce(p.oit_score, {{ round_score('r.oit_score') }}) as oit_score,
        p.level_code as published_level_code,
        p.published_province_rank,
        p.published_type_rank,
        p.authority,
        p.submission_sha256,
        p.received_at,
        -- level_path starts from here: full precision where nothing is published.
        coalesce(p.overall_score, r.overall_score) as exact_overall_score,
        coalesce(r.has_all_items, false) as has_all_items
    from {{ ref('int_published') }} as p
    left join {{ ref('int_recomputed') }} as r using (agency_id, fiscal_year)
    -- a submission can bring remarks and no figure at all
    where p.has_figure or r.agency_id is not null
),

-- Levels from the best down: the first that is not refused decides, unless an unknown part leaves
-- it open.
candidate as (
    select
        f.agency_id,
        f.fiscal_year,
        l.level_code,
        l.level_order,
        l.each_part_min is not null
        and (
            f.iit_score is null
            or f.eit_public_score is null
            or f.eit_survey_score is null
            or f.oit_score is null
        )
            as is_open
    from figure as f
    join {{ ref('rating_level') }} as l using (fiscal_year)
    where
        f.overall_score >= l.overall_min
        and (
            l.each_part_min is null
            or least(
                f.iit_score,
                f.eit_public_score,
                f.eit_survey_score,
                f.oit_score,
                -- where a part of EIT is not known: one of the two is not above the whole
                case
                    when f.eit_public_score is null or f.eit_survey_score is null then f.eit_score
                end,
                100
            ) >= l.each_part_min
        )
),

best as (
    select distinct on (agency_id, fiscal_year)
        agency_id,
        fiscal_year,
        case when not is_open then level_code end as computed_level_code
    from candidate
    order by agency_id, fiscal_year, level_order
)

select
    f.*,
    best.computed_level_code,
    coalesce(f.published_level_code, best.computed_level_code) as level_code,
    y.name_th,
    y.agency_type,
    y.province_code,
    y.district_th
from figure as f
join {{ ref('int_agency_year') }} as y using (agency_id, fiscal_year)
left join best using (agency_id, fiscal_year)
