"""Days and moments as Thai readers write them: Thailand's time, the Buddhist Era."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

BANGKOK = ZoneInfo("Asia/Bangkok")
MONTHS = (
    *("มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน"),
    *("กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม"),
)
MONTHS_SHORT = (
    *("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย."),
    *("ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."),
)


def local(at: datetime | str) -> datetime:
    """A moment, also one in ISO 8601, in Thailand's time."""
    return (datetime.fromisoformat(at) if isinstance(at, str) else at).astimezone(BANGKOK)


def day(value: date) -> str:
    """29 พ.ย. 2569."""
    return f"{value.day} {MONTHS_SHORT[value.month - 1]} {value.year + 543}"


def moment(at: datetime | str) -> str:
    """29 พ.ย. 2569 05:00 น."""
    here = local(at)
    return f"{day(here)} {here:%H:%M} น."
