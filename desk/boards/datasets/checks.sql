-- ผลการตรวจสอบครั้งล่าสุด
select
    case c.gate when 'submissions' then '1 ข้อมูลที่รับ' else '2 ก่อนเผยแพร่' end as gate_th,
    c.check_name,
    c.message_th,
    case c.severity when 'critical' then 'หยุดการเผยแพร่' else 'ให้คนดู' end as effect_th,
    c.success,
    case when c.success then 'ผ่าน' else '▼ ไม่ผ่าน' end as passed_th,
    case c.who_fixes
        when 'agency' then 'หน่วยงาน'
        when 'data team' then 'ทีมข้อมูล'
        when 'developer' then 'ผู้พัฒนา'
        else 'คนตรวจดู'
    end as who_fixes_th,
    c.checked_at
from mart.check_result as c
