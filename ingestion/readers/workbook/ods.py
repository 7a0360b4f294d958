"""An OpenDocument spreadsheet → sheets. Read here and not by calamine, which gives an error cell as
empty and a percentage without its sign.
"""

import re
import zipfile
from typing import Any

from lxml import etree

from ingestion.readers.cells import StoredZero
from ingestion.readers.workbook import container
from ingestion.readers.workbook.sheet import (
    NOT_CALCULATED,
    Sheet,
    as_percent,
    check_area,
)

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384  # of a sheet in LibreOffice
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_ERROR = re.compile(r"#(?:N/A|[A-Z]+(?:/0)?[!?])|(?:Err|ผิดพลาด):\d+")


def read(archive: zipfile.ZipFile) -> list[Sheet]:
    """All sheets, hidden ones without rows. Raises Refused where it is broken or protected."""
    try:
        manifest = "META-INF/manifest.xml"
        if manifest in archive.namelist() and b"encryption-data" in archive.read(manifest):
            raise container.protected()
        return _sheets(archive.read("content.xml"))
    except container.BROKEN as error:
        raise container.broken(error) from error


def _sheets(content: bytes) -> list[Sheet]:
    sheets: dict[str, Sheet] = {}
    hidden_styles: set[str] = set()
    rows: dict[str, int] = {}  # sheet → rows passed
    columns: dict[str, int] = {}
    for element in container.elements(content, "style", "table-column", "table-row"):
        kind = etree.QName(element).localname
        if kind == "style":
            shown = element.find(f"{_STYLE}table-properties")
            if shown is not None and shown.get(f"{_TABLE}display") == "false":
                hidden_styles.add(element.get(f"{_STYLE}name", ""))
            continue
        table = next(element.iterancestors(f"{_TABLE}table"), None)
        if table is None or next(element.iterancestors(f"{_TABLE}table-cell"), None) is not None:
            continue
        name = table.get(f"{_TABLE}name", "")
        visible = table.get(f"{_TABLE}style-name", "") not in hidden_styles
        sheet = sheets.setdefault(name, Sheet(name, visible))
        if not visible:
            continue
        if kind == "table-column":
            columns[name] = _column(sheet, element, columns.get(name, 0))
        else:
            rows[name] = _row(sheet, element, rows.get(name, 0))
    for sheet in sheets.values():
        sheet.merge_down()
    return list(sheets.values())


def _column(sheet: Sheet, element: etree._Element, first: int) -> int:
    after = min(first + _repeated(element, "columns"), MOST_COLUMNS)
    if _is_hidden(element):
        sheet.hidden_columns.update(range(first, after))
    return after


def _row(sheet: Sheet, element: etree._Element, first: int) -> int:
    """Append a row as often as it is repeated; gives the number of the next one."""
    after = min(first + _repeated(element, "rows"), MOST_ROWS)
    values: list[Any] = []
    at = 0
    for cell in element.iterchildren(*_CELLS):
        times = min(_repeated(cell, "columns"), MOST_COLUMNS - at)
        value = _value(cell) if cell.tag == _CELLS[0] else None
        if value not in (None, ""):
            values += [None] * (at - len(values)) + [value] * times
            down, across = (
                int(cell.get(f"{_TABLE}number-{kind}-spanned") or 1) for kind in ("rows", "columns")
            )
            if down > 1 and across == 1:
                sheet.merged.append((first, at, min(first + down, MOST_ROWS) - 1, at))
        at += times
    if _is_hidden(element):
        sheet.hidden_rows.update(range(first, after))
    if values:
        check_area(after, max(len(values), max(map(len, sheet.rows[-1:]), default=0)))
        sheet.rows += [[] for _ in range(first - len(sheet.rows))]
        sheet.rows += [list(values) for _ in range(after - first)]
    return after


def _repeated(element: etree._Element, what: str) -> int:
    return max(1, int(element.get(f"{_TABLE}number-{what}-repeated") or 1))


def _is_hidden(element: etree._Element) -> bool:
    return element.get(f"{_TABLE}visibility") in ("collapse", "filter")


def _value(cell: etree._Element) -> Any:
    """The cell as shown: a number, '92.34%', an ISO date, the words of an error or a text."""
    kind = cell.get(f"{_CALC}value-type") or cell.get(f"{_OFFICE}value-type") or ""
    formula, words = cell.get(f"{_TABLE}formula"), _words(cell)
    if kind == "error" or formula and _ERROR.fullmatch(words):
        return words or "#ERROR!"
    if kind in ("float", "currency", "percentage") and cell.get(f"{_OFFICE}value"):
        number = float(cell.get(f"{_OFFICE}value"))
        if formula and number == 0:
            return StoredZero()
        return as_percent(number, 1) if kind == "percentage" else number
    if kind == "date":
        return (cell.get(f"{_OFFICE}date-value") or words)[:10]
    if formula and kind != "string":
        return words or formula.partition(":")[2] or NOT_CALCULATED
    return words or cell.get(f"{_OFFICE}string-value") or ""


def _words(cell: etree._Element) -> str:
    """The paragraphs of a cell; what a comment says is none of it."""
    return "\n".join(_inline(paragraph) for paragraph in cell.iterchildren(f"{_TEXT}p"))


def _inline(element: etree._Element) -> str:
    written = element.text or ""
    for child in element:
        if child.tag == f"{_TEXT}s":
            written += " "
        elif child.tag in (f"{_TEXT}tab", f"{_TEXT}line-break"):
            written += "\n" if child.tag.endswith("break") else "\t"
        elif child.tag != f"{_OFFICE}annotation":
            written += _inline(child)
        written += child.tail or ""
    return written
