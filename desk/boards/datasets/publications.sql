-- การเผยแพร่
select
    b.build_id,
    case b.state
        when 'shown' then 'แสดงอยู่'
        when 'before' then 'เผยแพร่ก่อนหน้า'
        when 'held' then 'รอคนตรวจ'
        else 'ไม่ผ่านการตรวจ'
    end as state_th,
    b.state,
    b.at,
    concat(
        to_char(b.at at time zone 'Asia/Bangkok', 'DD/MM/'),
        to_char(b.at at time zone 'Asia/Bangkok', 'YYYY')::integer + 543,
        to_char(b.at at time zone 'Asia/Bangkok', ' HH24:MI')
    ) as at_th,
    b.agency_years,
    b.submissions,
    b.git_revision
from mart.publication as b
