"""Tables written a cell a line, each begun by a tab."""

import math
import re
from collections.abc import Callable
from itertools import combinations, pairwise

from ingestion import normalise
from ingestion.documents import blocks, codes, timeframes, titles
from ingestion.documents.blocks import Cell, Column, Line, Table
from ingestion.documents.written import (
    CELL,
    HEADER_CELLS,
    LOOK_AHEAD,
    MOST_WAYS,
    SOME_YEAR,
    UNIT,
    bare_line,
    cell_of,
    flat_text,
    header_line,
    row_fits,
)


def _cells_from(
    lines: list[str], position: int, most: int | None = None
) -> tuple[list[Cell], list[int]]:
    """The cells (about `most`) from `position` on until something that is no cell, and the line
    after each.
    """
    cells: list[Cell] = []
    ends: list[int] = []
    while (
        position < len(lines)
        and CELL.match(lines[position])
        and (most is None or len(cells) < most)
    ):
        if header_line(lines[position]):
            break
        first = position
        position += 1
        while (
            position < len(lines)
            and "\t" not in bare_line(lines[position])
            and not _section_begins(lines, position)
        ):
            position += 1
        texts = bare_line(lines[first]).split("\t")[1:]
        cells += [cell_of(text, first) for text in texts[:-1]] + [
            cell_of("\n".join([texts[-1], *lines[first + 1 : position]]), first)
        ]
        ends += [position] * len(texts)
        if most is None and _second_header(cells):
            break
    return cells, ends


def _second_header(cells: list[Cell]) -> bool:
    """Whether the last cells are a header, and cells of a table stand between it and the first
    header.
    """
    end = len(cells)
    while end > max(0, len(cells) - HEADER_CELLS) and blocks.column(flat_text(cells[end - 1])):
        end -= 1
    if not 0 < end < len(cells) - 1 or not _header_width(cells, end):
        return False
    return any(cell.text and not blocks.column(flat_text(cell)) for cell in cells[:end])


def _cut_last(lines: list[str], cells: list[Cell], ends: list[int]) -> None:
    """End the last cell of a table at its first blank line, or behind its figure: what follows is
    no cell any more.
    """
    first = next(index for index in range(ends[-1] - 1, -1, -1) if "\t" in lines[index])
    texts = [bare_line(lines[first]).split("\t")[-1], *lines[first + 1 : ends[-1]]]
    begun = next((index for index, text in enumerate(texts) if text.strip()), None)
    if begun is None:
        return
    if begun:  # a stray tab: what stands below it is no cell
        cells[-1], ends[-1] = Cell("", cells[-1].place), first + 1
        return
    blank = (
        index
        for index in range(begun, len(texts))
        if not texts[index].strip() and not _goes_on_below(texts[index + 1 :])
    )
    end = next(blank, len(texts))
    following = normalise.digits("".join(texts[begun + 1 : begun + 2]))
    if (
        re.fullmatch(rf"(?:\d{{1,3}}[.,]\d\d|100|0){UNIT}", normalise.digits(texts[begun]))
        and not following[:1].isdecimal()
    ):
        end = begun + 1
    cells[-1], ends[-1] = cell_of("\n".join(texts[:end]), first), first + end


def _goes_on_below(texts: list[str]) -> bool:
    """Whether the next line with text is an entry of a list, a remark on an item or part of a time
    frame: still the same cell.
    """
    following = next((text for text in texts if text.strip()), "")
    return bool(
        re.match(r"\s*(?:[0-9๐-๙]{1,2}\s*[.)]|[-•▪■]|\([ieo][0-9๐-๙]|ถึง)", following)
    ) or bool(timeframes.find(following[:40]))


def _section_begins(lines: list[str], position: int) -> bool:
    """Whether the line is a heading that ends the table, not a line of a cell that only reads like
    one: no cell of the table follows.
    """
    if not blocks.is_heading(lines[position]):
        return False
    if re.match(r"\s*(?:ประเด็นที่|ส่วนที่|บทที่)\s*[0-9๐-๙]", lines[position]):
        return True
    ahead = range(position + 1, min(len(lines), position + LOOK_AHEAD))
    following = next((index for index in ahead if CELL.match(lines[index])), None)
    if following is None or blocks.is_heading(lines[following]):
        return True
    return bool(_header_width(_cells_from(lines, following, HEADER_CELLS)[0], 0))


def begins_header(lines: list[str], position: int) -> bool:
    """Whether the header of a table that is written a cell a line begins there."""
    return bool(_header_width(_cells_from(lines, position, HEADER_CELLS)[0], 0))


def cells_on_lines(
    lines: list[str], position: int, goes_on: list[Column] | None
) -> tuple[Table | None, list[Line], int]:
    """(the table whose header cells begin at `position`, or that `goes_on` there; no lines; the
    line after it).
    """
    if not re.fullmatch(r" *\t[^\t]*", bare_line(lines[position])):
        return None, [], position
    width = _header_width(_cells_from(lines, position, HEADER_CELLS)[0], 0)
    if not width and not goes_on:
        return None, [], position
    cells, ends = _cells_from(lines, position)
    last = next(
        (index for index in range(width, len(cells)) if _header_width(cells, index)), len(cells)
    )
    cells, ends = cells[:last], ends[:last]
    if last > width:
        _cut_last(lines, cells, ends)
    header = _header(cells, 0)[0] if width else goes_on
    table = Table(header or [], f"line {position + 1}", by_cell=True)
    table.rows = _rows(cells[width:], table)
    return table, [], ends[-1]


