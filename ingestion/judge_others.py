"""Judge what is not a score: measures, progress, constraints and registry rows. Few rows each, so row by row.

Each function gives the rows for raw.* and notes: (rule, details of the finding).
"""

import re
from collections import defaultdict
from datetime import date
from itertools import pairwise

import pandas as pd

from ingestion.agencies import Names
from ingestion.dates import date_of, fiscal_period
from ingestion.framework import Framework
from ingestion.normalise import digits, fiscal_year, item_code

_KINDS = {
    "staff": "staff",
    "budget": "budget",
    "technology": "technology",
    "method": "method",
    "material": "material",
    "man": "staff",
    "money": "budget",
}
_KIND_WORDS = [
    ("บุคลากร", "staff"),
    ("บุคคล", "staff"),
    ("งบประมาณ", "budget"),
    ("เทคโนโลยี", "technology"),
    ("บริหารจัดการ", "method"),
    ("ทรัพยากร", "material"),
    ("วัสดุ", "material"),
]


def whole_number(written: str) -> int | None:
    """'๗' or '7.0' → 7; None where it is no whole number from 0 to 99,999."""
    found = re.fullmatch(r"(\d{1,5})(?:\.0+)?\.?", digits(written))
    return int(found[1]) if found else None


def _date(row: dict, column: str, notes: list) -> object:
    if not row[column]:
        return None
    day = date_of(row[column])
    if day is None:
        notes.append(("unreadable_date", {"place": row["place"], "value": row[column]}))
    return day


def _outside(row: dict, day, first, last, notes: list) -> None:
    if day and not (first is None or first <= day) or day and day > last:
        notes.append(
            (
                "date_outside_period",
                {
                    "place": row["place"],
                    "value": str(day),
                    "expected": f"{first} – {last}" if first else f"≤ {last}",
                },
            )
        )


def measure_rows(records: list[dict], year: int) -> tuple[list[dict], list]:
    """Rows of raw.measure for one unit; `year` (B.E.) is the year in which the measures are carried out."""
    rows, notes, seen = [], [], {}
    first, last = fiscal_period(year)
    numbers = [whole_number(row["measure_no"]) for row in records]
    for position, (row, measure_no) in enumerate(zip(records, numbers, strict=True)):
        if not row["measure_th"]:
            notes.append(
                (
                    "bad_content",
                    {
                        "place": row["place"],
                        "value": row["measure_no"],
                        "detail_th": "มาตรการไม่มีข้อความ",
                        "detail_en": "a measure without text",
                    },
                )
            )
            continue
        measure_no = measure_no or (
            position + 1
            if not any(numbers)
            else max(number or 0 for number in numbers) + position + 1
        )
        starts_on, ends_on = _date(row, "starts_on", notes), _date(row, "ends_on", notes)
        for day in (starts_on, ends_on):
            _outside(row, day, first, last, notes)
        if not row["starts_on"] and not row["ends_on"]:
            notes.append(("no_period", {"place": row["place"], "value": str(measure_no)}))
        made = {
            "measure_no": measure_no,
            "topic_no": whole_number(row["topic_no"]),
            "indicator_no": whole_number(row["indicator_no"]),
            "item_codes": _codes(row, notes),
            "measure_th": row["measure_th"],
            "steps_th": row["steps_th"] or None,
            "responsible_th": row["responsible_th"] or None,
            "starts_on": starts_on,
            "ends_on": ends_on,
            "followup_th": row["followup_th"] or None,
        }
        if measure_no in seen:
            if seen[measure_no] != made:
                notes.append(
                    (
                        "conflicting_values",
                        {
                            "place": row["place"],
                            "value": row["measure_no"],
                            "code": f"มาตรการ/measure {measure_no}",
                            "detail_th": "เลขมาตรการซ้ำ",
                            "detail_en": "the number is used twice",
                        },
                    )
                )
            continue
        seen[measure_no] = made
        rows.append({**made, "source_place": row["place"]})
    return rows, notes


