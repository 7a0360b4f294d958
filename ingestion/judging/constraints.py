"""Constraints that an agency names: the rows of raw.constraint_note and what is noted of them."""

from collections import defaultdict

from ingestion.judging.numbers import Note, content_note, whole_number

COLUMNS = ["kind", "note_no", "note_th", "source_place"]
_KINDS = {kind: kind for kind in ("staff", "budget", "technology", "method", "material")}
_KINDS |= {"man": "staff", "money": "budget"}
_KIND_WORDS = [
    ("บุคลากร", "staff"),
    ("บุคคล", "staff"),
    ("งบประมาณ", "budget"),
    ("เทคโนโลยี", "technology"),
    ("บริหารจัดการ", "method"),
    ("ทรัพยากร", "material"),
    ("วัสดุ", "material"),
]
_NEEDED_TH = "ข้อจำกัดต้องมีด้าน (บุคลากร งบประมาณ เทคโนโลยี การบริหารจัดการ หรือวัสดุ) และข้อความ"
_NEEDED_EN = "a constraint needs its kind (staff, budget, technology, method, material) and a text"


def constraint_rows(records: list[dict], year: int) -> tuple[list[dict], list[Note]]:
    """Rows of raw.constraint_note for one unit.

    Numbered within their kind as the file numbers them; a note without a number, or with one that
    is taken, gets the next free one.
    """
    rows, notes, seen = [], [], set()
    taken: dict[str, set[int]] = defaultdict(set)
    for row in records:
        kind, words = _kind(row["kind"]), row["note_th"]
        if not kind or not words:
            notes.append(content_note("bad_content", row, row["kind"], _NEEDED_TH, _NEEDED_EN))
            continue
        if (kind, words) in seen:
            continue
        seen.add((kind, words))
        number = whole_number(row["note_no"])
        if not number or number in taken[kind]:
            number = max(taken[kind], default=0) + 1
        taken[kind].add(number)
        made = {"kind": kind, "note_no": number, "note_th": words}
        rows.append({**made, "source_place": row["place"]})
    return rows, notes


def _kind(written: str) -> str | None:
    named = (kind for word, kind in _KIND_WORDS if word in written)
    return _KINDS.get(written.casefold()) or next(named, None)
