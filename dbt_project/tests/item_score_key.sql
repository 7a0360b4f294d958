-- Fails with the keys of item_score that occur more than once. Read from the table of the years
-- that are built anew, whose numbers are the same key; but told to dbt as a test of the view, for
-- whatever is built on a tested table waits for its tests. Fixed by: the developer.
-- depends_on: {{ ref('item_score') }}
select agency_year_no, year_item_no, eit_part, count(*) as rows_found
from {{ target.schema }}.int_new_item_score
group by agency_year_no, year_item_no, eit_part
having count(*) > 1
