"""PDF with a text layer → blocks.

Ruled tables by their rules; other text by its lines, wide gaps as tabs.
"""

import ctypes
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import pypdfium2
from pypdfium2 import raw

from ingestion.documents import grid
from ingestion.documents.blocks import Line, Table
from ingestion.documents.grid import Grid
from ingestion.readers.refused import Refused

MOST_PAGES = 1_000
MOST_CHARACTERS = 3_000_000
_LEAST_CHARACTERS = 50  # fewer in the whole file: its pages are pictures
_MOST_RULES = 3_000  # of one page; more are a drawing
_NEAR = 3.0  # points: rules that meet
_THIN = 2.5  # points: a rule's thickness


@dataclass(frozen=True)
class _Box:
    left: float
    bottom: float
    right: float
    top: float


@dataclass
class _Run:
    """Characters that follow each other on one line in one cell."""

    text: str
    box: _Box
    place: tuple | None  # (table, row, column) or None


def parse(data: bytes) -> list[Line | Table] | None:
    """The blocks of a PDF (places 'paragraph N', 'table N row N'); None where it has no text.

    Raises Refused if it is broken, locked or too long.
    """
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Refused(
            "unreadable", "แฟ้ม PDF เสียหายหรือมีรหัสผ่าน", f"a broken or locked PDF ({error})"
        ) from error
    with document:
        if len(document) > MOST_PAGES:
            raise Refused(
                "over_bound", f"PDF {len(document):,} หน้า", f"a PDF of {len(document):,} pages"
            )
        parts: list[str | Grid] = []
        characters = 0
        for number in range(len(document)):
            try:
                page = document[number]
                runs, tables = _page(page)
                page.close()
            except pypdfium2.PdfiumError:
                continue
            characters += sum(len(run.text.strip()) for run in runs)
            if characters > MOST_CHARACTERS:
                raise Refused(
                    "over_bound",
                    "PDF มีข้อความมากเกินไป",
                    f"a PDF of more than {MOST_CHARACTERS:,} characters",
                )
            parts += _parts(runs, tables)
    return grid.read_all(parts, whole=False) if characters >= _LEAST_CHARACTERS else None


# --- characters -----------------------------------------------------------------------------------


def _page(page: pypdfium2.PdfPage) -> tuple[list[_Run], list["_Ruled"]]:
    tables = _ruled(page)
    text = page.get_textpage()
    runs: list[_Run] = []
    written: list[str] = []
    box, place, broken = None, None, False

    def end() -> None:
        nonlocal box
        if box and "".join(written).strip():
            runs.append(_Run("".join(written), box, place))
        written.clear()
        box = None

    for letter, here in _letters(text):
        if (
            letter in "\r\n"
            # the library's own, and wrong on a page of few words: see whether the next letter
            # touches
        ):
            broken = True
            continue
        if letter in "\x00\x02\ufffe":
            end()
            continue
        if letter.isspace():
            written += [" "] if box else []
            continue
        at = _cell_at(tables, here)
        if box and (at != place or _apart(box, here) or broken and not _touches(box, here)):
            end()
        place, broken = at, False
        written.append(letter)
        box = here if box is None else _around(box, here)
    end()
    return runs, tables


def _letters(text: pypdfium2.PdfTextPage) -> list[tuple[str, _Box]]:
    """The characters of a page with their boxes, without those of a mark's second glyph, which
    repeats the whole cluster (ธิ์ธิ์).
    """
    count = min(text.count_chars(), MOST_CHARACTERS)
    letters = [
        (chr(raw.FPDFText_GetUnicode(text, index)), _box(text, index)) for index in range(count)
    ]
    kept: list[tuple[str, _Box]] = []
    skip = 0
    for index, (letter, box) in enumerate(letters):
        for length in (2, 3, 4) if not skip else ():
            second = letters[index : index + length]
            first = kept[-length:]
            if len(first) == len(second) == length and "".join(
                each for each, _ in first
            ) == "".join(each for each, _ in second):
                left, right, bottom = first[0][1].left, first[-1][1].right, first[0][1].bottom
                if all(
                    left - 1 <= each.left and each.right <= right + 1 and each.bottom > bottom + 1
                    for _, each in second
                ):
                    skip = length
        if skip:
            skip -= 1
        else:
            kept.append((letter, box))
    return kept


