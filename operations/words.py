"""Moments in words, for Thai readers and for others."""

from datetime import datetime

from operations.schedule import BANGKOK

MONTHS = (
    *("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย."),
    *("ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."),
)


def thai_time(at: datetime | str | None) -> str:
    """`29 พ.ย. 2569 05:00 น.`, Thailand's time and the Buddhist Era; – for none."""
    if not at:
        return "–"
    local = _local(at)
    return f"{local.day} {MONTHS[local.month - 1]} {local.year + 543} {local:%H:%M} น."


def time(at: datetime | str | None) -> str:
    """`2026-11-29 05:00 +0700`, Thailand's time; – for none."""
    return f"{_local(at):%Y-%m-%d %H:%M %z}" if at else "–"


def _local(at: datetime | str) -> datetime:
    return (datetime.fromisoformat(at) if isinstance(at, str) else at).astimezone(BANGKOK)
