{# Fails with the keys and values of the rows in which a column is outside [minimum, maximum]. Fixed by: the developer. #}
{% test within(model, column, minimum, maximum, key) %}
select {{ key | join(', ') }}, {{ column }}
from {{ model }}
where {{ column }} not between {{ minimum }} and {{ maximum }}
{% endtest %}