def _box(text: pypdfium2.PdfTextPage, index: int) -> _Box:
    edges = [ctypes.c_double() for _ in range(4)]
    raw.FPDFText_GetCharBox(text, index, *(ctypes.byref(edge) for edge in edges))
    left, right, bottom, top = (edge.value for edge in edges)
    return _Box(left, bottom, right, top)


def _around(one: _Box, other: _Box) -> _Box:
    return _Box(
        min(one.left, other.left),
        min(one.bottom, other.bottom),
        max(one.right, other.right),
        max(one.top, other.top),
    )


def _apart(run: _Box, box: _Box) -> bool:
    """Whether a character is on another line than the run, or a wide gap behind it."""
    height = max(run.top - run.bottom, box.top - box.bottom, 4)
    middle = (box.top + box.bottom) / 2
    other_line = middle > run.top + height / 2 or middle < run.bottom - height / 2
    return other_line or box.left > run.right + 0.9 * height or box.right < run.left - height


def _touches(run: _Box, box: _Box) -> bool:
    """Whether a character stands on the run's line, right behind it."""
    on_line = run.bottom <= (box.top + box.bottom) / 2 <= run.top
    return (
        on_line and run.left <= box.right and box.left <= run.right + 0.25 * (run.top - run.bottom)
    )


# --- tables between rules -------------------------------------------------------------------------


@dataclass
class _Ruled:
    """A table's rules: the edges of columns from left to right and of rows from top to bottom, and
    which cells are one.
    """

    columns: list[float]
    rows: list[float]
    first: dict[
        tuple[int, int], tuple[int, int]
    ]  # cell → the top left cell of what it is merged with


def _ruled(page: pypdfium2.PdfPage) -> list[_Ruled]:
    """The ruled tables of a page: rules that meet, at least two across and three down."""
    across, down = [], []
    for found, item in enumerate(page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH])):
        if found > _MOST_RULES:
            return []
        left, bottom, right, top = item.get_bounds()
        if top - bottom <= _THIN < right - left:
            across.append(_Box(left, (top + bottom) / 2, right, (top + bottom) / 2))
        elif right - left <= _THIN < top - bottom:
            down.append(_Box((left + right) / 2, bottom, (left + right) / 2, top))
        elif right - left > _THIN:
            across += [_Box(left, edge, right, edge) for edge in (bottom, top)]
            down += [_Box(edge, bottom, edge, top) for edge in (left, right)]
    tables = []
    for rules in _meeting(across, down):
        columns = _edges(rule.left for rule in rules if rule.left == rule.right)
        rows = _edges(rule.bottom for rule in rules if rule.bottom == rule.top)[::-1]
        if len(columns) > 2 and len(rows) > 1 and len(columns) * len(rows) < grid.MOST_CELLS:
            tables.append(_Ruled(columns, rows, _merged(columns, rows, rules)))
    return tables


def _meeting(across: list[_Box], down: list[_Box]) -> list[list[_Box]]:
    """The rules in groups that touch each other."""
    rules = [*across, *down]
    leader = list(range(len(rules)))

    def lead(index: int) -> int:
        while leader[index] != index:
            leader[index] = leader[leader[index]]
            index = leader[index]
        return index

    for number, row in enumerate(across):
        for index, column in enumerate(down, len(across)):
            if (
                row.left - _NEAR <= column.left <= row.right + _NEAR
                and column.bottom - _NEAR <= row.bottom <= column.top + _NEAR
            ):
                leader[lead(number)] = lead(index)
    groups = defaultdict(list)
    for index, rule in enumerate(rules):
        groups[lead(index)].append(rule)
    return list(groups.values())


def _edges(positions: Iterable[float]) -> list[float]:
    """The positions in order, near ones as one."""
    found: list[float] = []
    for position in sorted(positions):
        if not found or position - found[-1] > _NEAR:
            found.append(position)
    return found


