-- Fails with the items whose score is outside 0 to 100. Read and told as in item_score_key.
-- Fixed by: the developer (ingestion rejects such a score).
-- depends_on: {{ ref('item_score') }}
select agency_year_no, year_item_no, eit_part, score
from {{ target.schema }}.int_new_item_score
where score not between 0 and 100
