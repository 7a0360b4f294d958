-- Fails with the items whose score is outside 0 to 100. Fixed by: the developer (ingestion rejects such a score).
select agency_year_no, year_item_no, eit_part, score
from {{ ref('int_item_score') }}
where score not between 0 and 100 and agency_year_no > {{ last_kept('agency_year_no') }}
