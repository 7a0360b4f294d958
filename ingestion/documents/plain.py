"""Plain text → blocks. Two ways of writing tables: a row a line (cells between tabs), or a cell a line (each begun by a tab)."""

import re
from collections.abc import Callable

from ingestion import normalise
from ingestion.documents import blocks, codes, framework
from ingestion.documents.blocks import Cell, Column, Line, Table

_FURNITURE = re.compile(r"\[(?:image|bookmark):[^\]]*\]")
_PAGE_NUMBER = re.compile(r"\s*-\s*[0-9๐-๙]{1,3}\s*-\s*")
_TAG = re.compile(r"</?(p|ul|ol|li|br|div|span|td|tr|table|tbody|b|i|u|strong|em|input|font|sup|sub)\b[^<>]*>", re.IGNORECASE)
_BREAK = {"p", "br", "li", "div"}
_PIPES = re.compile(r"\s*\|.*\|\s*")


def strip_tags(written: str) -> str:
    """`written` without HTML tags; those that begin a paragraph leave a line break."""
    return _TAG.sub(lambda tag: "\n" if tag[1].lower() in _BREAK else " ", written) if "<" in written else written


def parse(written: str) -> list[Line | Table]:
    """The blocks of a plain text; places are 'line N', counted from 1."""
    found = []
    lines = [_clean(line) for line in re.split(r"\r\n|[\n\r\x0b\x0c\x85\u2028]", written)]
    position = 0
    while position < len(lines):
        for reader in (_rows_on_lines, _cells_on_lines):
            table, after = reader(lines, position)
            if table:
                found.append(table)
                position = after
                break
        else:
            text = normalise.multiline(strip_tags(lines[position].replace("\t", " "))).strip("# ").strip("*")
            if text:
                found.append(Line(normalise.text(text), f"line {position + 1}"))
            position += 1
    return found


def _clean(line: str) -> str:
    line = _FURNITURE.sub("", line)
    if _PAGE_NUMBER.fullmatch(line) or re.fullmatch(r"[\s|:\-]*\|[\s|:\-]*", line):
        return ""
    return line.strip().strip("|").replace("|", "\t") if _PIPES.fullmatch(line) else line


def _cell(written: str, line: int) -> Cell:
    """A cell that begins on `line`; its place is its first line with text."""
    lead = len(written) - len(written.lstrip("\n \t"))
    return Cell(normalise.multiline(strip_tags(written)), f"line {line + 1 + written[:lead].count(chr(10))}")


# --- a row a line -------------------------------------------------------------------------------------------------------------

def _split(line: str) -> list[str]:
    return line.split("\t")


def _rows_on_lines(lines: list[str], position: int) -> tuple[Table | None, int]:
    """The table whose header is the line at `position`, and the line after it."""
    header = _header_line(lines[position])
    if header is None:
        return None, position
    table = Table(header, f"line {position + 1}")
    width = len(header)
    position += 1
    while position < len(lines):
        line = lines[position]
        if not line.strip():
            position += 1
            continue
        if _header_line(line) or blocks.is_heading(line.strip()) and "\t" not in line.strip():
            break
        if "\t" in line:
            row = [_cell(cell, position) for cell in _split(line)]
            if table.rows and _continues(table.rows[-1], row, line, width):
                last = table.rows[-1]
                table.rows[-1] = [*last[:-1], Cell(f"{last[-1].text}\n{row[0].text}".strip(), last[-1].place), *row[1:]]
            else:
                table.rows.append(row)
        elif table.rows and _more_rows_follow(lines, position) or table.rows and len(table.rows[-1]) < width:
            if not re.fullmatch(r"\s*[0-9๐-๙]{1,3}\s*", line) or len(table.rows[-1]) < width:
                last = table.rows[-1]
                place = last[-1].place if last[-1].text else f"line {position + 1}"
                table.rows[-1] = [*last[:-1], Cell(normalise.multiline(f"{last[-1].text}\n{strip_tags(line)}"), place)]
        else:
            break
        position += 1
    return table, position


def _header_line(line: str) -> list[Column] | None:
    if line.strip().count("\t") == 0:
        return None
    cells = [normalise.text(strip_tags(cell)) for cell in _split(line)]
    while cells and not cells[-1]:
        cells.pop()
    return blocks.columns(cells)


def _continues(last: list[Cell], row: list[Cell], line: str, width: int) -> bool:
    """Whether `row` is the rest of `last`, broken inside a cell: together they are one full row, and neither side is a figure of its own."""
    if line.startswith("\t") or len(last) + len(row) - 1 != width or len(last) == width:
        return False
    return bool(last[-1].text) and not any(codes.one(cell.text) or normalise.number(cell.text) is not None for cell in (last[-1], row[0]))


def _more_rows_follow(lines: list[str], position: int) -> bool:
    following = next((line for line in lines[position + 1:] if line.strip()), "")
    return "\t" in following and _header_line(following) is None


