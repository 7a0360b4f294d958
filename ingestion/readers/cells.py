"""A cell's value as text; and the rows under a table that are no agency's."""

import math
import re
import sys
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from ingestion.another_quantity import names_another
from ingestion.normalise import digits, multiline, text
from ingestion.readers.headers import Header

_SUMMARY_WORDS = (
    "รวม รวมทั้งหมด รวมทั้งสิ้น ผลรวม เฉลี่ย ค่าเฉลี่ย คะแนนเฉลี่ย ค่าเฉลี่ยรวม เฉลี่ยรวม "
    "ต่ำสุด สูงสุด ค่าต่ำสุด ค่าสูงสุด คะแนนต่ำสุด คะแนนสูงสุด ส่วนเบี่ยงเบนมาตรฐาน "
    "total average mean min max sd"
)
_SUMMARY = set(_SUMMARY_WORDS.split())
# With whose sum it is behind it: ค่าเฉลี่ยจังหวัด, คะแนนสูงสุดของประเทศ. No agency's name begins so.
_SUMS_OF = re.compile("(?:ค่า|คะแนน)?(?:เฉลี่ย|สูงสุด|ต่ำสุด)|รวมทั้ง|ส่วนเบี่ยงเบนมาตรฐาน")


class StoredZero(float):
    """The 0 that is stored for a formula: calculated, or put there by a program that cannot."""


# Names, codes and figures come over and over in a table; long texts are each another, and would
# only push them out and keep memory.
_cached_text = lru_cache(maxsize=100_000)(text)


def cell(value: Any) -> str:
    """The value as normalised text: numbers as a spreadsheet shows them, dates as ISO."""
    if type(value) is str:
        return _cached_text(value) if len(value) < 80 else text(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return (
            ""
            if math.isnan(value)
            else str(int(value))
            if value.is_integer() and abs(value) < 1e15
            else format(value, ".15g")
        )
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else text(value)


class Cut(NamedTuple):
    """How a column is taken from a row: where it stands, what the file states of it once."""

    name: str
    position: int
    stated: str
    read: Callable[[Any], str]


def cuts(
    columns: dict[str, int], sources: dict[str, str], stated: dict[str, str] | None = None
) -> list[Cut]:
    """The cut of each of `sources`: name → the column that it is read from."""
    return [
        Cut(
            name,
            columns.get(_written_as(source, columns), sys.maxsize),
            (stated or {}).get(_written_as(source, columns), ""),
            multiline if source == "steps_th" else cell,
        )
        for name, source in sources.items()
    ]


def taken(row: list, how: list[Cut]) -> dict[str, str]:
    """What a row has in each column, else what the file states of it once, else ''."""
    width = len(row)
    return {
        name: (read(row[position]) or stated) if position < width else stated
        for name, position, stated, read in how
    }


def value_of(row: list, columns: dict[str, int], column: str) -> str:
    """What a row has in a column, else ''."""
    position = columns.get(_written_as(column, columns), sys.maxsize)
    return cell(row[position]) if position < len(row) else ""


def _written_as(column: str, columns: dict[str, int]) -> str:
    return "province_code" if column == "province" and "province" not in columns else column


def aside_of(
    row: list, header: Header, in_words: list[int], fiscal_year: str
) -> tuple[str, str] | None:
    """Rule and words of a row under a score table that is no agency's result; None for one that is.

    in_words: the columns by whose words a row may say what it is (heads.in_words). `fiscal_year`:
    what the file says once of all rows ('' where each says it).
    """
    if header.table not in ("wide", "scores"):
        return None
    for position in in_words:
        written = cell(row[position]) if position < len(row) and row[position] else ""
        year = value_of(row, header.columns, "fiscal_year") or fiscal_year if written else ""
        if written and names_another(written, year):
            return "another_quantity_row", written
    whose = [cell(row[position]) for position in header.whose if position < len(row)]
    if value_of(row, header.columns, "agency_id") and not any(map(_sums_up, whose)):
        return None  # as nearly all are
    if written := _summary(row, header):
        return "summary_row", written
    written = _note(row, header)
    return ("note_row", written) if written else None


def _summary(row: list, header: Header) -> str:
    """The word by which a row says that it sums agencies up (รวม, ค่าเฉลี่ย); '' for any other."""
    whose = [cell(row[position]) for position in header.whose if position < len(row)]
    words = [written for written in whose if written]
    if not words and 0 not in header.columns.values():
        words = [cell(row[0])]
    found = next((written for written in words if _sums_up(written)), "")
    return found if found and value_of(row, header.columns, "agency_id") in ("", found) else ""


def _note(row: list, header: Header) -> str:
    """The words of a line under a table (ผู้รายงาน, ที่มา), '' for any other row.

    Such a line names neither agency nor year and holds no figure.
    """
    year, agency_id, name = (
        value_of(row, header.columns, column)
        for column in ("fiscal_year", "agency_id", "agency_name")
    )
    if agency_id or name and not year or not header.whose:
        return ""
    figures = [
        cell(row[position])
        for position in header.codes or [header.key_column, header.columns.get("code", 0)]
        if position < len(row)
    ]
    return (
        ""
        if re.search(r"\d", digits("".join([year, *figures])))
        else " ".join(filter(None, map(cell, row)))
    )


@lru_cache(maxsize=20_000)
def _sums_up(written: str) -> bool:
    name = re.sub(r"[\s.:]", "", written).casefold()
    return name in _SUMMARY or _SUMS_OF.match(name) is not None
