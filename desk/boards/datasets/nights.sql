-- แฟ้มที่รับในแต่ละคืน
select
    n.seen_at,
    concat(
        to_char(n.seen_at at time zone 'Asia/Bangkok', 'DD/MM/'),
        to_char(n.seen_at at time zone 'Asia/Bangkok', 'YYYY')::integer + 543,
        to_char(n.seen_at at time zone 'Asia/Bangkok', ' HH24:MI')
    ) as night_th,
    n.files,
    n.files_accepted,
    n.files_with_warnings,
    n.files_rejected,
    n.files_other,
    n.rows_read,
    n.rows_accepted,
    n.rows_rejected,
    n.seen_at = max(n.seen_at) over () as is_last
from mart.intake_night as n
