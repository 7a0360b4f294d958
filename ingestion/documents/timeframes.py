"""Thai dates and time frames as published documents write them → dates.

Nothing is guessed: what is not understood gives None.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date

from ingestion import normalise
from ingestion.dates import fiscal_period
from warehouse.thai_dates import MONTHS, MONTHS_SHORT

_SHORT = [name.removesuffix(".") for name in MONTHS_SHORT]
_NUMBER_OF = {name: number for names in (MONTHS, _SHORT) for number, name in enumerate(names, 1)}
_MONTH = "|".join(
    re.escape(name).replace(r"\.", r"\s*\.\s*")
    for name in sorted(_NUMBER_OF, key=len, reverse=True)
)
_YEAR = r"(?:\.?\s*(?:ปี\s*)?(?:พ\s*\.?\s*ศ\s*\.?|ค\s*\.?\s*ศ\s*\.?)?\s*(?P<year>\d{4})(?!\d))"
_DATE = re.compile(
    rf"(?<!\d)(?:(?P<day>\d{{1,2}})\s*)?(?:เดือน\s*)?(?P<month>{_MONTH})\.?\s*{_YEAR}?"
)
_FISCAL = re.compile(r"ปี\s*(?:งบประมาณ)?\s*(?:พ\s*\.?\s*ศ\s*\.?)?\s*(\d{4})(?!\d)")
_QUARTER = re.compile(
    r"ไตรมาส\s*(?:ที่)?\s*([1-4])(?:\s*(?:-|–|ถึง|และ|,)\s*(?:ไตรมาส)?\s*(?:ที่)?\s*([1-4]))?(?!\d)"
)


_MORE = re.compile(r"\d|[-–]|ถึง|ไตร")  # beside a quarter: part of a range that was not understood


@dataclass(frozen=True)
class Found:
    """A date in a text: `first` and `last` differ where only a month is named; `day` says whether a
    day is named.
    """

    first: date
    last: date
    day: bool
    start: int
    words: str


@dataclass(frozen=True)
class Period:
    """A time frame; `starts_on` is None where only an end is stated."""

    starts_on: date | None
    ends_on: date


def _matches(written: str) -> list[tuple[int | None, int, int | None, re.Match]]:
    """(day, month, C.E. year, match) of every date-like place in `written` (digits 0–9)."""
    found = []
    for match in _DATE.finditer(written):
        year = normalise.fiscal_year(match["year"]) if match["year"] else None
        month = _NUMBER_OF[re.sub(r"\s", "", match["month"]).rstrip(".")]
        found.append(
            (
                int(match["day"]) if match["day"] else None,
                month,
                year - 543 if year else None,
                match,
            )
        )
    return found


def _dates(day: int | None, month: int, year: int) -> tuple[date, date] | None:
    last = calendar.monthrange(year, month)[1]
    if day is None:
        return date(year, month, 1), date(year, month, last)
    return (date(year, month, day), date(year, month, day)) if 1 <= day <= last else None


def find(written: str) -> list[Found]:
    """Every date with a year in `written`, in order; dates that do not exist (31 กันยายน) are left
    out.
    """
    found = []
    for day, month, year, match in _matches(normalise.digits(written)):
        dates = _dates(day, month, year) if year else None
        if dates:
            found.append(Found(*dates, day is not None, match.start(), match[0].strip()))
    return found


def without_year(written: str) -> list[re.Match]:
    """Every day of a month in `written` that no year follows."""
    matches = _matches(normalise.digits(written))
    return [match for day, _, year, match in matches if day is not None and year is None]


def sounds_like(written: str) -> bool:
    """Whether a cell speaks of time at all."""
    return bool(re.search(rf"{_MONTH}|ไตรมาส|เดือน|ปี|ภายใน|ตลอด|\d{{4}}", normalise.digits(written)))


def period(written: str, fiscal_year: int | None) -> Period | None:
    """The one time frame that `written` states.

    Understood: two dates or months, a date or month after ภายใน, quarters, the first or last six
    months, the whole fiscal year.
    `fiscal_year` is the plan's year, used where the words name none. None where nothing or
    something else is said.
    """
    written = normalise.digits(written)
    matches = _matches(written)
    if matches:
        return _period_of_dates(written, matches)
    named = _FISCAL.findall(written)
    years = {normalise.fiscal_year(year) for year in named} or {fiscal_year}
    year = years.pop()
    if years or not year:
        return None
    quarter = _QUARTER.search(written)
    if quarter and not _MORE.search(
        _FISCAL.sub("", written[: quarter.start()] + written[quarter.end() :])
    ):
        one, other = int(quarter[1]), int(quarter[2] or quarter[1])
        return Period(_quarter(one, year)[0], _quarter(other, year)[1]) if one <= other else None
    first, last = fiscal_period(year)
    if re.search(r"6\s*เดือนแรก|ครึ่งปีแรก|รอบ\s*(ที่\s*1|6\s*เดือน)", written):
        return Period(first, date(last.year, 3, 31))
    if re.search(r"6\s*เดือนหลัง|ครึ่งปีหลัง", written):
        return Period(date(last.year, 4, 1), last)
    if re.search(r"ตลอด(ทั้ง)?ปี|ทั้งปี|12\s*เดือน", written) or re.fullmatch(
        r"(ภายใน|ใน)?\s*(ประจำ)?" + _FISCAL.pattern, written.strip()
    ):
        return Period(first, last)
    return None


def _quarter(number: int, fiscal_year: int) -> tuple[date, date]:
    month = [10, 1, 4, 7][number - 1]
    year = fiscal_year - 544 if number == 1 else fiscal_year - 543
    return date(year, month, 1), date(year, month + 2, calendar.monthrange(year, month + 2)[1])


def _period_of_dates(written: str, matches: list) -> Period | None:
    """Two dates make a range (the first may leave its year out); one is an end after ภายใน; a month
    alone is itself.
    """
    day, month, year, match = matches[-1]
    last = _dates(day, month, year) if year else None
    if last is None or len(matches) > 2:
        return None
    if len(matches) == 1:
        if re.search(
            r"\d{4}|[-–]|ถึง", written[: match.start()] + written[match.end() :]
        ):  # half of a range
            return None
        within = re.search(r"ภายใน|สิ้นสุด|ไม่เกิน|ก่อน", written[: match.start()])
        return Period(None, last[1]) if within else Period(*last) if day is None else None
    first_day, first_month, first_year, _ = matches[0]
    if first_year is None:
        first_year = year if first_month <= month else year - 1
    first = _dates(first_day, first_month, first_year)
    return Period(first[0], last[1]) if first and first[0] <= last[1] else None
