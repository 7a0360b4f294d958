"""What every kind of document becomes first: a stream of lines and tables, each with its place.

A table's columns have roles (`headers.csv`: item, score, measure, …), found by what the header
says, never by position.
"""

import csv
import re
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

from rapidfuzz import fuzz, process

from ingestion import normalise
from ingestion.documents import titles

KINDS = ("staff", "budget", "technology", "method", "material")
# A row of headers shows itself by one of these; a row of titles and numbers alone has none.
_TELLING = {
    "score",
    "measure",
    "steps",
    "responsible",
    "period",
    "result",
    "remark",
    "detail",
    *KINDS,
}
_YEAR = re.compile(r"\(?\s*(?:ปี\s*(?:งบประมาณ)?\s*)?(?:พ\s*\.?\s*ศ\s*\.?\s*)?(25\d\d|20\d\d)\s*\)?")
_SHORT_YEAR = re.compile(r"\(?\s*ปี\s*(?:งบประมาณ|งบ)?\s*(\d\d)(?!\d)\s*\)?")
# What makes the figures below a header others, however near it is to a header that is known.
_OTHERS = re.compile(
    r"เดิม|ก่อน|เพิ่ม|ลด|เฉลี่ย|เป้า|เต็ม|ต่าง|สูงสุด|ต่ำสุด|น้ำหนัก|ถ่วง|จังหวัด|ประเทศ|อำเภอ|คาด|เสีย|หาย|ขาด|หัก|กลุ่ม|อื่น"
)
_PART = re.compile(r"\(?\s*(?:EIT)?\s*(ส่วนที่\s*[12]|part\s*[12]|public|survey)\s*\)?", re.IGNORECASE)
# What a header says of the scale and not of the column; คะแนนเต็ม 100 without brackets is another
# column.
_SCALE = re.compile(
    r"\s*\(\s*(?:0\s*[-–]\s*100|(?:คะแนน)?เต็ม\s*100|ร้อยละ|%)\s*(?:คะแนน)?\s*\)$|\s+0\s*[-–]\s*100$"
)
_HEADING = re.compile(
    r"(?:ประเด็นที่|ตัวชี้วัดที่|ส่วนที่|บทที่|ตาราง(?:ที่)?|แผนภูมิ(?:ที่)?|ภาพที่|กราฟที่)\d|สารบัญ|การนำผลการวิเคราะห์|การวิเคราะห์ข้อจำกัด|ข้อจำกัดของหน่วยงานในการ|มาตรการส่งเสริมคุณธรรม"
)
_EIT_PART = re.compile(r"ส่วนที่[12].*(?:EIT|ผู้รับบริการ|ผู้ประเมิน|public|survey)", re.IGNORECASE)
_WITHIN_WORDS = re.compile(r"(?<=[ก-๎])\s+(?=[ก-๎])")


@dataclass(frozen=True)
class Cell:
    """Normalised text (paragraphs separated by line breaks) and where it stands."""

    text: str
    place: str


@dataclass(frozen=True)
class Line:
    """A paragraph outside tables."""

    text: str
    place: str
    fresh: bool = field(default=False, compare=False)  # begins a paragraph, whatever stands above


@dataclass(frozen=True)
class Column:
    """A table's column: role, the fiscal year and the EIT part that its header names (None, '' if
    none), the header itself.
    """

    role: str
    fiscal_year: int | None
    part: str
    header: str


@dataclass
class Table:
    """A table under one header.

    `loose`: its cells were parted by gaps, so that empty cells left no trace. `by_cell`: it was
    written a cell a line, its rows were counted off.
    """

    columns: list[Column]
    place: str
    rows: list[list[Cell]] = field(default_factory=list)
    loose: bool = False
    by_cell: bool = False

    def roles(self) -> list[str]:
        """The roles of the columns, in order."""
        return [column.role for column in self.columns]

    def has(self, *roles: str) -> bool:
        """Whether there is a column for each of `roles`."""
        return set(roles) <= set(self.roles())

    def get(self, row: list[Cell], role: str) -> Cell:
        """The cell of `row` in the first column of that role; an empty cell if there is none."""
        position = self.roles().index(role) if role in self.roles() else None
        if position is None or position >= len(row):
            return Cell("", row[0].place if row else self.place)
        return row[position]


