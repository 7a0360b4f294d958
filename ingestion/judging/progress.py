"""Progress of a unit's measures: the rows of raw.progress and what is noted of them."""

from collections import defaultdict
from datetime import date

from ingestion.dates import date_of, fiscal_period
from ingestion.judging.numbers import Note, check_period, content_note, read_date, whole_number

COLUMNS = ["measure_no", "as_of", "result_th", "due_on", "completed_on", "source_place"]
_NEEDED_TH = "รายงานความก้าวหน้าต้องมีเลขมาตรการและวันสิ้นสุดของรอบรายงาน (as_of)"
_NEEDED_EN = (
    "progress needs the measure's number and the last day of the period reported on (as_of)"
)


def progress_rows(records: list[dict], year: int) -> tuple[list[dict], list[Note]]:
    """Rows of raw.progress for one unit, one a measure and report.

    A completion after the period reported on, or after the fiscal year, is noted.
    """
    notes, reports = [], defaultdict(list)
    _, last = fiscal_period(year)
    for row in records:
        measure_no, as_of = whole_number(row["measure_no"]), date_of(row["as_of"])
        if measure_no is None or as_of is None:
            value = f"{row['measure_no']} {row['as_of']}".strip()
            notes.append(content_note("bad_content", row, value, _NEEDED_TH, _NEEDED_EN))
            continue
        due_on = read_date(row, "due_on", notes)
        completed_on = read_date(row, "completed_on", notes)
        check_period(row, completed_on, None, as_of, notes)
        if completed_on and completed_on > last > as_of:
            check_period(row, completed_on, None, last, notes)
        reports[measure_no, as_of].append(
            {
                "measure_no": measure_no,
                "as_of": as_of,
                "result_th": row["result_th"] or None,
                "due_on": due_on,
                "completed_on": completed_on,
                "source_place": row["place"],
            }
        )
    return [_one_report(parts) for parts in reports.values()], notes


def _one_report(parts: list[dict]) -> dict:
    """Several completions of a measure in one report are one.

    The last counts, with its own due date; all results are kept.
    """
    last = max(
        parts, key=lambda part: (part["completed_on"] or date.min, part["due_on"] or date.min)
    )
    results = dict.fromkeys(part["result_th"] for part in parts if part["result_th"])
    words, place = "\n".join(results) or None, parts[0]["source_place"]
    return {**last, "result_th": words, "source_place": place}
