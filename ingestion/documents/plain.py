"""Plain text → blocks. Tables are written a row a line (cells between tabs, pipes or runs of
blanks) or a cell a line (begun by a tab)."""

import re
from collections import Counter
from dataclasses import replace

from ingestion import normalise
from ingestion.documents import blocks, codes
from ingestion.documents.blocks import Cell, Line, Table
from ingestion.documents.cells_on_lines import begins_header, cells_on_lines
from ingestion.documents.rows_on_lines import header_at, rows_on_lines
from ingestion.documents.timeframes import without_year
from ingestion.documents.written import cells_in, header_line, strip_tags
from ingestion.readers.refused import Refused

_FURNITURE = re.compile(r"\[(?:image|bookmark):[^\]]{0,500}\]")
_PAGE_NUMBER = re.compile(
    r"\s*(?:-+\s*[0-9๐-๙]{1,3}\s*-+|(?:หน้า|หน้าที่|page)\s*[0-9๐-๙]{1,3}(?:\s*(?:/|จาก|of)\s*[0-9๐-๙]{1,3})?)\s*",
    re.IGNORECASE,
)
_BLANKS: dict[int, str | None] = dict.fromkeys(
    [0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " "
)
_BLANKS |= dict.fromkeys(
    [0xAD, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF]
)
MOST_LINES = 20_000
LONGEST_LINE = 20_000  # characters; the rest of a longer line is not looked at
_RUNNING = re.compile(r"คุณธรรมและความโปร่งใส|ITA|^รายงาน")
_CAPTION = re.compile(
    r"\s*(?:[0-9๐-๙]+[.)]\s*)?(?:ตาราง|แผนภูมิ|ภาพที่|กราฟ|ผล|คะแนน|เปรียบเทียบ|สรุป|ค่า|เป้าหมาย|อันดับ|ลำดับ|น้ำหนัก"
    r"|ตัวชี้วัดที่(?!\s*[0-9๐-๙])|เครื่องมือ|ข้อที่|ระดับ)"
)
_YEAR = re.compile(r"\s*[2๒][0-9๐-๙]{3}(?![0-9๐-๙])")
_ENTRY = re.compile(r"(?<=\s)[0-9๐-๙]{1,2}\s?[.)]\s*$")
_EVERY_PAGE = 3  # times that a line is written before it is taken for a page's title


def parse(written: str, unit: str = "line", before: int = 0) -> list[Line | Table]:
    """The blocks of a plain text; places are '<unit> N', counted from 1 behind the `before` units
    that were read already.
    """
    return [_placed(block, unit, before) for block in _parse(written)]


def _placed(block: Line | Table, unit: str, before: int) -> Line | Table:
    if unit == "line" and not before:
        return block
    place = f"{unit} {int(block.place.split()[1]) + before}"
    if isinstance(block, Line):
        return Line(block.text, place)
    rows = [
        [Cell(cell.text, f"{unit} {int(cell.place.split()[1]) + before}") for cell in row]
        for row in block.rows
    ]
    return replace(block, place=place, rows=rows)


def _parse(written: str) -> list[Line | Table]:
    lines = [
        _clean(line[:LONGEST_LINE]) for line in re.split(r"\r\n|[\n\r\x0b\x0c\x85\u2028]", written)
    ]
    if len(lines) > MOST_LINES:
        raise Refused(
            "over_bound", f"เอกสาร {len(lines):,} บรรทัด", f"a document of {len(lines):,} lines"
        )
    lines = _with_captions(_without_running_titles(lines))
    found: list[Line | Table] = []
    last_table = None
    position = 0
    while position < len(lines):
        goes_on = (
            last_table.columns
            if last_table and isinstance(found[-1], Line) and "(ต่อ)" in found[-1].text
            else None
        )
        table, aside, after = rows_on_lines(lines, position, goes_on)
        if not table:
            table, aside, after = cells_on_lines(lines, position, goes_on)
        if table:
            found += [table, *aside]
            last_table, position = table, after
            continue
        text = normalise.text(strip_tags(lines[position])).strip("#* ")
        if text:
            found.append(Line(text, f"line {position + 1}"))
        position += 1
    return found


def _without_running_titles(lines: list[str]) -> list[str]:
    """The lines without the repetitions of a title that stands on every page, in the midst of
    tables too.
    """
    often = {
        line
        for line, count in Counter(line.strip() for line in lines).items()
        if count >= _EVERY_PAGE and _RUNNING.search(line)
    }
    often = {
        line
        for line in often
        if "\t" not in line
        and "(ต่อ)" not in line
        and not blocks.is_heading(line)
        and not codes.leading(line)  # o27 มาตรการส่งเสริมคุณธรรมและความโปร่งใส in cell after cell
    }
    seen: set[str] = set()
    kept = []
    for line in lines:
        bare = line.strip()
        kept.append("" if bare in seen else line)
        seen |= {bare} & often
    return kept


def _with_captions(lines: list[str]) -> list[str]:
    """The lines with captions marked as headings: what stands directly over a header and reads like
    one, or over a header of scores, is never the last line of the cell above it.
    """
    found = list(lines)
    below: int | None = None  # the next line with text
    for number in range(len(lines) - 1, -1, -1):
        line = lines[number]
        if below is not None and "\t" not in line and line.strip():
            reads = _CAPTION.match(line) is not None
            in_cells = re.search(r"\t|  ", lines[below].strip())  # else it is no header
            header = header_at(lines, below)[0] if in_cells else None
            of_scores = header and any(column.role == "score" for column in header)
            # not a row between gaps, and not the rest of a line that breaks off
            torn = number > 0 and _goes_on(lines[number - 1], line)
            whole = of_scores and len(cells_in(line, True)) == 1 and not torn
            captions = whole or reads and (header or begins_header(lines, below))
            found[number] = f"# {line}" if captions and header_line(line) is None else line
        below = number if line.strip() else below
    return found


def _goes_on(above: str, line: str) -> bool:
    """Whether the line above breaks off before this one: at the number of an entry (… 2.), or in a
    date without its year (… เมื่อวันที่ 7 มีนาคม พ.ศ.).
    """
    if _ENTRY.search(above):
        return True
    if not _YEAR.match(line):
        return False
    dates = without_year(normalise.digits(above[-60:]))
    return any(not date.string[date.end() :].strip(" .พศ") for date in dates)


def _clean(line: str) -> str:
    """A line without marks of images, bookmarks and pages; a row between pipes as one between
    tabs.
    """
    line = _FURNITURE.sub("", line.translate(_BLANKS))
    if (
        _PAGE_NUMBER.fullmatch(line[:40])
        and len(line) < 40
        or "|" in line
        and set(line) <= set(" \t|:-")
    ):
        return ""
    bare = line.strip()
    return (
        bare.strip("|").replace("|", "\t") if len(bare) > 2 and bare[0] == bare[-1] == "|" else line
    )