@cache
def _headers() -> dict[str, str]:
    with Path(__file__).with_name("headers.csv").open(encoding="utf-8", newline="") as file:
        return {titles.key(row["header_th"]): row["role"] for row in csv.DictReader(file)}


@lru_cache(10_000)
def column(header: str) -> Column | None:
    """What a header cell announces, None if it is no header that we know (typing errors allowed in
    long ones).
    """
    if not header or len(header) > 120:
        return None
    written = normalise.digits(header)
    if re.match(r"\d{1,2}\s*[.)]", written):  # an entry of a list that sounds like a header
        return None
    part = _PART.search(written)
    short = None if _YEAR.search(written) else _SHORT_YEAR.search(written)
    year = short or _YEAR.search(written)
    undated = _SHORT_YEAR.sub("", written) if short else _YEAR.sub("", _SCALE.sub("", written))
    wanted = titles.key(_PART.sub("", undated))
    role = _headers().get(wanted)
    if role is None and len(wanted) >= 7:
        role = _nearly(wanted, written)
    if not wanted and (part or year):  # 'ส่วนที่ 1' or 'ปี 2567' alone heads a column of scores
        role = "score"
    if role is None:
        return None
    return Column(
        role,
        normalise.fiscal_year(f"25{year[1]}" if short else year[1]) if year else None,
        eit_part(part[0]) if part else "",
        header,
    )


def _nearly(wanted: str, header: str) -> str | None:
    """The role of a header with a typing error; None where it says something more: a number (คะแนน
    ITA 66) or a word that makes its figures others (คะแนนที่ได้เพิ่ม).
    """
    found = process.extractOne(wanted, _headers().keys(), scorer=fuzz.ratio, score_cutoff=84)
    if not found or re.sub(r"\D", "", found[0]) != re.sub(r"\D", "", wanted):
        return None
    role = _headers()[found[0]]
    return None if role == "score" and _OTHERS.search(header) else role


def columns(cells: list[str]) -> list[Column] | None:
    """The columns that a row of header cells announces, None if it is not one."""
    found = [each for cell in cells if (each := column(cell)) is not None]
    if not 2 <= len(found) == len(cells) or not _TELLING & {each.role for each in found}:
        return None
    return found


def kind(written: str) -> str:
    """The kind of constraint that a cell names (staff, budget, …), '' if none."""
    found = column(written)
    return found.role if found and found.role in KINDS else ""


def eit_part(written: str) -> str:
    """'public' or 'survey' where `written` says part 1 or 2 of EIT, else ''."""
    written = normalise.digits(written).lower()
    public = bool(re.search(r"ส่วนที่\s*1|part\s*1|public|ตอบด้วยตนเอง", written))
    survey = bool(re.search(r"ส่วนที่\s*2|part\s*2|survey|ผู้ประเมินจัดเก็บ", written))
    return "" if public == survey else "public" if public else "survey"


def joined(text: str) -> str:
    """The text without blanks between Thai letters: a line that is set wide, or that was broken
    within a word, begins and names what it is about all the same (ผลการ  ประเมินรายตัวชี้วัดของ…).
    """
    return _WITHIN_WORDS.sub("", text)


def is_heading(written: str) -> bool:
    """Whether a line outside cells begins a new section (and so ends a table)."""
    if len(written) > 300:
        return False
    compact = normalise.digits(written).replace(" ", "")
    return (
        written.lstrip().startswith("#")
        or bool(_HEADING.match(compact))
        and not _EIT_PART.match(compact)
    )
