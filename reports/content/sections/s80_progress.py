"""The last part: what became of this year's measures, as far as it was reported."""

from collections.abc import Iterator
from typing import Any

from reports import thai
from reports.blocks import heading, paragraph, table
from reports.content.sentences import reference, say
from reports.content.words import (
    heading_of,
    last_told,
    numbered,
    progress_status,
    steps,
    told_before,
)


def blocks(facts: dict) -> Iterator[Any]:
    year, measures = facts["fiscal_year"], facts["last_measures"]
    yield heading(1, heading_of(facts, "progress", year=year))
    if not any(m["progress"] for m in measures):
        date = thai.long_date(facts["data_date"])
        yield paragraph(say("progress.none", year=year, date=date))
        return
    yield paragraph(_summary(facts, measures))
    told = [m for m in measures if progress_status(m) != "not_reported"]
    if told:
        yield progress_table(told)
    silent = [m for m in measures if progress_status(m) == "not_reported"]
    if silent:
        yield paragraph(say("progress.silent"), "label")
        yield _silent(silent)


def _silent(measures: Any) -> Any:
    """The measures of which nothing was reported: what, who, until when; one line each."""
    rows = [
        [
            str(m["measure_no"]),
            m["measure_th"],
            m["responsible_th"] or thai.NONE,
            thai.short_date(m["ends_on"]),
        ]
        for m in measures
    ]
    head = ["ที่", "มาตรการ", "ผู้รับผิดชอบ", "กำหนดแล้วเสร็จ"]
    return table([12, 120, 95, 30], head, rows, "clll", dense=True)


def _summary(facts: dict, measures: Any) -> Any:
    date = thai.long_date(facts["data_date"])
    counts: dict[str, int] = {}
    for m in measures:
        counts[progress_status(m)] = counts.get(progress_status(m), 0) + 1
    words = [
        f"{name} {counts[key]} มาตรการ"
        for key, name in reference("status").items()
        if key in counts
    ]
    return say("progress.summary", count=len(measures), counts=" ".join(words), date=date)


def progress_table(measures: Any) -> Any:
    """The measures with what is known; a column that nobody filled is left out."""
    columns = {
        "ที่": (12, [str(m["measure_no"]) for m in measures]),
        "ประเด็น / มาตรการ": (46, [m["measure_th"] for m in measures]),
        "ผู้รับผิดชอบ": (30, [m["responsible_th"] for m in measures]),
        "ขั้นตอนหรือวิธีการ": (66, [numbered(steps(m["steps_th"])) for m in measures]),
        "การกำกับติดตามและกำหนดแล้วเสร็จ": (37, [_due(m) for m in measures]),
        "ผลการดำเนินการ": (42, [_result(m) for m in measures]),
        "สถานะ": (24, [_status(m) for m in measures]),
    }
    shown = {head: column for head, column in columns.items() if any(column[1])}
    spare = 257 - sum(width for width, _ in shown.values())
    widths = [w + (spare if h == "ประเด็น / มาตรการ" else 0) for h, (w, _) in shown.items()]
    rows = [
        [text or thai.NONE for text in row]
        for row in zip(*(t for _, t in shown.values()), strict=True)
    ]
    return table(widths, list(shown), rows, "c" + "l" * (len(shown) - 1))


def _due(measure: dict) -> str:
    due = last_told(measure).get("due_on")
    parts = [measure["followup_th"], due and say("progress.due", date=thai.short_date(due))]
    return "\n".join(part for part in parts if part)


def _result(measure: dict) -> str:
    last = last_told(measure)
    done = last.get("completed_on")
    when = done and say("progress.done", date=thai.short_date(done))
    parts = [last.get("result_th"), when, told_before(measure)]
    return "\n".join(part for part in parts if part)


def _status(measure: dict) -> str:
    status = progress_status(measure)
    return ("▼ " if status == "late" else "") + reference("status")[status]
