{{ config(alias='framework_item') }}
-- Grain: fiscal year × item. (The seed of the same name is built as seed_framework_item.)
select
    fiscal_year,
    instrument,
    indicator_no,
    sub_indicator,
    item_code,
    item_no,
    item_order,
    title_th,
    meaning,
    topic_nos,
    weight,
    source,
    status,
    split_status,
    weight_status,
    link_status
from {{ ref('int_framework_item') }}
