-- Fails with the keys of item_score that occur more than once. Read from the table below the view, whose numbers are the same key.
-- Years that are kept were tested when they were built. Fixed by: the developer.
select agency_year_no, year_item_no, eit_part, count(*) as rows_found
from {{ ref('int_item_score') }}
where agency_year_no > {{ last_kept('agency_year_no') }}
group by agency_year_no, year_item_no, eit_part
having count(*) > 1
