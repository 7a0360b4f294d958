"""Measures of a unit: the rows of raw.measure and what is noted of them."""

import re

from ingestion.dates import fiscal_period
from ingestion.judging.numbers import Note, check_period, content_note, read_date, whole_number
from ingestion.normalise import item_code
from warehouse.measures_book import FIRST_PROPOSAL, fingerprint, key_parts

COLUMNS = [
    "measure_no",
    "topic_no",
    "indicator_no",
    "item_codes",
    "measure_th",
    "steps_th",
    "responsible_th",
    "starts_on",
    "ends_on",
    "followup_th",
    "adopted",
    "printed_key",
    "source_place",
]


def measure_rows(
    records: list[dict], year: int, last_printed: int = 0
) -> tuple[list[dict], list[Note]]:
    """Rows of raw.measure; `year` (B.E.) is the one in which the measures are carried out. A row
    without a number gets the next one, above all of the file and `last_printed`.

    A proposal that comes back in our workbook as it was printed is no measure of the agency's,
    unless the officer marked it as adopted.
    """
    rows, notes, seen = [], _taken_numbers(records), {}
    records = [row for row in records if not _is_untouched_proposal(row)]
    numbers = [_key_number(row) or whole_number(row["measure_no"]) for row in records]
    free = 1 + max((n for n in numbers if n and n < FIRST_PROPOSAL), default=0)
    free = max(free, last_printed + 1)
    for row, number in zip(records, numbers, strict=True):
        if not row["measure_th"]:
            en = "a measure without text"
            notes.append(
                content_note("bad_content", row, row["measure_no"], "มาตรการไม่มีข้อความ", en)
            )
            continue
        made = _measure(row, number or free, year, notes)
        free += not number
        number = made["measure_no"]
        if number not in seen:
            seen[number] = made
            rows.append({**made, "source_place": row["place"]})
        elif seen[number] != made:
            th, en, value = "เลขมาตรการซ้ำ", "the number is used twice", row["measure_no"]
            code = f"measure {number}"
            notes.append(content_note("conflicting_values", row, value, th, en, code=code))
    return rows, notes


def _taken_numbers(records: list[dict]) -> list[Note]:
    """A note for each added row of our workbook that took a number of proposals: one that was
    printed is never another measure's, and its progress would be told of both."""
    if not any(_key_number(row) for row in records):
        return []
    th = "เลขนี้เป็นของมาตรการที่พิมพ์ไว้แล้ว ให้เว้นช่องเลขของแถวที่เพิ่มใหม่ไว้ แล้วระบบจะให้เลขใหม่"
    en = "the number is a printed measure's; leave it empty in an added row, which gets a new one"
    return [
        content_note("bad_content", row, row["measure_no"], th, en)
        for row in records
        if not _key_number(row) and (whole_number(row["measure_no"]) or 0) >= FIRST_PROPOSAL
    ]


def _measure(row: dict, number: int, year: int, notes: list[Note]) -> dict:
    """One measure; days outside its year and a missing time frame are noted."""
    first, last = fiscal_period(year)
    starts_on, ends_on = read_date(row, "starts_on", notes), read_date(row, "ends_on", notes)
    for day in (starts_on, ends_on):
        check_period(row, day, first, last, notes)
    if not row["starts_on"] and not row["ends_on"]:
        notes.append(("no_period", {"place": row["place"], "value": str(number)}))
    return {
        "measure_no": number,
        "topic_no": whole_number(row["topic_no"]),
        "indicator_no": whole_number(row["indicator_no"]),
        "item_codes": _codes(row, notes),
        "measure_th": row["measure_th"],
        "steps_th": row["steps_th"] or None,
        "responsible_th": row["responsible_th"] or None,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "followup_th": row["followup_th"] or None,
        "adopted": _is_marked(row),
        "printed_key": _text(row, "measure_key") or None,
    }


def own_number(key: object) -> int:
    """The number in a key of our workbook; 0 where it is a proposal's, and without a key."""
    try:
        number = key_parts(key)[0] if isinstance(key, str) and key else 0
    except ValueError:
        return 0
    return number if number < FIRST_PROPOSAL else 0


def _key_number(row: dict) -> int | None:
    """The number in the key that our workbook carries beside it: whatever was typed over it."""
    key = _text(row, "measure_key")
    try:
        return key_parts(key)[0] if key else None
    except ValueError:
        return None


def _is_untouched_proposal(row: dict) -> bool:
    printed, number = _text(row, "printed"), _key_number(row)
    is_proposal = number is not None and number >= FIRST_PROPOSAL
    return is_proposal and not _is_marked(row) and fingerprint(row) == printed


def _is_marked(row: dict) -> bool:
    return _text(row, "adopted").casefold() in ("ใช่", "yes", "true", "1")


def _text(row: dict, column: str) -> str:
    """A cell of a column that only our workbook has ('' elsewhere)."""
    return value if isinstance(value := row.get(column), str) else ""


def _codes(row: dict, notes: list[Note]) -> list[str]:
    """'i1|๐14, e3' → [i1, o14, e3]; what is no code is said."""
    codes = []
    for written in re.split(r"[|,;\s]+", row["item_codes"]):
        code = item_code(written)
        if code and code not in codes:
            codes.append(code)
        elif written and not code:
            th = f"“{written}” ไม่ใช่รหัสข้อ จึงไม่ได้ผูกกับมาตรการ"
            en = f"“{written}” is no item code and was left out of the measure"
            notes.append(content_note("content_warning", row, written, th, en))
    return codes
