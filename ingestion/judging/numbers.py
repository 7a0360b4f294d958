"""Whole numbers and dates in rows that people write, with a note where one cannot be read."""

import re
from datetime import date

from ingestion.dates import date_of
from ingestion.normalise import digits

Note = tuple[str, dict[str, str]]  # a rule, and the details of its finding


def whole_number(written: str) -> int | None:
    """'๗' or '7.0' → 7; None where it is no whole number from 0 to 99,999."""
    found = re.fullmatch(r"([0-9]{1,5})(?:\.0+)?\.?", digits(written))
    return int(found[1]) if found else None


def read_date(row: dict, column: str, notes: list[Note]) -> date | None:
    """The day in a column of a row; None for nothing written and, with a note, for no date."""
    if not row[column]:
        return None
    day = date_of(row[column])
    if day is None:
        notes.append(("unreadable_date", {"place": row["place"], "value": row[column]}))
    return day


def check_period(
    row: dict, day: date | None, first: date | None, last: date, notes: list[Note]
) -> None:
    """Note a day that is before `first` (None: no bound) or after `last`."""
    if day is None or (first is None or first <= day) and day <= last:
        return
    expected = f"{first} – {last}" if first else f"≤ {last}"
    details = {"place": row["place"], "value": str(day), "expected": expected}
    notes.append(("date_outside_period", details))


def content_note(rule: str, row: dict, value: str, th: str, en: str, **details: str) -> Note:
    """A note about a row, with its own sentences."""
    found = {"place": row["place"], "value": value, "detail_th": th, "detail_en": en}
    return rule, {**found, **details}
