"""Moments in words, for Thai readers and for others."""

from datetime import datetime

from warehouse import thai_dates


def thai_time(at: datetime | str | None) -> str:
    """`29 พ.ย. 2569 05:00 น.`, Thailand's time and the Buddhist Era; – for none."""
    return thai_dates.moment(at) if at else "–"


def time(at: datetime | str | None) -> str:
    """`2026-11-29 05:00 +0700`, Thailand's time; – for none."""
    return f"{thai_dates.local(at):%Y-%m-%d %H:%M %z}" if at else "–"