def _merged(
    columns: list[float], rows: list[float], rules: list[_Box]
) -> dict[tuple[int, int], tuple[int, int]]:
    """Every cell and the first cell (top, then left) of those that no rule parts it from."""
    down = [rule for rule in rules if rule.left == rule.right]
    across = [rule for rule in rules if rule.bottom == rule.top]
    first: dict[tuple[int, int], tuple[int, int]] = {}
    for row, (top, bottom) in enumerate(pairwise(rows)):
        for column, (left, right) in enumerate(pairwise(columns)):
            x, y = (left + right) / 2, (top + bottom) / 2
            open_above = row > 0 and not any(
                abs(rule.bottom - top) <= _NEAR and rule.left - 1 <= x <= rule.right + 1
                for rule in across
            )
            open_left = column > 0 and not any(
                abs(rule.left - left) <= _NEAR and rule.bottom - 1 <= y <= rule.top + 1
                for rule in down
            )
            first[row, column] = (
                first[row - 1, column]
                if open_above
                else first[row, column - 1]
                if open_left
                else (row, column)
            )
    return first


def _cell_at(tables: list[_Ruled], box: _Box) -> tuple | None:
    x, y = (box.left + box.right) / 2, (box.bottom + box.top) / 2
    for number, table in enumerate(tables):
        if table.columns[0] <= x <= table.columns[-1] and table.rows[-1] <= y <= table.rows[0]:
            row = next(
                index
                for index, (top, bottom) in enumerate(pairwise(table.rows))
                if bottom <= y <= top
            )
            column = next(
                index
                for index, (left, right) in enumerate(pairwise(table.columns))
                if left <= x <= right
            )
            return number, *table.first[row, column]
    return None


# --- in reading order -----------------------------------------------------------------------------


def _parts(runs: list[_Run], tables: list[_Ruled]) -> list[str | Grid]:
    """The page from top to bottom: lines outside tables (cells parted by tabs), and the tables."""
    placed: list[tuple[float, str | Grid]] = []
    for line in _lines([run for run in runs if run.place is None]):
        placed.append((-max(run.box.top for run in line), _joined(line, "\t")))
    for number, table in enumerate(tables):
        texts = defaultdict(list)
        for run in runs:
            if run.place and run.place[0] == number:
                texts[run.place[1:]].append(run)
        if texts:
            written = {
                cell: _wrapped([_joined(line, " ") for line in _lines(own)])
                for cell, own in texts.items()
            }
            placed.append((-table.rows[0], _grid(table, written)))
    return [part for _, part in sorted(placed, key=lambda pair: pair[0])]


def _lines(runs: list[_Run]) -> list[list[_Run]]:
    """Runs on the same line, from the top; each line from the left."""
    lines: list[list[_Run]] = []
    for run in sorted(runs, key=lambda run: -(run.box.top + run.box.bottom)):
        last = lines[-1][0].box if lines else None
        middle = (run.box.top + run.box.bottom) / 2
        if last and last.bottom <= middle <= last.top:
            lines[-1].append(run)
        else:
            lines.append([run])
    return [sorted(line, key=lambda run: run.box.left) for line in lines]


def _joined(line: list[_Run], gap: str) -> str:
    return (
        gap.join(run.text.strip() for run in line[:-1])
        + gap * (len(line) > 1)
        + line[-1].text.lstrip()
    )


def _wrapped(lines: list[str]) -> str:
    """The lines of a cell as paragraphs: Thai goes on without a blank where a line ends without
    one; numbers, bullets and items begin anew.
    """
    written = lines[0]
    for line in lines[1:]:
        goes_on = not re.match(r"[0-9๐-๙]{1,2}\s*[.)]|[-•▪■(]|[ieo๐][0-9๐-๙]{1,2}\s+[ก-๙]", line)
        thai = goes_on and re.search(r"[ก-๎]$", written) and re.match(r"[ก-๎]", line)
        written += ("" if thai or goes_on and written.endswith(" ") else "\n") + line
    return written


def _grid(table: _Ruled, written: dict[tuple[int, int], str]) -> Grid:
    height, width = len(table.rows) - 1, len(table.columns) - 1
    spread = [
        [written.get(table.first[row, column], "") for column in range(width)]
        for row in range(height)
    ]
    own = [
        [
            spread[row][column] if table.first[row, column] == (row, column) else ""
            for column in range(width)
        ]
        for row in range(height)
    ]
    return Grid(own, spread)
