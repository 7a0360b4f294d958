-- แฟ้มของหน่วยงานที่ผู้ดูเห็น
select
    s.file_name,
    case s.authority when 'nacc' then 'สำนักงาน ป.ป.ช.' else 'หน่วยงาน' end as authority_th,
    s.received_at,
    concat(
        to_char(s.received_at at time zone 'Asia/Bangkok', 'DD/MM/'),
        to_char(s.received_at at time zone 'Asia/Bangkok', 'YYYY')::integer + 543,
        to_char(s.received_at at time zone 'Asia/Bangkok', ' HH24:MI')
    ) as received_th,
    case s.state
        when 'accepted' then 'รับแล้ว'
        when 'accepted_with_warnings' then '◆ มีข้อสังเกต'
        when 'rejected' then '▼ ไม่รับ'
        when 'withdrawn' then 'ถูกถอน'
        else 'รอตัดสิน'
    end as file_state_th,
    s.agencies,
    s.rows_read,
    s.rows_accepted,
    s.rows_rejected,
    s.errors,
    s.warnings
from mart.submission as s
