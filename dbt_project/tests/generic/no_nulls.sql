{# Fails with the keys of the rows in which one of the columns is null; one pass over the table. Fixed by: the developer. #}
{% test no_nulls(model, columns, key) %}
select {{ (key + (columns | reject('in', key) | list)) | join(', ') }}
from {{ model }}
where {{ columns | join(' is null or ') }} is null
{% endtest %}
