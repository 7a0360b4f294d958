"""An old .xls (BIFF) → sheets, by xlrd: it knows formats, error cells and what is hidden. That a
number was calculated it does not tell, so the records of formulas are looked through for it.
"""

import struct
from datetime import datetime
from typing import Any

import xlrd

from ingestion.readers.cells import StoredZero
from ingestion.readers.refused import Refused
from ingestion.readers.workbook import container
from ingestion.readers.workbook.sheet import (
    NOT_CALCULATED,
    Sheet,
    as_percent,
    check_area,
    percent_signs,
)

_BOF, _EOF, _FORMULA, _SHEET = 0x0809, 0x000A, 0x0006, 0x0085
_WORKSHEET = 0  # what kind of sheet: no chart, no macros
_CALCULATE_ON_LOAD = 0x0002  # a flag of a formula that nobody has calculated yet


def read(data: bytes) -> list[Sheet]:
    """All sheets, hidden ones without their rows. Raises Refused for what is no workbook."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise container.protected()
    if "WordDocument".encode("utf-16-le") in data:
        raise Refused(
            "unknown_layout",
            "เอกสาร Word รุ่นเก่า (.doc) ให้บันทึกเป็น .docx",
            "an old Word document (.doc); save it as .docx",
        )
    try:
        # Rows stay as short as they are: one far cell must not make every cell up to it.
        book = xlrd.open_workbook(
            file_contents=data,
            formatting_info=True,
            ragged_rows=True,
            on_demand=True,
            logfile=_Silent(),
        )
        formulas = _formulas(_stream(data))
        return [
            _sheet(book, number, formulas[number] if number < len(formulas) else {})
            for number in range(book.nsheets)
        ]
    except Refused:
        raise
    except Exception as error:  # xlrd raises whatever a broken record makes of its arithmetic
        if "ncrypted" in str(error) or "assword" in str(error):
            raise container.protected() from error
        raise container.broken(error) from error


class _Silent:
    """Where xlrd may write its remarks on odd files."""

    def write(self, written: str) -> None:
        """Forget it."""


def _sheet(book: xlrd.Book, number: int, formulas: dict[tuple[int, int], bool]) -> Sheet:
    own = book.sheet_by_index(number)
    sheet = Sheet(own.name, own.visibility == 0)
    if not sheet.visible:
        return sheet
    width = max((own.row_len(row) for row in range(own.nrows)), default=0)
    check_area(own.nrows, width)
    signs_of = _signs_of(book)
    sheet.rows = [
        [
            _value(book, cell, formulas.get((row, column)), signs_of)
            for column, cell in enumerate(own.row(row))
        ]
        for row in range(own.nrows)
    ]
    sheet.hidden_rows = {
        row for row, look in own.rowinfo_map.items() if look.hidden or look.height == 0
    }
    sheet.hidden_columns = {
        column for column, look in own.colinfo_map.items() if look.hidden or look.width == 0
    }
    sheet.merged = [
        (top, left, below - 1, after - 1) for top, below, left, after in own.merged_cells
    ]
    sheet.merge_down()
    return sheet


def _signs_of(book: xlrd.Book) -> dict[int, int]:
    """Style of a cell → percent signs that multiply, of the styles that have any."""
    found = {
        number: percent_signs(book.format_map[style.format_key].format_str)
        for number, style in enumerate(book.xf_list)
        if style.format_key in book.format_map
    }
    return {number: signs for number, signs in found.items() if signs}


def _value(
    book: xlrd.Book, cell: xlrd.sheet.Cell, calculated: bool | None, signs_of: dict[int, int]
) -> Any:
    """The cell as shown. `calculated`: None where it is no formula."""
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(cell.value, "#ERROR!")
    if cell.ctype == xlrd.XL_CELL_DATE:
        return _date(book, cell.value)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype != xlrd.XL_CELL_NUMBER:
        return cell.value
    if cell.value == 0 and calculated is not None:
        return StoredZero() if calculated else NOT_CALCULATED
    signs = signs_of.get(cell.xf_index, 0)
    return as_percent(cell.value, signs) if signs else cell.value


def _date(book: xlrd.Book, value: float) -> str:
    try:
        return datetime(*xlrd.xldate_as_tuple(value, book.datemode)).date().isoformat()
    except (xlrd.XLDateError, ValueError):  # a number out of all calendars, or a time alone
        return format(value, ".15g")


def _stream(data: bytes) -> bytes:
    """The records of the workbook, out of its container."""
    container_ = xlrd.compdoc.CompDoc(data, logfile=_Silent())
    return container_.get_named_stream("Workbook") or container_.get_named_stream("Book") or b""


def _formulas(stream: bytes) -> list[dict[tuple[int, int], bool]]:
    """Of each sheet in order: (row, column) of a formula → it has been calculated."""
    begins: list[int] = []  # where the records of each sheet begin
    found: dict[int, dict[tuple[int, int], bool]] = {}
    at, depth, sheet = 0, 0, 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        if kind == _BOF:
            sheet = at if depth == 0 else sheet
            depth += 1  # a chart on a sheet stands within it
        elif kind == _EOF:
            depth -= 1
        elif kind == _SHEET and length >= 6 and stream[at + 9] == _WORKSHEET:
            begins.append(struct.unpack_from("<I", stream, at + 4)[0])
        elif kind == _FORMULA and length >= 16 and depth == 1:
            row, column, flags = struct.unpack_from("<HH10xH", stream, at + 4)
            found.setdefault(sheet, {})[row, column] = not flags & _CALCULATE_ON_LOAD
        at += 4 + length
    return [found.get(begin, {}) for begin in begins]
