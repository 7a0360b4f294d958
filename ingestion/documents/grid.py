"""Tables that say themselves what their cells are (HTML, DOCX, ruled PDF) → blocks: find the
headers, keep merged cells apart.
"""

from dataclasses import dataclass, replace

from ingestion import normalise
from ingestion.documents import blocks, plain
from ingestion.documents.blocks import Cell, Column, Line, Table

_MERGED_COUNT = {
    "period",
    "responsible",
}  # merged downwards, these hold for every row that they cover
MOST_CELLS = 200_000  # of one table
MOST_COLUMNS = 60
LONGEST_CELL = 20_000  # characters


@dataclass(frozen=True)
class Span:
    """A cell as written: its text, and how many columns and rows it covers."""

    text: str
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True)
class Grid:
    """A table cell by cell: `own` has a merged cell's text once (top left), `spread` in every cell
    that it covers.
    """

    own: list[list[str]]
    spread: list[list[str]]


def lay_out(rows: list[list[Span]]) -> Grid:
    """The grid of rows of spans. A table over the bounds is cut there."""
    own: list[list[str]] = [[] for _ in rows]
    spread: list[list[str]] = [[] for _ in rows]
    taken: dict[tuple[int, int], str] = {}
    for number, spans in enumerate(rows):
        waiting = list(spans)
        while waiting or (number, len(own[number])) in taken:
            place = len(own[number])
            if place >= MOST_COLUMNS or len(taken) > MOST_CELLS:
                break
            if (number, place) in taken:
                own[number].append("")
                spread[number].append(taken.pop((number, place)))
                continue
            span = waiting.pop(0)
            text = normalise.multiline(span.text[:LONGEST_CELL])
            width = max(1, min(span.columns, MOST_COLUMNS - place))
            own[number] += [text] + [""] * (width - 1)
            spread[number] += [text] * width
            for below in range(number + 1, min(len(rows), number + max(1, span.rows))):
                taken |= {(below, place + column): text for column in range(width)}
    return Grid(own, spread)


def read(grid: Grid, name: str, before: Table | None) -> list[Line | Table]:
    """The blocks of a grid; places are '<name> row N'.

    `before` is the table before it, which a grid without a header may go on.
    """
    found: list[Line | Table] = []
    table = None
    columns = before.columns if before and _goes_on(grid, before.columns) else None
    number = 0
    while number < len(grid.own):
        place = f"{name} row {number + 1}"
        header, height = _header(grid, number)
        if header:
            columns, table = header, Table(header, place)
            found.append(table)
            number += height
            continue
        cells = [cell for cell in grid.own[number] if cell]
        whole = len(cells) == 1 and len(set(grid.spread[number])) == 1
        if columns is None or whole and len(columns) > 1:
            found += [Line(normalise.text(cell), place) for cell in cells]
            table = None
        elif cells:
            if table is None:
                table = Table(columns, place)
                found.append(table)
            table.rows.append(_row(grid, number, columns, place))
        number += 1
    return found


def _goes_on(grid: Grid, columns: list[Column]) -> bool:
    return (
        bool(grid.own)
        and all(len(row) == len(columns) for row in grid.own)
        and _header(grid, 0)[0] is None
    )


def _header(grid: Grid, number: int) -> tuple[list[Column] | None, int]:
    """(columns, rows) of the header at row `number`: one row, or two where the second divides
    merged cells of the first.
    """
    first = [normalise.text(cell) for cell in grid.spread[number]]
    if number + 1 < len(grid.own):
        below = [normalise.text(cell) for cell in grid.own[number + 1]]
        if any(below) and not all(below) and all(blocks.column(cell) for cell in below if cell):
            both = [
                cell if cell == more or not more else f"{cell} {more}"
                for cell, more in zip(first, below, strict=False)
            ]
            if header := blocks.columns(both):
                return header, 2
    return blocks.columns(first), 1


def _row(grid: Grid, number: int, columns: list[Column], place: str) -> list[Cell]:
    texts = list(grid.own[number])
    for index, column in enumerate(columns[: len(texts)]):
        if column.role in _MERGED_COUNT:
            texts[index] = grid.spread[number][index]
    return [Cell(text, place) for text in texts]


def read_all(parts: list[str | Grid], whole: bool = True) -> list[Line | Table]:
    """The blocks of a document of paragraphs and grids, in order; places are 'paragraph N' and
    'table N row N'. `whole`: each text is a paragraph of its own, and no line of a longer one.
    """
    found: list[Line | Table] = []
    paragraphs: list[str] = []
    begun: set[str] = set()  # places where a paragraph begins
    read_paragraphs = tables = 0
    for part in [*parts, Grid([], [])]:
        if isinstance(part, str):
            begun.add(f"paragraph {read_paragraphs + len(paragraphs) + 1}")
            paragraphs += part.split("\n")
            continue
        found += [
            replace(block, fresh=True)
            if whole and isinstance(block, Line) and block.place in begun
            else block
            for block in plain.parse("\n".join(paragraphs), "paragraph", read_paragraphs)
        ]
        read_paragraphs, paragraphs = read_paragraphs + len(paragraphs), []
        if part.own:
            tables += 1
            last = next((block for block in reversed(found[-3:]) if isinstance(block, Table)), None)
            found += read(part, f"table {tables}", last)
    return found
