concat(other.name_th, ' · ', other.district_th || ' ', coalesce(other.province_th, 'ส่วนกลาง'), ' (', other.agency_id, ')')