measure_rows.columns = [
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
    "source_place",
]


def _codes(row: dict, notes: list) -> list[str]:
    """'i1|๐14, e3' → [i1, o14, e3]; what is no code is said."""
    codes = []
    for written in re.split(r"[|,;\s]+", row["item_codes"]):
        code = item_code(written)
        if code and code not in codes:
            codes.append(code)
        elif written and not code:
            notes.append(
                (
                    "content_warning",
                    {
                        "place": row["place"],
                        "value": written,
                        "detail_th": f"“{written}” ไม่ใช่รหัสข้อ จึงไม่ได้ผูกกับมาตรการ",
                        "detail_en": f"“{written}” is no item code and was left out of the measure",
                    },
                )
            )
    return codes


def progress_rows(records: list[dict], year: int) -> tuple[list[dict], list]:
    """Rows of raw.progress for one unit. A completion after the period reported on, or after the fiscal year, is warned of."""
    notes, reports = [], defaultdict(list)
    _, last = fiscal_period(year)
    for row in records:
        measure_no, as_of = whole_number(row["measure_no"]), date_of(row["as_of"])
        if measure_no is None or as_of is None:
            notes.append(
                (
                    "bad_content",
                    {
                        "place": row["place"],
                        "value": f"{row['measure_no']} {row['as_of']}".strip(),
                        "detail_th": "รายงานความก้าวหน้าต้องมีเลขมาตรการและวันสิ้นสุดของรอบรายงาน (as_of)",
                        "detail_en": "progress needs the measure's number and the last day of the period reported on (as_of)",
                    },
                )
            )
            continue
        due_on, completed_on = _date(row, "due_on", notes), _date(row, "completed_on", notes)
        _outside(row, completed_on, None, as_of, notes)
        if completed_on and completed_on > last > as_of:
            _outside(row, completed_on, None, last, notes)
        made = {
            "measure_no": measure_no,
            "as_of": as_of,
            "result_th": row["result_th"] or None,
            "due_on": due_on,
            "completed_on": completed_on,
            "source_place": row["place"],
        }
        reports[measure_no, as_of].append(made)
    return [_one_report(parts) for parts in reports.values()], notes


def _one_report(parts: list[dict]) -> dict:
    """Several completions of a measure in one report are one: the last counts, with its own due date; all results are kept."""
    last = max(
        parts, key=lambda part: (part["completed_on"] or date.min, part["due_on"] or date.min)
    )
    results = dict.fromkeys(part["result_th"] for part in parts if part["result_th"])
    return {
        **last,
        "result_th": "\n".join(results) or None,
        "source_place": parts[0]["source_place"],
    }


progress_rows.columns = [
    "measure_no",
    "as_of",
    "result_th",
    "due_on",
    "completed_on",
    "source_place",
]


def constraint_rows(records: list[dict], year: int) -> tuple[list[dict], list]:
    """Rows of raw.constraint_note for one unit, numbered within their kind where the file does not number them."""
    rows, notes, count, seen = [], [], defaultdict(int), set()
    for row in records:
        kind = _KINDS.get(row["kind"].casefold()) or next(
            (kind for word, kind in _KIND_WORDS if word in row["kind"]), None
        )
        if not kind or not row["note_th"]:
            notes.append(
                (
                    "bad_content",
                    {
                        "place": row["place"],
                        "value": row["kind"],
                        "detail_th": "ข้อจำกัดต้องมีด้าน (staff, budget, technology, method, material) และข้อความ",
                        "detail_en": "a constraint needs its kind (staff, budget, technology, method, material) and a text",
                    },
                )
            )
            continue
        if (kind, row["note_th"]) in seen:
            continue
        seen.add((kind, row["note_th"]))
        count[kind] += 1
        rows.append(
            {
                "kind": kind,
                "note_no": count[kind],
                "note_th": row["note_th"],
                "source_place": row["place"],
            }
        )
    return rows, notes


constraint_rows.columns = ["kind", "note_no", "note_th", "source_place"]

