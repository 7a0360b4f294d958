"""Plain text → blocks. Tables are written a row a line (cells between tabs, pipes or runs of blanks) or a cell a line (begun by a tab)."""

import math
import re
from collections import Counter
from collections.abc import Callable
from itertools import combinations, pairwise

from ingestion import normalise
from ingestion.documents import blocks, codes, timeframes, titles
from ingestion.documents.blocks import Cell, Column, Line, Table
from ingestion.readers.refused import Refused

_FURNITURE = re.compile(r"\[(?:image|bookmark):[^\]]{0,500}\]")
_PAGE_NUMBER = re.compile(
    r"\s*(?:-+\s*[0-9๐-๙]{1,3}\s*-+|(?:หน้า|หน้าที่|page)\s*[0-9๐-๙]{1,3}(?:\s*(?:/|จาก|of)\s*[0-9๐-๙]{1,3})?)\s*",
    re.IGNORECASE,
)
_TAG = re.compile(
    r"</?(p|ul|ol|li|br|div|span|td|tr|table|tbody|b|i|u|strong|em|input|font|sup|sub)\b[^<>]{0,500}>",
    re.IGNORECASE,
)
_BLANKS = dict.fromkeys([0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " ")
_BLANKS |= dict.fromkeys(
    [0xAD, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF]
)
_BREAK = {"p", "br", "li", "div"}
_QUOTED = re.compile(r'"[^"]*"')
_BEGINS_ANEW = re.compile(
    rf"[0-9๐-๙]{{1,2}}\s*[.)]|[-•▪■(]|{codes.CODE}"
)  # a line of a cell that is its own paragraph
_UNIT = r"(?:\s?%| คะแนน)?"
_CELL = re.compile(r" *\t")  # how a line begins that is a cell of its own
_HEADER_CELLS = 12  # widest table
MOST_LINES = 20_000
LONGEST_LINE = 20_000  # characters; the rest of a longer line is not looked at
_RUNNING = re.compile(r"คุณธรรมและความโปร่งใส|ITA|^รายงาน")
_EVERY_PAGE = 3  # times that a line is written before it is taken for a page's title
_SOME_YEAR = 2566  # where only matters whether a time frame can be read
_MOST_WAYS = 300  # of putting a table right that are tried
_MOST_LINES_OF_ROW = 8
_LOOK_AHEAD = 60  # lines from a heading to the table that it announces


def strip_tags(written: str) -> str:
    """`written` without HTML tags; those that begin a paragraph leave a line break."""
    return (
        _TAG.sub(lambda tag: "\n" if tag[1].lower() in _BREAK else " ", written)
        if "<" in written
        else written
    )


def parse(written: str, unit: str = "line", before: int = 0) -> list[Line | Table]:
    """The blocks of a plain text; places are '<unit> N', counted from 1 behind the `before` units that were read already."""
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
    return Table(block.columns, place, rows, block.loose)


def _parse(written: str) -> list[Line | Table]:
    lines = [
        _clean(line[:LONGEST_LINE]) for line in re.split(r"\r\n|[\n\r\x0b\x0c\x85\u2028]", written)
    ]
    if len(lines) > MOST_LINES:
        raise Refused(
            "over_bound", f"เอกสาร {len(lines):,} บรรทัด", f"a document of {len(lines):,} lines"
        )
    lines = _without_running_titles(lines)
    found: list[Line | Table] = []
    last_table = None
    position = 0
    while position < len(lines):
        goes_on = (
            last_table.columns
            if last_table and isinstance(found[-1], Line) and "(ต่อ)" in found[-1].text
            else None
        )
        table, aside, after = _rows_on_lines(lines, position, goes_on)
        if not table:
            table, aside, after = _cells_on_lines(lines, position, goes_on)
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
    """The lines without the repetitions of a title that stands on every page, in the midst of tables too."""
    often = {
        line
        for line, count in Counter(line.strip() for line in lines).items()
        if count >= _EVERY_PAGE and _RUNNING.search(line)
    }
    often = {
        line
        for line in often
        if "\t" not in line and "(ต่อ)" not in line and not blocks.is_heading(line)
    }
    seen: set[str] = set()
    kept = []
    for line in lines:
        bare = line.strip()
        kept.append("" if bare in seen else line)
        seen |= {bare} & often
    return kept


def _clean(line: str) -> str:
    """A line without marks of images, bookmarks and pages; a row between pipes as one between tabs."""
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


def _cell(written: str, line: int) -> Cell:
    """A cell that begins on `line`; its place is its first line with text."""
    lead = len(written) - len(written.lstrip())
    text = normalise.multiline(strip_tags(written))
    return Cell(_unquoted(text), f"line {line + 1 + written[:lead].count(chr(10))}")


# --- a row a line -------------------------------------------------------------------------------------------------------------


def _split(line: str, loose: bool) -> list[str]:
    """The cells of a line: between tabs, or (`loose`) between runs of blanks where it has no tabs."""
    return (
        re.split(r" {2,}", line.strip()) if loose and "\t" not in line.strip() else line.split("\t")
    )


def _cells_of(line: str, loose: bool) -> list[str]:
    """The cells of a row: between tabs; in a `loose` table between runs of blanks and stray tabs."""
    return re.split(r"\t| {2,}", line.strip()) if loose else line.split("\t")


def _header_line(line: str) -> list[Column] | None:
    """The columns that a line of header cells announces."""
    cells = [_flat(_cell(cell, 0)) for cell in _split(line, True)] if len(line) < 2000 else []
    while cells and not cells[-1]:
        cells.pop()
    return blocks.columns(cells) if len(cells) > 1 else None


def _header_at(lines: list[str], position: int) -> tuple[list[Column] | None, int]:
    """(columns, last line) of the header that begins on a line; it may be broken inside its cells over as many as three."""
    found, last = _header_line(lines[position]), position
    joined = lines[position]
    for below in range(position + 1, min(len(lines), position + 3)):
        if (
            "\t" not in lines[position].strip()
            or lines[below].startswith("\t")
            or not lines[below].strip()
        ):
            break
        joined = f"{joined} {lines[below]}"
        wider = _header_line(joined)
        if wider and len(wider) > len(found or []):
            found, last = wider, below
    return found, last


def _rows_on_lines(
    lines: list[str], position: int, goes_on: list[Column] | None
) -> tuple[Table | None, list[Line], int]:
    """(the table whose header is the line at `position`, or that `goes_on` there; lines between its rows; the line after it)."""
    header, last = _header_at(lines, position)
    shown = position  # a line that shows how cells are parted
    if (
        header is None
        and goes_on
        and 1 < len(_split(lines[position].rstrip(), True)) <= len(goes_on)
    ):
        header, shown, position, last = goes_on, position, position - 1, position - 1
    if header is None:
        return None, [], position
    table, aside = Table(header, f"line {position + 1}", loose="\t" not in lines[shown].strip()), []
    width = len(header)
    position = last + 1
    while position < len(lines):
        line = lines[position]
        if _header_line(line) or "\t" not in line.strip() and blocks.is_heading(line):
            break
        texts = _cells_of(line, table.loose)
        if len(texts) < width and texts[0].strip() and not any(text.strip() for text in texts[1:]):
            texts = texts[:1]  # the end of a broken line, and the tabs behind it
        if len(texts) > 1:
            row, last = _whole_row(
                [_cell(text, position) for text in texts], lines, position, table
            )
            while len(row) > width and not row[-1].text:
                row.pop()
            table.rows.append(row)
            position = last
        elif line.strip():
            loose = _cell(texts[0], position)
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


def _spread(row: list[Cell], table: Table) -> list[Cell]:
    """A row whose empty cells left no trace, with them, if they fit in one way only; else as it is."""
    missing = len(table.columns) - len(row)
    if table.has("item", "score"):
        code = next((index for index, cell in enumerate(row) if codes.one(cell.text)), len(row))
        return [Cell("", row[0].place)] * max(0, table.roles().index("item") - code) + row
    if missing <= 0 or math.comb(len(table.columns), missing) > _MOST_WAYS:
        return row
    ways = []
    for empty in combinations(range(len(table.columns)), missing):
        cells = iter(row)
        way = [
            Cell("", row[0].place) if index in empty else next(cells)
            for index in range(len(table.columns))
        ]
        if _fits(way, table):
            ways.append(way)
    return ways[0] if len(ways) == 1 else row


def _narrowed(row: list[Cell], table: Table) -> list[Cell]:
    """A row with more cells than the table has columns without its stray empty ones, if it then fits in one way only; else as it is."""
    surplus = len(row) - len(table.columns)
    empty = [index for index, cell in enumerate(row) if not cell.text]
    if not 0 < surplus <= len(empty) or math.comb(len(empty), surplus) > _MOST_WAYS:
        return row
    ways = {}
    for dropped in combinations(empty, surplus):
        way = [cell for index, cell in enumerate(row) if index not in dropped]
        if _fits(way, table):
            ways[tuple(cell.text for cell in way)] = way
    return ways.popitem()[1] if len(ways) == 1 else row


def _joined(row: list[Cell], rest: list[Cell]) -> list[Cell]:
    last = row[-1]
    between = "\n" if _BEGINS_ANEW.match(rest[0].text) or _figure(rest[0]) else " "
    return [
        *row[:-1],
        Cell(
            _unquoted(f"{last.text}{between}{rest[0].text}".strip()),
            last.place if last.text else rest[0].place,
        ),
        *rest[1:],
    ]


def _unquoted(written: str) -> str:
    return written[1:-1].strip() if _QUOTED.fullmatch(written) else written


def _figure(cell: Cell) -> bool:
    return bool(re.fullmatch(rf"[0-9.,]+{_UNIT}", normalise.digits(cell.text)))


def _whole_row(
    row: list[Cell], lines: list[str], position: int, table: Table
) -> tuple[list[Cell], int]:
    """(the row with the lines that go on with it, the last of them): a row broken inside its cells, if together they are as wide as the header."""
    whole, width = row, len(table.columns)
    for below in range(position + 1, min(len(lines), position + _MOST_LINES_OF_ROW)):
        line = lines[below]
        if (
            len(whole) >= width
            or line.startswith("\t")
            or not line.strip()
            or _header_line(line)
            or blocks.is_heading(line)
        ):
            break
        rest = [_cell(text, below) for text in _cells_of(line, table.loose)]
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

    A code or a figure ends a cell; two halves of a figure are put together too, and then are no figure: better none than a half.
    """
    if _figure(row[-1]) or _figure(rest[0]):
        return _figure(row[-1]) and _figure(rest[0])
    if row[-1].text in ("ข้อ", "ซื้อ"):
        return True
    begins = titles.begins_entry(rest[0].text) or table.has("issue") and codes.leading(rest[0].text)
    code = table.has("item", "score") and (codes.one(row[-1].text) or codes.one(rest[0].text))
    return bool(row[-1].text) and not begins and not code


def _belongs(row: list[Cell], loose: Cell, width: int) -> bool:
    """Whether a line without cells goes on with the last cell of the row before it, and is not a running title or a page number."""
    last = row[-1]
    if _figure(loose) and not re.fullmatch(r"2[05]\d\d", normalise.digits(loose.text)):
        whole = re.search(rf"[.,][0-9]{{2}}{_UNIT}$", normalise.digits(last.text))
        return (_figure(last) or not last.text or len(row) < width) and not whole
    return not _figure(last) and not codes.one(last.text) and bool(last.text)


def _more_rows_follow(lines: list[str], position: int, loose: bool) -> bool:
    following = next(
        (line for line in lines[position + 1 : position + _LOOK_AHEAD] if line.strip()), ""
    )
    return len(_split(following, loose)) > 1 and _header_line(following) is None


# --- a cell a line ------------------------------------------------------------------------------------------------------------


def _cells_from(
    lines: list[str], position: int, most: int | None = None
) -> tuple[list[Cell], list[int]]:
    """The cells (about `most`) from `position` on until something that is no cell, and the line after each."""
    cells, ends = [], []
    while (
        position < len(lines)
        and _CELL.match(lines[position])
        and (most is None or len(cells) < most)
    ):
        if _header_line(lines[position]):
            break
        first = position
        position += 1
        while (
            position < len(lines)
            and "\t" not in _bare(lines[position])
            and not _section_begins(lines, position)
        ):
            position += 1
        texts = _bare(lines[first]).split("\t")[1:]
        cells += [_cell(text, first) for text in texts[:-1]] + [
            _cell("\n".join([texts[-1], *lines[first + 1 : position]]), first)
        ]
        ends += [position] * len(texts)
        if most is None and _second_header(cells):
            break
    return cells, ends


def _bare(line: str) -> str:
    """A line of a cell without the tabs behind its text, which are no cells."""
    return line.rstrip(" \t") if line.strip() else line


def _second_header(cells: list[Cell]) -> bool:
    """Whether the last cells are a header, and cells of a table stand between it and the first header."""
    end = len(cells)
    while end > max(0, len(cells) - _HEADER_CELLS) and blocks.column(_flat(cells[end - 1])):
        end -= 1
    if not 0 < end < len(cells) - 1 or not _header_width(cells, end):
        return False
    return any(cell.text and not blocks.column(_flat(cell)) for cell in cells[:end])


def _cut_last(lines: list[str], cells: list[Cell], ends: list[int]) -> None:
    """End the last cell of a table at its first blank line, or behind its figure: what follows is no cell any more."""
    first = next(index for index in range(ends[-1] - 1, -1, -1) if "\t" in lines[index])
    texts = [_bare(lines[first]).split("\t")[-1], *lines[first + 1 : ends[-1]]]
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
        re.fullmatch(rf"(?:\d{{1,3}}[.,]\d\d|100|0){_UNIT}", normalise.digits(texts[begun]))
        and not following[:1].isdecimal()
    ):
        end = begun + 1
    cells[-1], ends[-1] = _cell("\n".join(texts[:end]), first), first + end


def _goes_on_below(texts: list[str]) -> bool:
    """Whether the next line with text is an entry of a list, a remark on an item or part of a time frame: still the same cell."""
    following = next((text for text in texts if text.strip()), "")
    return bool(
        re.match(r"\s*(?:[0-9๐-๙]{1,2}\s*[.)]|[-•▪■]|\([ieo][0-9๐-๙]|ถึง)", following)
    ) or bool(timeframes.find(following[:40]))


def _section_begins(lines: list[str], position: int) -> bool:
    """Whether the line is a heading that ends the table, not a line of a cell that only reads like one: no cell of the table follows."""
    if not blocks.is_heading(lines[position]):
        return False
    if re.match(r"\s*(?:ประเด็นที่|ส่วนที่|บทที่)\s*[0-9๐-๙]", lines[position]):
        return True
    ahead = range(position + 1, min(len(lines), position + _LOOK_AHEAD))
    following = next((index for index in ahead if _CELL.match(lines[index])), None)
    if following is None or blocks.is_heading(lines[following]):
        return True
    return bool(_header_width(_cells_from(lines, following, _HEADER_CELLS)[0], 0))


def _cells_on_lines(
    lines: list[str], position: int, goes_on: list[Column] | None
) -> tuple[Table | None, list[Line], int]:
    """(the table whose header cells begin at `position`, or that `goes_on` there; no lines; the line after it)."""
    if not re.fullmatch(r" *\t[^\t]*", _bare(lines[position])):
        return None, [], position
    width = _header_width(_cells_from(lines, position, _HEADER_CELLS)[0], 0)
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
    table = Table(header, f"line {position + 1}")
    table.rows = _rows(cells[width:], table)
    return table, [], ends[-1]


def _flat(cell: Cell) -> str:
    return cell.text.replace("\n", " ")


def _header(cells: list[Cell], first: int) -> tuple[list[Column] | None, int]:
    """(columns, cell after them) of the row of headers that begins at `first`; empty cells between are stray tabs."""
    found: list[Column] = []
    end = position = first
    while position < min(len(cells), first + _HEADER_CELLS):
        column = blocks.column(_flat(cells[position]))
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
    """The rows of a table written a cell a line: counted off by its width, put right at every cell that shows its column."""
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
    """A column whose cells show themselves, and how: codes beside scores, topics' or indicators' titles, kinds of constraints."""
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
            blocks.kind(_flat(cells[index]))
        )
    return 0, lambda cells, index: False


def _numbered_indicator(cells: list[Cell], index: int) -> bool:
    """Whether a cell is a number and the next one the title of the indicator of that number, in any year."""
    number = normalise.digits(cells[index].text).rstrip(".")
    return (
        number.isdecimal()
        and index + 1 < len(cells)
        and titles.is_indicator(int(number), cells[index + 1].text)
    )


def _count_off(cells: list[Cell], table: Table) -> list[list[Cell]]:
    """`cells` as rows of the table.

    Where they do not come out even, empty cells too many (stray tabs) are dropped or cells missing at the end are added, if that makes
    every cell fit its column in one way only; else they stay one odd row, from which only what is certain is read.
    """
    width = len(table.columns)
    merged = _under_one(cells, table)
    if merged or len(cells) % width == 0 or len(cells) < width:
        return merged or _in_rows(cells, width)
    surplus = len(cells) % width
    empty = [index for index, cell in enumerate(cells) if not cell.text]
    shorter = []
    if len(empty) >= surplus and math.comb(len(empty), surplus) <= _MOST_WAYS:
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
            if all(_fits(row, table) for row in way)
        }
        if fitting:
            if len(fitting) == 1:
                return fitting.popitem()[1]
            break
    while len(cells) > width and not cells[-1].text:
        cells = cells[:-1]
    return [cells]


def _under_one(cells: list[Cell], table: Table) -> list[list[Cell]]:
    """`cells` as rows of which only the first has a first cell (empty ones below it may have left no trace), if every time frame then stands
    in its column and they do not come out even as they are; else nothing."""
    width = len(table.columns)
    even = len(cells) % width == 0 and all(_fits(row, table) for row in _in_rows(cells, width))
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
        and _fits(row, table)
        and timeframes.period(row[table.roles().index("period")].text, _SOME_YEAR)
        for row in rows
    )
    return rows if whole else []


def _in_rows(cells: list[Cell], width: int) -> list[list[Cell]]:
    return [cells[start : start + width] for start in range(0, len(cells), width)]


def _fits(row: list[Cell], table: Table) -> bool:
    """Whether the cells of a row can be what their columns say."""
    for column, cell in zip(table.columns, row, strict=False):
        if not cell.text:
            if column.role in ("measure", "detail"):
                return False
        elif (
            column.role == "score"
            and not _figure(cell)
            or column.role == "period"
            and not timeframes.sounds_like(cell.text)
        ):
            return False
        elif (
            table.has("period")
            and column.role != "period"
            and len(cell.text) < 60
            and timeframes.period(cell.text, None)
        ):
            return False
        elif (
            column.role in ("topic", "indicator")
            and not table.has("score")
            and not titles.begins_entry(cell.text)
        ):
            return False
        elif column.role == "item" and table.has("score") and not codes.leading(cell.text):
            return False
    return True
