"""Workbooks (.xlsx, .ods, old .xls) → tables; a workbook of `ita template` is known by its mark."""

from collections.abc import Callable
from zipfile import ZipFile

from ingestion.places import column_letters
from ingestion.readers.cells import cell
from ingestion.readers.grid import Tables, layout_of
from ingestion.readers.refused import Refused
from ingestion.readers.workbook import container, ods, xls, xlsx
from ingestion.readers.workbook.sheet import Sheet
from ingestion.rules import finding
from ingestion.submission import Finding, Submission
from warehouse import mark
from warehouse.measures_book import MARK as TEMPLATE_MARK

TEMPLATE_HEADER_ROWS = 4  # of each of its sheets; the last one, the names for programs, is hidden
MOST_SHEETS = 200
WORKING_FILE = (mark.PRODUCT.encode(), b"working file")
ABOUT = ("docProps/core.xml", "docProps/custom.xml", "meta.xml")  # of .xlsx, and of .ods


def read(data: bytes) -> Submission:
    """The tables of all visible sheets, as a person who opens the workbook sees them.

    A percentage counts as shown; an error, and a formula that nobody calculated, stay in the cell
    as text; hidden rows and columns are read like others, with a warning that names them; a hidden
    sheet is not read, with a warning. Raises Refused for what is broken, protected, carries macros
    or is over a bound.
    """
    sheets = _sheets(data)
    if len(sheets) > MOST_SHEETS:
        raise Refused(
            "over_bound",
            f"{len(sheets):,} แผ่นงาน เกิน {MOST_SHEETS}",
            f"{len(sheets):,} sheets, more than {MOST_SHEETS}",
        )
    visible = [sheet for sheet in sheets if sheet.visible]
    known = _template_facts(visible)
    if known:
        visible, sheets = visible[1:], visible[1:]  # the first one holds its facts, no table
    tables, findings = Tables(forms=True), []
    for sheet in visible:
        if tables.add(sheet.rows, f"sheet {sheet.name} ", known, title=sheet.name):
            findings += _hidden_parts(sheet, TEMPLATE_HEADER_ROWS if known else 0)
    submission = tables.submission("template" if known else layout_of(tables.kinds))
    submission.findings.extend(findings)
    submission.findings.extend(
        finding("hidden_sheet", f"sheet {sheet.name}", sheet.name)
        for sheet in sheets
        if not sheet.visible
    )
    return submission


def _sheets(data: bytes) -> list[Sheet]:
    if data[:2] != b"PK":
        return xls.read(data)
    archive = container.opened(data)
    _refuse_working_file(archive)
    if "content.xml" in archive.namelist():
        return ods.read(archive)
    return xlsx.read(data, archive)


def _refuse_working_file(archive: ZipFile) -> None:
    """pack.xlsx holds figures like a submission's; sent in, it is taken for none."""
    try:
        about = b"".join(archive.read(name) for name in ABOUT if name in archive.namelist())
    except container.BROKEN as error:
        raise container.broken(error) from error
    if all(words in about for words in WORKING_FILE):
        raise Refused("working_file", "pack.xlsx", "pack.xlsx")


def _hidden_parts(sheet: Sheet, ours: int) -> list[Finding]:
    """The warnings for rows and columns that hold something and are not shown.

    `ours`: rows from the top that the template itself hides.
    """
    filled = [
        number
        for number in sorted(sheet.hidden_rows)
        if ours <= number < len(sheet.rows) and any(map(cell, sheet.rows[number]))
    ]
    found = []
    if filled:
        place = f"sheet {sheet.name} row {filled[0] + 1}"
        found.append(finding("hidden_rows", place, _runs([number + 1 for number in filled], str)))
    columns = [
        position
        for position in sorted(sheet.hidden_columns)
        if any(position < len(row) and cell(row[position]) for row in sheet.rows[ours:])
    ]
    if columns:
        found.append(
            finding("hidden_columns", f"sheet {sheet.name}", _runs(columns, column_letters))
        )
    return found


def _runs(numbers: list[int], shown: Callable[[int], str]) -> str:
    """[3, 7, 8, 9] → '3, 7–9', each number as `shown` writes it."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(
        shown(first) if first == last else f"{shown(first)}–{shown(last)}" for first, last in runs
    )


def _template_facts(sheets: list[Sheet]) -> dict[str, str]:
    """What a template's first sheet states once (fiscal_year, agency_id, …); {} for any other."""
    rows = sheets[0].rows if sheets else []
    if not rows or not rows[0] or cell(rows[0][0]) != TEMPLATE_MARK:
        return {}
    return {cell(row[0]): cell(row[2]) for row in rows[1:20] if len(row) > 2 and cell(row[0])}
