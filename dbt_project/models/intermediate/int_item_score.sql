{{ config(materialized='view') }}
-- Grain: agency × year × item × EIT part: the item figures of all years.
select * from {{ ref('int_new_item_score') }}
union all
select * from {{ ref('int_kept_item_score') }}
