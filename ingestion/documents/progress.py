"""Progress of last year's measures: what was done, when it was due and when it was completed
(contract.md §3, dates of progress).
"""

import re
from datetime import date

from ingestion import normalise
from ingestion.dates import fiscal_period
from ingestion.documents import timeframes
from ingestion.documents.blocks import Line, Table
from ingestion.documents.context import Context
from ingestion.documents.measures import Measure
from ingestion.documents.timeframes import Found

_DONE_BEFORE = re.compile(r"(?:ดำเนินการ|แล้ว|เสร็จ|เมื่อ)[\sก-๙.]{0,12}$")
_NOT_DONE = re.compile(r"(?:คาดว่า|จะดำเนินการ|กำหนด|ยังไม่|อยู่ระหว่าง)[^0-9]{0,30}$")
_ENTRY = re.compile(r"(?:^|(?<=\s))(\d{1,2})\s*\.(?!\d)")
_OPEN = re.compile(r"อยู่ระหว่าง|ยังไม่(?:ได้)?(?:ดำเนินการ|แล้วเสร็จ)")


def rows(
    found: list[Measure], document: list[Line | Table], context: Context
) -> list[dict[str, str]]:
    """Rows of `progress`, one for each measure that has a column of results; none (noted) where the
    reporting period is not stated.
    """
    reported = [
        (number, measure) for number, measure in enumerate(found, 1) if measure.cells["result"]
    ]
    if not reported:
        return []
    as_of = _as_of(document, context.measures_year)
    if as_of is None:
        context.note(
            "no_reporting_period", reported[0][1].place, "", fiscal_year=context.measures_year
        )
        return []
    result = []
    for number, measure in reported:
        last = _last_completion(measure, as_of, context)
        due = _due(measure, last)
        result.append(
            context.row(
                measure.places["result"],
                context.measures_year,
                measure_no=number,
                as_of=as_of.isoformat(),
                result_th=measure.text("result"),
                due_on=due.isoformat() if due else "",
                completed_on=last.last.isoformat()
                if last and not _OPEN.search(measure.text("result"))
                else "",
            )
        )
    return result


def _due(measure: Measure, last: Found | None) -> date | None:
    """When the step that was completed last was due, where the steps and their results are numbered
    alike; else the last due date stated.
    """
    written = normalise.digits(" ".join(measure.text(role) for role in ("due", "followup")))
    steps, results = _numbered(written), _numbered(normalise.digits(measure.text("result")))
    if last and len(results) > 1 and set(results) <= set(steps):
        number = next(
            (number for number, (start, end) in results.items() if start <= last.start < end), None
        )
        if number:
            start, end = steps[number]
            return max((day.last for day in timeframes.find(written[start:end])), default=None)
    return max((day.last for day in timeframes.find(written)), default=None)


def _numbered(written: str) -> dict[int, tuple[int, int]]:
    """Number → (start, end) of the entries of a list that is numbered 1, 2, 3 …; {} where it is not
    one.
    """
    starts = [
        match
        for match in _ENTRY.finditer(written)
        if not _DONE_BEFORE.search(written[: match.start()])
    ]
    if not starts or [int(match[1]) for match in starts] != list(range(1, len(starts) + 1)):
        return {}
    ends = [match.start() for match in starts[1:]] + [len(written)]
    return {int(match[1]): (match.start(), end) for match, end in zip(starts, ends, strict=True)}


def _as_of(document: list[Line | Table], year: int | None) -> date | None:
    """The last day of the period reported on: the stated range of months, else the six or twelve
    months of the measures' year.
    """
    lines = [normalise.digits(block.text) for block in document if isinstance(block, Line)]
    ranges = [
        timeframes.period(words, year)
        for line in lines
        for words in re.findall(r"\(([^()]*)\)", line)
    ]
    halves = [
        period
        for period in ranges
        if period and period.starts_on and period.starts_on.month in (10, 4)
    ]
    stated = {period.ends_on for period in halves if period.ends_on.month in (3, 9)}
    if len(stated) == 1:
        return stated.pop()
    if stated or not year:
        return None
    whole = " ".join(lines)
    half = re.search(r"รอบ\s*(?:ที่\s*1\s*)?\(?6\s*เดือน(?!หลัง)|6\s*เดือนแรก", whole)
    full = re.search(r"รอบ\s*(?:ที่\s*2\s*)?\(?12\s*เดือน|6\s*เดือนหลัง|รอบปี|สิ้นปีงบประมาณ", whole)
    if bool(half) == bool(full):
        return None
    return date(year - 543, 3, 31) if half else fiscal_period(year)[1]


def _last_completion(measure: Measure, as_of: date, context: Context) -> Found | None:
    """The last completion that the result states; none (noted) where one has no year: it may be
    the last.

    Earlier completions after the period reported on are noted here; the last one is judged as every
    sender's is.
    """
    written = normalise.digits(measure.text("result"))
    for match in timeframes.without_year(written):
        if _completed(written[: match.start()]):
            place, words = measure.places["result"], match[0].strip()
            context.note("unreadable_date", place, words, context.measures_year)
            return None
    completions = [day for day in timeframes.find(written) if _completed(written[: day.start])]
    last = max(completions, key=lambda day: day.last, default=None)
    for day in completions:
        if last and as_of < day.last != last.last:
            context.note(
                "date_outside_period",
                measure.places["result"],
                day.words,
                context.measures_year,
                expected=f"≤ {as_of}",
            )
    return last


def _completed(before: str) -> bool:
    """Whether the words before a date say that something was done then."""
    return bool(_DONE_BEFORE.search(before)) and not _NOT_DONE.search(before)
