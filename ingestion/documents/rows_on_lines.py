"""Tables written a row a line: cells between tabs, or between runs of blanks."""

import math
import re
from itertools import combinations

from ingestion import normalise
from ingestion.agencies import looks_like_agency
from ingestion.documents import blocks, codes, titles
from ingestion.documents.blocks import Cell, Column, Line, Table
from ingestion.documents.written import (
    LOOK_AHEAD,
    MOST_WAYS,
    UNIT,
    cell_of,
    cells_in,
    flat_text,
    header_line,
    is_figure,
    row_fits,
    unquoted,
)

_BEGINS_ANEW = re.compile(
    rf"[0-9๐-๙]{{1,2}}\s*[.)]|[-•▪■(]|{codes.CODE}"
)  # a line of a cell that is its own paragraph
_MOST_LINES_OF_ROW = 8
_LONGEST_NAME = 60
_LOCAL = re.compile(r"เทศบาล|องค์การบริหารส่วน|(?:อบ[ตจ]|ท[ตมน])\.")
_SECTION = re.compile(
    r"(?:ประจำ)?ปี\s*(?:งบประมาณ)?\s*(?:พ\s*\.?\s*ศ\s*\.?)?\s*(?:[0-9๐-๙]{2}){1,2}\s*$"
    r"|(?:(?:ค่า|คะแนน)?เฉลี่ย|(?:ค่า)?เป้าหมาย).{0,40}$"
)  # a line below a remark that heads the rows below it and is no part of the remark
_MOST_LINES_OF_TEXT = 12  # between a table and the next one
_MOST_SECTIONS = 3  # lines without cells one below the other that may head rows


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
    width = len(table.columns)
    position = last + 1
    while position < len(lines):
        line = lines[position]
        if header_line(line) or "\t" not in line.strip() and blocks.is_heading(line):
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
            last_of_line = _loose_line(cell_of(texts[0], position), lines, position, table, aside)
            if last_of_line is None:
                break
            position = last_of_line
        position += 1
    if table.loose:
        while len(table.rows) > 1 and _is_text(table.rows[-1], table):
            position = _line_of(table.rows.pop()[0])
            aside = [line for line in aside if _line_of(line) < position]
        table.rows = [_spread(row, table) if len(row) > 1 else row for row in table.rows]
    table.rows = [_narrowed(row, table) for row in table.rows]
    return table, aside, position


def _is_text(row: list[Cell], table: Table) -> bool:
    """Whether the last row of a table of scores is a line of text with gaps in it, which heads what
    comes below: no figure stands in it, and no code.
    """
    said = any(is_figure(cell) or codes.one(cell.text) for cell in row)
    return len(row) > 1 and table.has("score") and not table.has("measure") and not said


def _line_of(written: Cell | Line) -> int:
    """The position of the line that a cell or a paragraph begins on."""
    return int(written.place.removeprefix("line ")) - 1


def _loose_line(
    loose: Cell, lines: list[str], position: int, table: Table, aside: list[Line]
) -> int | None:
    """Take a line without cells into the table or, where it stands between its rows, `aside`; the
    last line taken, None where it ends the table.
    """
    if table.columns[0].role in blocks.KINDS:
        row, last = _whole_row([loose], lines, position, table)
        if len(row) == len(table.columns):
            table.rows.append(row)
            return last
    if _heads_scores(lines, position) or _begins_other_table(lines, position, table):
        return None
    if table.rows and _belongs(table.rows[-1], loose, table):
        table.rows[-1] = _joined(table.rows[-1], [loose])
    elif not _more_rows_follow(lines, position, table):
        return None
    elif _heads_rows(loose, table):
        table.rows.append([loose])
    else:
        aside.append(Line(loose.text, loose.place))
    return position


def _heads_scores(lines: list[str], position: int) -> bool:
    """Whether a line that a blank one parts from the table above is text before a table of scores:
    it may say whose they are, and is no more of the last cell.
    """
    if lines[position - 1].strip():
        return False
    below = [line for line in lines[position + 1 : position + LOOK_AHEAD] if line.strip()]
    for line in below[:_MOST_LINES_OF_TEXT]:
        if "\t" in line.strip() or "  " in line.strip():
            header = header_line(line)
            return header is not None and any(column.role == "score" for column in header)
    return False


def _begins_other_table(lines: list[str], position: int, table: Table) -> bool:
    """Whether a line that a blank one parts from a table between tabs is a header between gaps."""
    if table.loose or lines[position - 1].strip() or "\t" in lines[position].strip():
        return False
    cells = cells_in(lines[position], True)
    return len(cells) > 1 and any(blocks.column(flat_text(cell_of(cell, 0))) for cell in cells)


def _heads_rows(loose: Cell, table: Table) -> bool:
    """Whether a line without cells between the rows of a table of scores is a row of its own, whose
    words hold for the rows below it (ปี 2566, ค่าเฉลี่ยของประเทศ); a figure alone is none.
    """
    figure = is_figure(loose) and bool(
        table.rows
    )  # right below the header it ends it: คะแนน ITA ⏎ 66
    return table.has("score") and not table.has("measure") and not figure


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


def _is_name(written: str) -> bool:
    named = _LOCAL.match(written) or looks_like_agency(written)
    return bool(named) and len(written) < _LONGEST_NAME


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


def _belongs(row: list[Cell], loose: Cell, table: Table) -> bool:
    """Whether a line without cells goes on with the last cell of the row before it, and is not a
    running title, a page number or what heads the rows below it.
    """
    last, width = row[-1], len(table.columns)
    if _heads_rows(loose, table) and (
        table.columns[-1].role != "remark" or _SECTION.match(loose.text) or _is_name(loose.text)
    ):
        return False
    if is_figure(loose) and not re.fullmatch(r"2[05]\d\d", normalise.digits(loose.text)):
        whole = re.search(rf"[.,][0-9]{{2}}{UNIT}$", normalise.digits(last.text))
        return (is_figure(last) or not last.text or len(row) < width) and not whole
    return not is_figure(last) and not codes.one(last.text) and bool(last.text)


def _more_rows_follow(lines: list[str], position: int, table: Table) -> bool:
    """Whether the next line is a row, or in a table of scores one of the next few."""
    below = [line for line in lines[position + 1 : position + LOOK_AHEAD] if line.strip()]
    for following in below[: _MOST_SECTIONS if table.has("score") else 1]:
        if header_line(following) or blocks.is_heading(following):
            return False
        if len(cells_in(following, table.loose)) > 1:
            return True
    return False
