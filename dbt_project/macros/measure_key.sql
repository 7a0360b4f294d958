{# The key that a measure carries beside its number wherever an officer fills something in: its
   year, number, items and a fingerprint of its items and words. #}
{% macro measure_key(fiscal_year, measure_no, item_codes, measure_th) -%}
    {{ fiscal_year }} || '/' || {{ measure_no }} || '/' || array_to_string({{ item_codes }}, ',')
    || '/' || left(md5(array_to_string({{ item_codes }}, ',') || {{ measure_th }}), 8)
{%- endmacro %}

{# The last day of a proposal of measures year `fiscal_year`: what is urgent is done before the
   report of six months. #}
{% macro proposal_ends_on(fiscal_year, severity) -%}
    case
        when {{ severity }} = 'urgent' then make_date({{ fiscal_year }} - 543, 3, 31)
        else make_date({{ fiscal_year }} - 543, 9, 30)
    end
{%- endmacro %}
