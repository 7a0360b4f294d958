"""Progress of a unit's measures: the rows of raw.progress and what is noted of them."""

from collections import defaultdict
from datetime import date

from ingestion.dates import date_of, fiscal_period
from ingestion.judging.numbers import Note, check_period, content_note, read_date, whole_number
from warehouse.measures_book import key_parts

COLUMNS = [
    "measure_no",
    "measure_key",
    "as_of",
    "result_th",
    "due_on",
    "completed_on",
    "source_place",
]
_NEEDED_TH = "รายงานความก้าวหน้าต้องมีเลขมาตรการและวันสิ้นสุดของรอบรายงาน (as_of)"
_NEEDED_EN = (
    "progress needs the measure's number and the last day of the period reported on (as_of)"
)


def progress_rows(records: list[dict], year: int) -> tuple[list[dict], list[Note]]:
    """Rows of raw.progress for one unit, one a measure and report.

    A completion after the period reported on, or after the fiscal year, is noted. A row that our
    workbook printed (it has a key) and nobody filled in is no report; its number is that of the
    key.
    """
    notes, reports = [], defaultdict(list)
    _, last = fiscal_period(year)
    for row in records:
        key = _key(row)
        if key and not (row["result_th"] or row["completed_on"]):
            continue
        measure_no = key_parts(key)[0] if key else whole_number(row["measure_no"])
        as_of = date_of(row["as_of"])
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
                "measure_key": key,
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


def _key(row: dict) -> str | None:
    """The key that our workbook prints beside the number; None elsewhere and where it is broken."""
    key = row.get("measure_key")
    try:
        return key if isinstance(key, str) and key and key_parts(key) else None
    except ValueError:
        return None


def check_numbers(
    reports: list[dict], own: dict[int, set[str]], proposed: frozenset[int], from_our_workbook: bool
) -> list[Note]:
    """A note for every report on a measure that the agency does not have (contract, §2).

    reports: rows as `progress_rows` makes them, of one unit; own: number -> keys of the agency's
    measures; proposed: numbers that the warehouse proposed. Progress that comes in another file
    before any measures is attached when they come.
    """
    if not own and not from_our_workbook:
        return []
    known = ", ".join(map(str, sorted({*own, *proposed}))) or "–"
    return [
        (
            "unknown_measure",
            {
                "place": report["source_place"],
                "value": str(report["measure_no"]),
                "expected": known,
            },
        )
        for report in reports
        if not _is_known(report, own, proposed)
    ]


def _is_known(report: dict, own: dict[int, set[str]], proposed: frozenset[int]) -> bool:
    number, key = report["measure_no"], report["measure_key"]
    if not isinstance(key, str) or number in proposed:  # a table has NaN where there is none
        return number in own or number in proposed
    if any(key in keys for keys in own.values()):
        return True
    # the number is another measure's now, unless both speak of an item
    codes = {code for own_key in own.get(number, ()) if own_key for code in key_parts(own_key)[1]}
    return bool({*key_parts(key)[1]} & codes)
