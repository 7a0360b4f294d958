-- ประเภทหน่วยงานที่มีผล
-- metric place: ตามลำดับของประเภท = min(place)
select
    t.agency_type_th,
    t.type_order as place
from mart.agency_type as t
where exists (select from mart.assessment as a where a.agency_type = t.agency_type)
