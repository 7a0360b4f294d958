{{ config(indexes=[{'columns': ['province_code', 'fiscal_year', 'agency_id']}]) }}
-- Grain: agency × year × indicator with a figure.
with shown as (
    select
        agency_id,
        fiscal_year,
        indicator_no,
        {{ round_score('coalesce(published_score, recomputed_score)') }} as score,
        {{ round_score('recomputed_score') }} as recomputed_score
    from {{ ref('int_indicator') }}
    {% if keeps_years() %}
        union all
        select agency_id, fiscal_year, indicator_no, score, recomputed_score
        from published.indicator_score
        where fiscal_year = {{ first_year() }} - 1
    {% endif %}
)

select
    s.agency_id,
    s.fiscal_year,
    s.indicator_no,
    i.indicator_th,
    s.score,
    s.recomputed_score,
    s.score - last_year.score as change,
    y.province_code
from shown as s
join {{ ref('indicator') }} as i using (fiscal_year, indicator_no)
join {{ ref('int_agency_year') }} as y using (agency_id, fiscal_year)
left join shown as last_year
    on
        last_year.agency_id = s.agency_id
        and last_year.fiscal_year = s.fiscal_year - 1
        and last_year.indicator_no = s.indicator_no
where {{ is_rebuilt('s.fiscal_year') }}
{{ union_kept_years() }}
