"""What is due of an agency, and whether we have it: the calendar of the assessment.

Results of year N come out in its last quarter; the measures are for N+1, which begins on 1 October
of N, and are reported on at six months and at its end.
"""

from dataclasses import dataclass
from datetime import date, datetime

from counter import thai
from warehouse import thai_dates


@dataclass(frozen=True)
class Due:
    """state: done, open, late or later (its time has not come). year: of the workbook to send."""

    title: str
    until: date | None
    state: str
    kind: str
    year: int
    received: str = ""


def of(
    units: list[dict], results: list[dict], ends: int | None = None, today: date | None = None
) -> list[Due]:
    """What is due after the newest results (of the newest complete year, where there are none).

    ends: the last fiscal year of the agency, None for none; of a year after it nothing is due.
    """
    today = today or datetime.now(thai_dates.BANGKOK).date()
    year = results[0]["fiscal_year"] if results else thai.years()[0]
    plan = year + 1
    begins, half, end = date(year - 543, 10, 1), date(plan - 543, 3, 31), date(plan - 543, 9, 30)
    own = [unit for unit in units if unit["authority"] == "agency"]

    def one(title: str, until: date | None, kind: str, of_year: int, reported: date | None) -> Due:
        came = [
            unit["received_at"]
            for unit in own
            if unit["kind"] == kind
            and unit["fiscal_year"] == of_year
            and (reported is None or _in_half(unit["as_of"], reported))
        ]
        state = "open"
        if came:
            state = "done"
        elif reported and today < date(reported.year, reported.month, 1):
            state = "later"
        elif until and today > until:
            state = "late"
        return Due(title, until, state, kind, of_year, max(came, default=""))

    every = [
        one(f"ผลคะแนน ปี {year}", None, "scores", year, None),
        one(f"มาตรการ ปี {plan}", begins, "measures", plan, None),
        one(f"ความก้าวหน้ารอบ 6 เดือน ปี {plan}", half, "progress", plan, half),
        one(f"ความก้าวหน้ารอบ 12 เดือน ปี {plan}", end, "progress", plan, end),
    ]
    return [each for each in every if ends is None or each.year <= ends]


def _in_half(as_of: str | None, until: date) -> bool:
    """Is a report of the half-year that ends then?"""
    if not as_of:
        return False
    day = date.fromisoformat(as_of[:10])
    return day <= until and (until.month == 3 or day.month > 3 and day.year == until.year)
