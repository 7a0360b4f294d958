"""HTML tables (also what some systems save as .xls) → tables, if one is of scores or a registry."""

import re

import lxml.html

from ingestion.readers.grid import Tables, layout_of
from ingestion.submission import Submission

LARGEST_SPAN = 2_000


def read(written: str) -> Submission | None:
    """The tables of an HTML page, or None if none is in an accepted layout.

    Scripts are not run, nothing is loaded.
    """
    parser = lxml.html.HTMLParser(
        remove_comments=True, remove_pis=True, no_network=True, recover=True, huge_tree=False
    )
    page = lxml.html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", written), parser=parser)
    tables = Tables()
    for number, table in enumerate(page.iter("table"), 1):
        if not any(True for _ in table.iterdescendants("table")):
            tables.add(_rows(table), f"table {number} ")
    return tables.submission(layout_of(tables.kinds)) if tables.kinds else None


def _rows(table: lxml.html.HtmlElement) -> list[list[str]]:
    """Rows of cell texts; a cell that spans belongs to each of its rows and to its first column."""
    rows: list[list[str]] = []
    below: dict[int, tuple[str, int]] = {}  # column → text and how many rows more it holds
    for line in table.iter("tr"):
        row: list[str] = []
        above = below
        begun: dict[int, tuple[str, int]] = {}
        for cell in line:
            if cell.tag not in ("td", "th"):
                continue
            row += _held(above, len(row))
            text = "\n".join(cell.itertext())
            if _span(cell, "rowspan") > 1:
                begun[len(row)] = (text, _span(cell, "rowspan") - 1)
            row += [text, *[""] * (_span(cell, "colspan") - 1)]
        row += _held(above, len(row))
        rows.append(row)
        below = {
            column: (text, left - 1) for column, (text, left) in above.items() if left > 1
        } | begun
    return rows


def _held(above: dict[int, tuple[str, int]], column: int) -> list[str]:
    """The texts of the cells above that also stand in the columns from `column` on."""
    held = []
    while column in above:
        held.append(above[column][0])
        column += 1
    return held


def _span(cell: lxml.html.HtmlElement, name: str) -> int:
    written = cell.get(name, "1")
    return max(1, min(int(written), LARGEST_SPAN)) if written.isdecimal() else 1
