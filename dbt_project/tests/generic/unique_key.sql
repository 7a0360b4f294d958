{# Fails with the keys that occur more than once, and how often. Null is a value of the key here.
   Fixed by: the developer. #}
{% test unique_key(model, columns) %}
select {{ columns | join(', ') }}, count(*) as rows_found
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}
