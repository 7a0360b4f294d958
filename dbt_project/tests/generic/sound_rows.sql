{# Fails with the keys that occur more than once (null is a value of the key here), and with those
   of the rows in which a column of `no_nulls` is null. kept_years: the model takes over rows of
   years that stay; they were tested when they were built. Fixed by: the developer. #}
{% test sound_rows(model, key, no_nulls, kept_years=false) %}
{% set years = 'where ' ~ is_rebuilt() if kept_years else '' %}
select {{ key | join(', ') }}, 'occurs ' || count(*) || ' times' as fault
from {{ model }} {{ years }}
group by {{ key | join(', ') }}
having count(*) > 1
union all
select {{ key | join(', ') }}, 'null in {{ no_nulls | join(', ') }}'
from (select * from {{ model }} {{ years }}) as tested
where {{ no_nulls | join(' is null or ') }} is null
{% endtest %}
