"""Tables written a row a line: cells between tabs, or between runs of blanks."""

import math
import re
from itertools import combinations

from ingestion import normalise
from ingestion.documents import blocks, codes, titles
from ingestion.documents.blocks import Cell, Column, Line, Table
from ingestion.documents.written import (
    LOOK_AHEAD,
    MOST_WAYS,
    UNIT,
    cell_of,
    cells_in,
    header_line,
    is_figure,
    row_fits,
    unquoted,
)

_BEGINS_ANEW = re.compile(
    rf"[0-9๐-๙]{{1,2}}\s*[.)]|[-•▪■(]|{codes.CODE}"
)  # a line of a cell that is its own paragraph
_YEAR_ALONE = re.compile(
    r"\s*(?:ประจำ)?ปี\s*(?:งบประมาณ)?\s*(?:พ\s*\.?\s*ศ\s*\.?)?\s*(?:[0-9๐-๙]{2}){1,2}\s*"
)
_MOST_LINES_OF_ROW = 8


def _cells_of(line: str, loose: bool) -> list[str]:
    """The cells of a row: between tabs; in a `loose` table between runs of blanks and stray
    tabs.
    """
    return re.split(r"\t| {2,}", line.strip()) if loose else line.split("\t")


def header_at(lines: list[str], position: int) -> tuple[list[Column] | None, int]:
    """(columns, last line) of the header that begins on a line; it may be broken inside its cells
    over as many as three.
    """
    found, last = header_line(lines[position]), position
    joined = lines[position]
    for below in range(position + 1, min(len(lines), position + 3)):
        if (
            "\t" not in lines[position].strip()
            or lines[below].startswith("\t")
            or not lines[below].strip()
        ):
            break
        joined = f"{joined} {lines[below]}"
        wider = header_line(joined)
        if wider and len(wider) > len(found or []):
            found, last = wider, below
    return found, last


def rows_on_lines(
    lines: list[str], position: int, goes_on: list[Column] | None
) -> tuple[Table | None, list[Line], int]:
    """(the table whose header is the line at `position`, or that `goes_on` there; lines between its
    rows; the line after it).
    """
    table, last = _begun(lines, position, goes_on)
    if table is None:
        return None, [], position
    aside: list[Line] = []
    header, width = table.columns, len(table.columns)
    position = last + 1
    while position < len(lines):
        line = lines[position]
        if header_line(line) or "\t" not in line.strip() and _ends_table(line, table):
            break
        texts = _cells_of(line, table.loose)
        if len(texts) < width and texts[0].strip() and not any(text.strip() for text in texts[1:]):
            texts = texts[:1]  # the end of a broken line, and the tabs behind it
        if len(texts) > 1:
            row, last = _whole_row(
                [cell_of(text, position) for text in texts], lines, position, table
            )
            while len(row) > width and not row[-1].text:
                row.pop()
            table.rows.append(row)
            position = last
        elif line.strip():
            loose = cell_of(texts[0], position)
            row, last = (
                _whole_row([loose], lines, position, table)
                if header[0].role in blocks.KINDS
                else ([loose], position)
            )
            if len(row) == width:
                table.rows.append(row)
                position = last
            elif table.rows and _belongs(table.rows[-1], loose, width):
                table.rows[-1] = _joined(table.rows[-1], [loose])
            elif _more_rows_follow(lines, position, table.loose):
                aside.append(Line(loose.text, loose.place))
            else:
                break
        position += 1
    if table.loose:
        table.rows = [_spread(row, table) for row in table.rows]
    table.rows = [_narrowed(row, table) for row in table.rows]
    return table, aside, position


def _ends_table(line: str, table: Table) -> bool:
    """Whether a line without cells is a heading; in a table of scores also a year alone, which
    heads rows of another year.
    """
    return blocks.is_heading(line) or table.has("score") and bool(_YEAR_ALONE.fullmatch(line))


def _begun(
    lines: list[str], position: int, goes_on: list[Column] | None
) -> tuple[Table | None, int]:
    """(the table without rows that begins at a line or goes on there, its header's last line)."""
    header, last = header_at(lines, position)
    loose = "\t" not in lines[position].strip()  # how cells are parted
    if header is not None:
        return Table(header, f"line {position + 1}", loose=loose), last
    if goes_on and 1 < len(cells_in(lines[position].rstrip(), True)) <= len(goes_on):
        return Table(goes_on, f"line {position}", loose=loose), position - 1
    return None, position


