{# Fails with the keys and values of the rows in which a column is outside [minimum, maximum]. Fixed by: the developer. #}
{% test within(model, column_name, minimum, maximum, key) %}
select {{ key | join(', ') }}, {{ column_name }}
from {{ model }}
where {{ column_name }} not between {{ minimum }} and {{ maximum }}
{% endtest %}