def _header(cells: list[Cell], first: int) -> tuple[list[Column] | None, int]:
    """(columns, cell after them) of the row of headers that begins at `first`; empty cells between
    are stray tabs.
    """
    found: list[Column] = []
    end = position = first
    while position < min(len(cells), first + HEADER_CELLS):
        column = blocks.column(flat_text(cells[position]))
        if column is None and cells[position].text or column is None and not found:
            break
        if (
            column
            and column.role in blocks.KINDS
            and any(each.role == "constraint" for each in found)
        ):
            break  # ข้อจำกัด | รายละเอียด is whole; ด้านบุคลากร is its first row
        position += 1
        if column:
            found.append(column)
            end = position
    return blocks.columns([column.header for column in found]), end


def _header_width(cells: list[Cell], first: int) -> int:
    """How many cells from `first` on are one row of headers; 0 if they are none."""
    columns, end = _header(cells, first)
    return end - first if columns else 0


def _rows(cells: list[Cell], table: Table) -> list[list[Cell]]:
    """The rows of a table written a cell a line: counted off by its width, put right at every cell
    that shows its column.
    """
    position, shows = _landmark(table)
    width = len(table.columns)
    kept = (
        table.roles().index("score") - position + 1 if table.has("item", "score") else 1
    )  # cells from a mark on that are its own
    behind = width - position - kept
    starts: dict[int, int] = {}  # first cell of a row → cells that are missing before it
    last = None
    for mark in (index for index in range(len(cells)) if shows(cells, index)):
        between = mark if last is None else mark - last - kept
        before = (
            position
            if last is None or between >= behind + position
            else max(0, min(position, between - behind))
        )
        start = max(0, mark - before)
        starts[start] = position - (mark - start)
        last = mark
    starts.setdefault(0, 0)
    rows = []
    for start, end in pairwise([*sorted(starts), len(cells)] if cells else []):
        rows += _count_off([Cell("", cells[start].place)] * starts[start] + cells[start:end], table)
    return [row for row in rows if any(cell.text for cell in row)]


def _landmark(table: Table) -> tuple[int, Callable[[list[Cell], int], bool]]:
    """A column whose cells show themselves, and how: codes beside scores, topics' or indicators'
    titles, kinds of constraints.
    """
    roles = table.roles()
    if table.has("item", "score"):
        return roles.index("item"), lambda cells, index: bool(codes.one(cells[index].text))
    for role in ("topic", "indicator", "no"):
        if role in roles and table.has("title", "score"):
            return roles.index(role), _numbered_indicator
        if role in roles and role != "no":
            return roles.index(role), lambda cells, index: titles.begins_entry(cells[index].text)
    if "issue" in roles:
        return roles.index("issue"), lambda cells, index: bool(codes.leading(cells[index].text))
    if "constraint" in roles:
        return roles.index("constraint"), lambda cells, index: bool(
            blocks.kind(flat_text(cells[index]))
        )
    return 0, lambda cells, index: False


def _numbered_indicator(cells: list[Cell], index: int) -> bool:
    """Whether a cell is a number and the next one the title of the indicator of that number, in any
    year.
    """
    number = normalise.digits(cells[index].text).rstrip(".")
    return (
        number.isdecimal()
        and index + 1 < len(cells)
        and titles.is_indicator(int(number), cells[index + 1].text)
    )


def _count_off(cells: list[Cell], table: Table) -> list[list[Cell]]:
    """`cells` as rows of the table.

    Where they do not come out even, empty cells too many (stray tabs) are dropped or cells missing
    at the end are added, if that makes
    every cell fit its column in one way only; else they stay one odd row, from which only what is
    certain is read.
    """
    width = len(table.columns)
    merged = _under_one(cells, table)
    if merged or len(cells) % width == 0 or len(cells) < width:
        return merged or _in_rows(cells, width)
    surplus = len(cells) % width
    empty = [index for index, cell in enumerate(cells) if not cell.text]
    shorter = []
    if len(empty) >= surplus and math.comb(len(empty), surplus) <= MOST_WAYS:
        shorter = [
            [cell for index, cell in enumerate(cells) if index not in dropped]
            for dropped in combinations(empty, surplus)
        ]
    for ways in (shorter,) if table.has("score") else (shorter, [cells]):
        rows = [
            [row for row in _in_rows(way, width) if any(cell.text for cell in row)] for way in ways
        ]
        fitting = {
            tuple(tuple(cell.text for cell in row) for row in way): way
            for way in rows
            if all(row_fits(row, table) for row in way)
        }
        if fitting:
            if len(fitting) == 1:
                return fitting.popitem()[1]
            break
    while len(cells) > width and not cells[-1].text:
        cells = cells[:-1]
    return [cells]


def _under_one(cells: list[Cell], table: Table) -> list[list[Cell]]:
    """`cells` as rows of which only the first has a first cell (empty ones below it may have left
    no trace), if every time frame then stands
    in its column and they do not come out even as they are; else nothing."""
    width = len(table.columns)
    even = len(cells) % width == 0 and all(row_fits(row, table) for row in _in_rows(cells, width))
    if even or len(cells) <= width or not table.has("period") or table.has("score"):
        return []
    rows, position = [cells[:width]], width
    while position < len(cells):
        lost = [Cell("", cells[position].place)] if cells[position].text else []
        rows.append(lost + cells[position : position + width - len(lost)])
        position += width - len(lost)
    whole = all(
        len(row) == width
        and all(cell.text for cell in row[1:])
        and row_fits(row, table)
        and timeframes.period(row[table.roles().index("period")].text, SOME_YEAR)
        for row in rows
    )
    return rows if whole else []


def _in_rows(cells: list[Cell], width: int) -> list[list[Cell]]:
    return [cells[start : start + width] for start in range(0, len(cells), width)]
