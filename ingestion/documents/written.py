"""Cells as plain text writes them: what both ways of writing a table share."""

import re

from ingestion import normalise
from ingestion.documents import blocks, codes, timeframes, titles
from ingestion.documents.blocks import Cell, Column, Table

TAG = re.compile(
    r"</?(p|ul|ol|li|br|div|span|td|tr|table|tbody|b|i|u|strong|em|input|font|sup|sub)\b[^<>]{0,500}>",
    re.IGNORECASE,
)
BREAK = {"p", "br", "li", "div"}
QUOTED = re.compile(r'"[^"]*"')
UNIT = r"(?:\s?%| คะแนน)?"
CELL = re.compile(r" *\t")  # how a line begins that is a cell of its own
HEADER_CELLS = 12  # widest table
SOME_YEAR = 2566  # where only matters whether a time frame can be read
MOST_WAYS = 300  # of putting a table right that are tried
LOOK_AHEAD = 60  # lines from a heading to the table that it announces


def strip_tags(written: str) -> str:
    """`written` without HTML tags; those that begin a paragraph leave a line break."""
    return (
        TAG.sub(lambda tag: "\n" if tag[1].lower() in BREAK else " ", written)
        if "<" in written
        else written
    )


def cell_of(written: str, line: int) -> Cell:
    """A cell that begins on `line`; its place is its first line with text."""
    lead = len(written) - len(written.lstrip())
    text = normalise.multiline(strip_tags(written))
    return Cell(unquoted(text), f"line {line + 1 + written[:lead].count(chr(10))}")


def cells_in(line: str, loose: bool) -> list[str]:
    """The cells of a line: between tabs, or (`loose`) between runs of blanks where it has no
    tabs.
    """
    return (
        re.split(r" {2,}", line.strip()) if loose and "\t" not in line.strip() else line.split("\t")
    )


def header_line(line: str) -> list[Column] | None:
    """The columns that a line of header cells announces."""
    cells = (
        [flat_text(cell_of(cell, 0)) for cell in cells_in(line, True)] if len(line) < 2000 else []
    )
    while cells and not cells[-1]:
        cells.pop()
    return blocks.columns(cells) if len(cells) > 1 else None


def unquoted(written: str) -> str:
    return written[1:-1].strip() if QUOTED.fullmatch(written) else written


def is_figure(cell: Cell) -> bool:
    return bool(re.fullmatch(rf"[0-9.,]+{UNIT}", normalise.digits(cell.text)))


def bare_line(line: str) -> str:
    """A line of a cell without the tabs behind its text, which are no cells."""
    return line.rstrip(" \t") if line.strip() else line


def flat_text(cell: Cell) -> str:
    return cell.text.replace("\n", " ")


def row_fits(row: list[Cell], table: Table) -> bool:
    """Whether the cells of a row can be what their columns say."""
    for column, cell in zip(table.columns, row, strict=False):
        if not cell.text:
            if column.role in ("measure", "detail"):
                return False
        elif (
            (
                column.role == "score"
                and not is_figure(cell)
                or column.role == "period"
                and not timeframes.sounds_like(cell.text)
            )
            or (
                table.has("period")
                and column.role != "period"
                and len(cell.text) < 60
                and timeframes.period(cell.text, None)
            )
            or (
                column.role in ("topic", "indicator")
                and not table.has("score")
                and not titles.begins_entry(cell.text)
            )
            or column.role == "item"
            and table.has("score")
            and not codes.leading(cell.text)
        ):
            return False
    return True