def _spread(row: list[Cell], table: Table) -> list[Cell]:
    """A row whose empty cells left no trace, with them, if they fit in one way only; else as it
    is.
    """
    missing = len(table.columns) - len(row)
    if table.has("item", "score"):
        code = next((index for index, cell in enumerate(row) if codes.one(cell.text)), len(row))
        return [Cell("", row[0].place)] * max(0, table.roles().index("item") - code) + row
    if missing <= 0 or math.comb(len(table.columns), missing) > MOST_WAYS:
        return row
    ways = []
    for empty in combinations(range(len(table.columns)), missing):
        cells = iter(row)
        way = [
            Cell("", row[0].place) if index in empty else next(cells)
            for index in range(len(table.columns))
        ]
        if row_fits(way, table):
            ways.append(way)
    return ways[0] if len(ways) == 1 else row


def _narrowed(row: list[Cell], table: Table) -> list[Cell]:
    """A row with more cells than the table has columns without its stray empty ones, if it then
    fits in one way only; else as it is.
    """
    surplus = len(row) - len(table.columns)
    empty = [index for index, cell in enumerate(row) if not cell.text]
    if not 0 < surplus <= len(empty) or math.comb(len(empty), surplus) > MOST_WAYS:
        return row
    ways = {}
    for dropped in combinations(empty, surplus):
        way = [cell for index, cell in enumerate(row) if index not in dropped]
        if row_fits(way, table):
            ways[tuple(cell.text for cell in way)] = way
    return ways.popitem()[1] if len(ways) == 1 else row


def _joined(row: list[Cell], rest: list[Cell]) -> list[Cell]:
    last = row[-1]
    between = "\n" if _BEGINS_ANEW.match(rest[0].text) or is_figure(rest[0]) else " "
    return [
        *row[:-1],
        Cell(
            unquoted(f"{last.text}{between}{rest[0].text}".strip()),
            last.place if last.text else rest[0].place,
        ),
        *rest[1:],
    ]


def _whole_row(
    row: list[Cell], lines: list[str], position: int, table: Table
) -> tuple[list[Cell], int]:
    """(the row with the lines that go on with it, the last of them): a row broken inside its cells,
    if together they are as wide as the header.
    """
    whole, width = row, len(table.columns)
    for below in range(position + 1, min(len(lines), position + _MOST_LINES_OF_ROW)):
        line = lines[below]
        if (
            len(whole) >= width
            or line.startswith("\t")
            or not line.strip()
            or header_line(line)
            or blocks.is_heading(line)
        ):
            break
        rest = [cell_of(text, below) for text in _cells_of(line, table.loose)]
        while len(whole) + len(rest) - 1 > width and not rest[-1].text:
            rest.pop()
        if len(whole) + len(rest) - 1 > width or not _goes_on(whole, rest, table):
            break
        whole = _joined(whole, rest)
        if len(whole) == width:
            return whole, below
    return row, position


def _goes_on(row: list[Cell], rest: list[Cell], table: Table) -> bool:
    """Whether a line can go on with the last cell of a row.

    A code or a figure ends a cell; two halves of a figure are put together too, and then are no
    figure: better none than a half.
    """
    if is_figure(row[-1]) or is_figure(rest[0]):
        return is_figure(row[-1]) and is_figure(rest[0])
    if row[-1].text in ("ข้อ", "ซื้อ"):
        return True
    begins = titles.begins_entry(rest[0].text) or table.has("issue") and codes.leading(rest[0].text)
    code = table.has("item", "score") and (codes.one(row[-1].text) or codes.one(rest[0].text))
    return bool(row[-1].text) and not begins and not code


def _belongs(row: list[Cell], loose: Cell, width: int) -> bool:
    """Whether a line without cells goes on with the last cell of the row before it, and is not a
    running title or a page number.
    """
    last = row[-1]
    if is_figure(loose) and not re.fullmatch(r"2[05]\d\d", normalise.digits(loose.text)):
        whole = re.search(rf"[.,][0-9]{{2}}{UNIT}$", normalise.digits(last.text))
        return (is_figure(last) or not last.text or len(row) < width) and not whole
    return not is_figure(last) and not codes.one(last.text) and bool(last.text)


def _more_rows_follow(lines: list[str], position: int, loose: bool) -> bool:
    following = next(
        (line for line in lines[position + 1 : position + LOOK_AHEAD] if line.strip()), ""
    )
    return len(cells_in(following, loose)) > 1 and header_line(following) is None
