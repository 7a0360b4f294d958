{{ config(indexes=[{'columns': ['agency_id', 'fiscal_year']}]) }}
-- Grain: agency × year (those that are built anew) × indicator with a figure: published, from its
-- items, and the recomputed one by the contract's rule. first and second are the two parts of EIT;
-- what has no part stands in both, so that one formula serves all instruments.
with framework as (
    select
        fiscal_year,
        indicator_no,
        min(instrument) as instrument,
        count(*) as items
    from {{ ref('int_framework_item') }}
    group by fiscal_year, indicator_no
),

part_of_items as (
    select
        s.agency_year_no,
        f.indicator_no,
        f.sub_indicator,
        s.eit_part,
        sum(s.score) as score_sum,
        count(*)::integer as items
    from {{ ref('int_new_item_score') }} as s
    join {{ ref('int_framework_item') }} as f using (year_item_no)
    group by s.agency_year_no, f.indicator_no, f.sub_indicator, s.eit_part
),

-- One row a sub-indicator (OIT) or an indicator (surveys): its parts, each one row above, side by
-- side. whole: what has no part.
by_part as (
    select
        agency_year_no,
        indicator_no,
        coalesce(max(score_sum) filter (where eit_part is null), 0) as whole_sum,
        coalesce(max(score_sum) filter (where eit_part = 'public'), 0) as public_sum,
        coalesce(max(score_sum) filter (where eit_part = 'survey'), 0) as survey_sum,
        coalesce(max(items) filter (where eit_part is null), 0) as whole_items,
        coalesce(max(items) filter (where eit_part = 'public'), 0) as public_items,
        coalesce(max(items) filter (where eit_part = 'survey'), 0) as survey_items
    from part_of_items
    group by agency_year_no, indicator_no, sub_indicator
),

mean_of_items as (
    select
        *,
        (whole_sum + public_sum) / nullif(whole_items + public_items, 0) as first_mean,
        (whole_sum + survey_sum) / nullif(whole_items + survey_items, 0) as second_mean
    from by_part
),

by_indicator as (
    select
        agency_year_no,
        indicator_no,
        avg((coalesce(first_mean, second_mean) + coalesce(second_mean, first_mean)) / 2) as score,
        max(public_sum / nullif(public_items, 0)) as public_score,
        max(survey_sum / nullif(survey_items, 0)) as survey_score,
        sum(whole_items + public_items) as first_items,
        sum(whole_items + survey_items) as second_items,
        sum(public_items) as public_items,
        sum(survey_items) as survey_items
    from mean_of_items
    group by agency_year_no, indicator_no
),

from_items as (
    select y.agency_id, y.fiscal_year, i.*
    from by_indicator as i
    join {{ ref('int_agency_year') }} as y using (agency_year_no)
),

published as (
    select agency_id, fiscal_year, code::integer as indicator_no, score
    from {{ ref('int_published_figure') }}
    where level = 'indicator' and part is null
),

judged as (
    select
        agency_id,
        fiscal_year,
        indicator_no,
        framework.instrument,
        published.score as published_score,
        from_items.score as items_score,
        from_items.score is not null as has_items,
        case when public_items = items then from_items.public_score end as public_score,
        case when survey_items = items then from_items.survey_score end as survey_score,
        coalesce(first_items = items and second_items = items, false) as is_complete,
        framework.instrument <> 'EIT'
        or (public_items = items and survey_items = items) as parts_are_stated
    from from_items
    full join published using (agency_id, fiscal_year, indicator_no)
    join framework using (fiscal_year, indicator_no)
)

select
    agency_id,
    fiscal_year,
    indicator_no,
    instrument,
    published_score,
    public_score,
    survey_score,
    has_items,
    is_complete,
    case
        when is_complete and (parts_are_stated or published_score is null) then items_score
        else coalesce(published_score, items_score)
    end as recomputed_score,
    case
        when is_complete and (parts_are_stated or published_score is null) then 'items'
        when published_score is not null then 'indicators'
        else 'partial'
    end as basis
from judged