REGISTRY_COLUMNS = [
    "agency_id",
    "name_th",
    "agency_type",
    "province_code",
    "district_th",
    "ministry_th",
    "valid_from",
    "valid_to",
    "replaces",
    "aliases",
]


def registry_rows(
    table: pd.DataFrame, names: Names, framework: Framework
) -> tuple[pd.DataFrame, int, list]:
    """Rows of raw.agency, how many rows of the file are accepted, and notes. An error in a row rejects all rows of its agency_id."""
    rows, notes, wrong = [], [], set()
    for row in table.to_dict("records"):
        agency_id = digits(row["agency_id"])
        made, faults = _registry_row(row, agency_id, names, framework)
        if faults:
            wrong.add(agency_id)
        for fault_th, fault_en, value in faults:
            notes.append(
                (
                    "registry_row",
                    {
                        "place": row["place"],
                        "value": value,
                        "agency": agency_id,
                        "detail_th": fault_th,
                        "detail_en": fault_en,
                    },
                )
            )
        rows.append((row["place"], made))
    by_agency = defaultdict(list)
    for place, made in rows:
        if made["agency_id"] not in wrong:
            by_agency[made["agency_id"]].append((place, made))
    kept, accepted = [], 0
    for agency_id, own in by_agency.items():
        own.sort(key=lambda entry: entry[1]["valid_from"])
        overlap = next(
            (
                second
                for first, second in pairwise(own)
                if second[1] != first[1]
                and second[1]["valid_from"] <= (first[1]["valid_to"] or 9999)
            ),
            None,
        )
        if overlap:
            notes.append(
                (
                    "registry_row",
                    {
                        "place": overlap[0],
                        "value": agency_id,
                        "agency": agency_id,
                        "detail_th": "ช่วงปีซ้อนกับอีกแถวของหน่วยงานเดียวกัน",
                        "detail_en": "its years overlap another row of the same agency",
                    },
                )
            )
            continue
        accepted += len(own)
        kept += [
            made
            for number, (_, made) in enumerate(own)
            if number == 0 or made != own[number - 1][1]
        ]
    return (
        pd.DataFrame(kept, columns=REGISTRY_COLUMNS).astype({"valid_to": "Int64"}),
        accepted,
        notes,
    )


def _registry_row(
    row: dict, agency_id: str, names: Names, framework: Framework
) -> tuple[dict, list]:
    faults = []
    kind, province = names.agency_type(row["agency_type"]), names.province(row["province_code"])
    valid_from = fiscal_year(row["valid_from"])
    valid_to = fiscal_year(row["valid_to"]) if row["valid_to"] else None
    if not agency_id or not row["name_th"]:
        faults.append(("ไม่มี agency_id หรือชื่อ", "no agency_id or no name", agency_id))
    if not kind:
        faults.append(("ไม่รู้จักประเภทหน่วยงาน", "unknown agency type", row["agency_type"]))
    if province is None or kind and framework.agency_types[kind].is_local and not province:
        faults.append(
            (
                "ไม่รู้จักจังหวัด หรือองค์กรปกครองส่วนท้องถิ่นไม่มีจังหวัด",
                "unknown province, or a local government without one",
                row["province_code"],
            )
        )
    if valid_from is None or row["valid_to"] and (valid_to is None or valid_to < valid_from):
        faults.append(
            ("ช่วงปีไม่ถูกต้อง", "the years are wrong", f"{row['valid_from']}–{row['valid_to']}")
        )
    made = {
        "agency_id": agency_id,
        "name_th": row["name_th"],
        "agency_type": kind,
        "province_code": province or None,
        "district_th": row["district_th"] or None,
        "ministry_th": row["ministry_th"] or None,
        "valid_from": valid_from,
        "valid_to": valid_to,
        "replaces": _parts(row["replaces"]),
        "aliases": _parts(row["aliases"]),
    }
    return made, faults


def _parts(written: str) -> list[str]:
    return [part.strip() for part in written.split("|") if part.strip()]