# --- a cell a line ------------------------------------------------------------------------------------------------------------

_BEGINS = re.compile(r" *\t[^\t]*")
_HEADER_CELLS = 12


def _cells_from(lines: list[str], position: int, most: int | None = None) -> tuple[list[Cell], list[int]]:
    """The cells (`most` at most) from `position` on until something that is no cell, and the line after each."""
    cells, ends = [], []
    while position < len(lines) and re.match(r" *\t", lines[position]) and (most is None or len(cells) < most):
        if _header_line(lines[position]):
            break
        first = position
        position += 1
        while position < len(lines) and "\t" not in lines[position] and not _section_begins(lines, position):
            position += 1
        texts = lines[first].split("\t")[1:]
        cells += [_cell(text, first) for text in texts[:-1]] + [_cell("\n".join([texts[-1], *lines[first + 1:position]]), first)]
        ends += [position] * len(texts)
    return cells, ends


def _section_begins(lines: list[str], position: int) -> bool:
    """Whether the line is a heading that ends the table, not a line of a cell that reads like one: then no further cell of the table follows."""
    if not blocks.is_heading(lines[position]):
        return False
    if re.match(r"\s*(ประเด็นที่|ส่วนที่|บทที่)\s*[0-9๐-๙]", lines[position]):
        return True
    following = next((index for index in range(position + 1, len(lines)) if re.match(r" *\t", lines[index])), None)
    return following is None or blocks.is_heading(lines[following]) or bool(_header_width(_cells_from(lines, following, _HEADER_CELLS)[0], 0))


def _cells_on_lines(lines: list[str], position: int) -> tuple[Table | None, int]:
    """The table whose header cells begin at `position`, and the line after it."""
    if not _BEGINS.fullmatch(lines[position]) or not _header_width(_cells_from(lines, position, _HEADER_CELLS)[0], 0):
        return None, position
    cells, ends = _cells_from(lines, position)
    width = _header_width(cells, 0)
    last = next((index for index in range(width, len(cells)) if _header_width(cells, index) >= 2), len(cells))
    table = Table(blocks.columns([_flat(cell) for cell in cells[:width]]), f"line {position + 1}")
    table.rows = _rows(cells[width:last], table)
    return table, ends[last - 1]


def _flat(cell: Cell) -> str:
    return cell.text.replace("\n", " ")


def _header_width(cells: list[Cell], first: int) -> int:
    """How many cells from `first` on are one row of headers; 0 if they are none."""
    end = first
    while end < min(len(cells), first + _HEADER_CELLS) and (column := blocks.column(_flat(cells[end]))):
        if column.role in blocks.KINDS and any(blocks.column(_flat(cell)).role == "constraint" for cell in cells[first:end]):
            break                                             # ข้อจำกัด | รายละเอียด is whole; ด้านบุคลากร is its first row
        end += 1
    return end - first if blocks.columns([_flat(cell) for cell in cells[first:end]]) else 0


def _rows(cells: list[Cell], table: Table) -> list[list[Cell]]:
    """The rows of a table written a cell a line: counted off by its width, put right at every cell that shows its column."""
    width = len(table.columns)
    position, shows = _landmark(table)
    marks = [index for index, cell in enumerate(cells) if shows(cell)]
    starts = [max(0, mark - position) for mark in marks]
    if not starts or starts[0] > 0:
        starts = [0, *starts]
    rows = []
    for start, end in zip(starts, [*starts[1:], len(cells)], strict=True):
        rows += _count_off(cells[start:end], width)
    return [row for row in rows if any(cell.text for cell in row)]


def _landmark(table: Table) -> tuple[int, Callable[[Cell], bool]]:
    """A column whose cells show themselves, and how: item codes in a table of scores, topics' titles in one of measures."""
    roles = table.roles()
    if table.has("item", "score"):
        return roles.index("item"), lambda cell: bool(codes.one(cell.text))
    for role in ("topic", "indicator"):
        if role in roles:
            return roles.index(role), lambda cell: framework.numbered_title(cell.text)
    if "constraint" in roles:
        return roles.index("constraint"), lambda cell: (blocks.column(_flat(cell)) or Column("", None, "", "")).role in blocks.KINDS
    return 0, lambda cell: False


def _count_off(cells: list[Cell], width: int) -> list[list[Cell]]:
    """`cells` as rows of `width`; empty cells too many (a stray tab) are dropped, missing ones are missing at the end."""
    surplus = len(cells) % width
    if len(cells) > width and surplus:
        inner = [index for index, cell in enumerate(cells) if not cell.text and 0 < index < len(cells) - 1]
        if 0 < len(inner) == surplus:
            cells = [cell for index, cell in enumerate(cells) if index not in inner]
    return [cells[start:start + width] for start in range(0, len(cells), width)]
