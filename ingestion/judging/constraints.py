"""Constraints that an agency names: the rows of raw.constraint_note and what is noted of them."""

from collections import defaultdict

from ingestion.judging.numbers import Note, content_note

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
_NEEDED_TH = "ข้อจำกัดต้องมีด้าน (staff, budget, technology, method, material) และข้อความ"
_NEEDED_EN = "a constraint needs its kind (staff, budget, technology, method, material) and a text"


def constraint_rows(records: list[dict], year: int) -> tuple[list[dict], list[Note]]:
    """Rows of raw.constraint_note for one unit, numbered within their kind."""
    rows, notes, count, seen = [], [], defaultdict(int), set()
    for row in records:
        kind, words = _kind(row["kind"]), row["note_th"]
        if not kind or not words:
            notes.append(content_note("bad_content", row, row["kind"], _NEEDED_TH, _NEEDED_EN))
            continue
        if (kind, words) in seen:
            continue
        seen.add((kind, words))
        count[kind] += 1
        made = {"kind": kind, "note_no": count[kind], "note_th": words}
        rows.append({**made, "source_place": row["place"]})
    return rows, notes


def _kind(written: str) -> str | None:
    named = (kind for word, kind in _KIND_WORDS if word in written)
    return _KINDS.get(written.casefold()) or next(named, None)
