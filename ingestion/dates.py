"""Dates as officers write them, and the limits of fiscal years."""

import calendar
import re
from datetime import date

from ingestion.normalise import digits
from warehouse.thai_dates import MONTHS, MONTHS_SHORT

_SHORT = [name.replace(".", "") for name in MONTHS_SHORT]
_MONTH = {
    **{name: number for number, name in enumerate(MONTHS, 1)},
    **{name: number for number, name in enumerate(_SHORT, 1)},
}
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[ T]00:00(?::00)?)?")
_NUMERIC = re.compile(r"([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-]([0-9]{4})")
_WORDS = re.compile(
    r"(?:วันที่\s*)?(?:([0-9]{1,2})\s*)?(?:เดือน\s*)?([ก-๎.]+?)\s*\.?(?:พ\.?\s?ศ\.?\s*)?([0-9]{4})"
)


def date_of(value: str) -> date | None:
    """The day that `value` states: ISO, d/m/yyyy, '30 กันยายน 2567', '1 ต.ค. 66' is not one.

    A month alone is its last day.

    Years from 2400 are B.E. None where it is no date.
    """
    written = digits(value)
    if found := _ISO.fullmatch(written):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := _NUMERIC.fullmatch(written):
        return _date(int(found[3]), int(found[2]), int(found[1]))
    if found := _WORDS.fullmatch(written):
        month = _MONTH.get(found[2].replace(".", ""))
        return _date(int(found[3]), month, int(found[1]) if found[1] else None) if month else None
    return None


def _date(year: int, month: int, day: int | None) -> date | None:
    year = year - 543 if year >= 2400 else year
    if not (1990 <= year <= 2200 and 1 <= month <= 12):
        return None
    last = calendar.monthrange(year, month)[1]
    return date(year, month, day or last) if (day or last) <= last and day != 0 else None


def fiscal_period(fiscal_year: int) -> tuple[date, date]:
    """First and last day of a fiscal year (B.E.): FY2567 = 2023-10-01 to 2024-09-30."""
    return date(fiscal_year - 544, 10, 1), date(fiscal_year - 543, 9, 30)
