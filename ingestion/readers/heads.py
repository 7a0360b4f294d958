"""Where a table begins among the rows of a sheet, and what the rows above it say."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from ingestion import framework
from ingestion.assessments import names_ita
from ingestion.normalise import digits
from ingestion.readers.cells import cell
from ingestion.readers.headers import (
    WHOSE,
    Header,
    column_of,
    recognise,
    recognise_below,
    two_rows,
)
from ingestion.readers.refused import Refused
from warehouse.thai_dates import MONTHS, MONTHS_SHORT

HEADER_WITHIN = 40  # rows from the top in which the header must stand
_MONTHS = "|".join([*MONTHS, *(re.escape(name).replace(r"\.", r"\.?\s?") for name in MONTHS_SHORT)])
_DATE = re.compile(
    rf"(?:\d{{1,2}}\s*)?(?:{_MONTHS})\s*(?:พ\.?\s?ศ\.?\s*)?2[45]\d\d|\d{{1,2}}[/.-]\d{{1,2}}[/.-]2[45]\d\d"
)
_YEAR = re.compile(r"(?<!\d)2[45]\d\d(?!\d)")

_BARE = re.compile(r"[\d.\s]*")
_SUM = re.compile(r"(?:ผล)?(?:คะแนน)?(?:ภาพ)?รวม")
_SOURCE = re.compile(r"[*\s]*(?:ที่มา|แหล่งที่มา|แหล่งข้อมูล|หมายเหตุ|source|note)", re.IGNORECASE)


class Head(NamedTuple):
    """A header, its cells, and what the rows above it say of the whole table."""

    header: Header
    names: list[str]
    facts: dict[str, str]  # fiscal_year where it is one; in a form whose the table is
    title: str  # the words above it and the sheet's name


def find(
    numbered: Iterator[tuple[int, list]], agency_known: bool, forms: bool, title: str
) -> Head | None:
    """The first header among the rows, or None. `numbered` is left behind it.

    `agency_known`: a template says elsewhere whose the table is. `forms`: the lines above may say
    so. `title`: the sheet's name, which may say the year.
    """
    words: list[str] = []
    facts: dict[str, str] = {}
    above: list[str] = []
    for row_number, row in numbered:
        cells = [cell(value) for value in row]
        header = recognise(cells, agency_known)
        if not header and (header := recognise_below(above, cells)):
            cells = two_rows(above, cells) or cells
        if not header and facts.keys() & {"agency_id", "agency_name"}:
            form = recognise(cells, agency_known=True)
            header = form if form and form.table == "scores" else None
        if header:
            said = words if _year_in(words) else [title]
            title = " ".join(filter(None, [*words, title]))
            return Head(header, cells, {"fiscal_year": _year(said), **facts}, title)
        above = cells
        facts |= _facts(cells) if forms else {}
        words += filter(None, cells)
        if row_number >= HEADER_WITHIN:
            return None
    return None


def _year_in(words: list[str]) -> bool:
    return _YEAR.search(_DATE.sub(" ", digits(" ".join(words)))) is not None


def _year(words: list[str]) -> str:
    """The one fiscal year that words name; '' where they name none or several.

    The year of a date (ข้อมูล ณ วันที่ 15 มกราคม 2568) is that of no result.
    """
    years = set(_YEAR.findall(_DATE.sub(" ", digits(" ".join(words)))))
    return years.pop() if len(years) == 1 else ""


def below(head: Head, header: Header, names: list[str], words: list[str]) -> Head:
    """The head of a table under another one; `words`: lines between them, which speak of it."""
    words = [line for line in words if not _SOURCE.match(line)]
    if not words:
        return head._replace(header=header, names=names)
    facts = dict(head.facts)
    if _year_in(words):
        facts["fiscal_year"] = _year(words)
    return Head(header, names, facts, " ".join(words))


def in_words(head: Head) -> list[int]:
    """The columns by whose words a row may say what it is: remarks (หมายเหตุ), and those whose name
    is not understood (ประเภทข้อมูล).
    """
    columns = {name: place for name, place in head.header.columns.items() if name != "remark"}
    read = {*columns.values(), *head.header.codes}
    return [position for position, name in enumerate(head.names) if name and position not in read]


def is_of_any(head: Head) -> bool:
    """Whether a wide table may be of any assessment by its columns: numbers and sums alone
    (หน่วยงาน | 1 | 2 | 3 | รวม). Named instruments, indicators or items, or all indicators of a year
    by number, are of this one.
    """
    named = [head.names[position] for position in head.header.codes]
    numbers = {code for _, code, _ in head.header.codes.values()}
    whole_year = any(set(year.indicators) <= numbers for year in framework.load().years.values())
    bare = all(_BARE.fullmatch(name) or _SUM.fullmatch(name) for name in named)
    return bool(named) and bare and not whole_year


def says_ita(head: Head) -> bool:
    """False where neither the columns of a wide table nor its title say that it is of ITA; a sum
    alone is what its title says.
    """
    numbered = any(_BARE.fullmatch(head.names[position]) for position in head.header.codes)
    return not numbered or names_ita(head.title) or not is_of_any(head)


def whole(head: Head, row: list, place: str) -> Head | None:
    """The header together with the row below it, if that is its second one; None if it is data.

    Raises Refused for a second row that cannot be read: what stands below it would be misread.
    """
    joined = two_rows(head.names, [cell(value) for value in row])
    if head.header.table != "wide" or joined is None:
        return None
    header = recognise(joined)
    names = [*head.names, *[""] * (len(joined) - len(head.names))]
    below = {
        position
        for position, (written, own) in enumerate(zip(joined, names, strict=True))
        if written and written != own
    }
    if (
        header is None
        or not below <= set(header.codes)
        or len(set(header.codes.values())) < len(header.codes)
    ):
        raise Refused(
            "unknown_layout",
            f"หัวตารางสองแถวที่อ่านไม่ได้ ({place})",
            f"a header of two rows that cannot be read ({place})",
        )
    return head._replace(header=header, names=joined)


def _facts(cells: list[str]) -> dict[str, str]:
    """What a line of a form says (หน่วยงาน | อบต.… | จังหวัด | …), {} for any other line."""
    filled = [written for written in cells if written]
    found = {
        column_of(label): value for label, value in zip(filled[::2], filled[1::2], strict=False)
    }
    return (
        found
        if found.keys() <= WHOSE
        and len(filled) == 2 * len(found)
        and not any(map(column_of, found.values()))
        else {}
    )
