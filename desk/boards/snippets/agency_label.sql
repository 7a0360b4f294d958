concat(agency.name_th, ' · ', agency.district_th || ' ', coalesce(agency.province_th, 'ส่วนกลาง'), ' (', agency.agency_id, ')')
