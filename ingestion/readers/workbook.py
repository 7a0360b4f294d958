"""Workbooks (.xlsx, .xlsb, .ods, old .xls) → tables; a workbook of `ita template` is recognised by its mark."""

import io
import re
import zipfile
import zlib
from decimal import Decimal

import openpyxl
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from ingestion.readers.grid import Tables, cell, hidden_sheet, layout_of
from ingestion.readers.refused import Refused
from ingestion.submission import Submission

TEMPLATE_MARK = "ITA-TEMPLATE-1"
MOST_SHEETS = 200
MOST_ENTRIES = 2_000
LARGEST_UNPACKED = 800 * 1024 * 1024  # bytes, all entries together
LARGEST_RATIO = 250  # unpacked : packed, of an entry over 10 MB
MOST_CELLS = 40_000_000  # of one sheet, empty ones included
_REFERENCE = re.compile(rb"\s(r|ref)\s*=\s*[\"']([^\"']*)[\"']")
_NO_VALUE = re.compile(
    rb"<c (?![^>]*t=\"str\")[^>]*>\s*<f[ >/][^<]*(?:</f>)?\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"
)
_USUAL = re.compile(rb"(?:\$?[A-Z]{0,3}\$?\d{0,7}:)?\$?([A-Z]{0,3})\$?(\d{0,7})")


def read(data: bytes) -> Submission:
    """The tables of all visible sheets. Raises Refused for what is broken, protected, carries macros or is over a bound."""
    hidden_from_us = _check_container(data) if data[:2] == b"PK" else False
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [sheet for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        if len(sheets) > MOST_SHEETS:
            raise Refused(
                "over_bound",
                f"{len(sheets):,} แผ่นงาน เกิน {MOST_SHEETS}",
                f"{len(sheets):,} sheets, more than {MOST_SHEETS}",
            )
        visible = [sheet.name for sheet in sheets if sheet.visible == SheetVisibleEnum.Visible]
        grids = {name: _rows(book.get_sheet_by_name(name)) for name in visible}
    except CalamineError as error:
        raise _unreadable(data, error) from error
    except BaseException as error:
        if (
            type(error).__module__ != "pyo3_runtime"
        ):  # the library panics on some broken workbooks: no Exception, and its class cannot be named
            raise
        raise _unreadable(data, error) from error
    if hidden_from_us:
        _show(data, grids)
    known = _template_facts(grids)
    tables = Tables(forms=True)
    for name, rows in list(grids.items())[
        1 if known else 0 :
    ]:  # a template's first sheet holds its facts, no table
        tables.add(rows, f"sheet {name} ", known, title=name)
    submission = tables.submission("template" if known else layout_of(tables.kinds))
    if not known:
        submission.findings.extend(
            hidden_sheet(sheet.name)
            for sheet in sheets
            if sheet.visible != SheetVisibleEnum.Visible
        )
    return submission


def _check_container(data: bytes) -> bool:
    """Bounds of the zip before anything is unpacked; True if there may be cells whose value is not all: percentages, formulas without a value, errors."""
    unclear = False
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
        names = {entry.filename for entry in entries}
        if len(entries) > MOST_ENTRIES:
            raise Refused(
                "over_bound",
                f"{len(entries):,} ส่วนใน .xlsx เกิน {MOST_ENTRIES:,}",
                f"{len(entries):,} parts inside, more than {MOST_ENTRIES:,}",
            )
        unpacked = sum(entry.file_size for entry in entries)
        bomb = any(
            entry.file_size > 10_000_000
            and entry.file_size > LARGEST_RATIO * max(entry.compress_size, 1)
            for entry in entries
        )
        if unpacked > LARGEST_UNPACKED or bomb:
            raise Refused(
                "over_bound", f"ขยายได้ {unpacked:,} ไบต์", f"it unpacks to {unpacked:,} bytes"
            )
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise Refused(
                "unreadable",
                "แฟ้มมีแมโคร ให้บันทึกเป็น .xlsx ที่ไม่มีแมโคร",
                "it carries macros; save it as .xlsx without them",
            )
        for entry in entries:
            if re.fullmatch(r"xl/worksheets/[^/]+\.xml", entry.filename):
                unclear |= _check_sheet(archive.read(entry))
        styles = (
            archive.read("xl/styles.xml").decode("utf-8", "replace")
            if "xl/styles.xml" in names
            else ""
        )
    except (
        zipfile.BadZipFile,
        zlib.error,
        ValueError,
        OSError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise Refused("unreadable", "แฟ้มสมุดงานเสียหาย", f"broken workbook ({error})") from error
    used = styles.partition("<cellXfs")[2].partition("</cellXfs")[0]
    own = re.findall(r'<numFmt [^>]*numFmtId="(\d+)"[^>]*formatCode="[^"]*%', styles) + re.findall(
        r'formatCode="[^"]*%[^"]*"[^>]*numFmtId="(\d+)"', styles
    )
    return unclear or any(f'numFmtId="{number}"' in used for number in ["9", "10", *own])


def _check_sheet(content: bytes) -> bool:
    """True if it has an error cell or a formula without a value. Refuses a sheet with a cell far out: the reader would hold every empty cell up to it."""
    columns, rows = {b""}, 0
    for found in _REFERENCE.finditer(content):
        usual = _USUAL.fullmatch(found[2])
        if not usual:
            raise Refused(
                "unreadable",
                "สมุดงานเสียหาย: ตำแหน่งช่องผิดรูปแบบ",
                "broken workbook: a cell reference is none",
            )
        columns.add(usual[1])
        rows = max(rows, int(usual[2] or 0))
    width = max(column_number(letters.decode()) for letters in columns)
    if rows * width > MOST_CELLS:
        raise Refused(
            "over_bound",
            f"แผ่นงานกว้าง {width:,} ช่อง สูง {rows:,} แถว",
            f"a sheet spans {rows:,} rows by {width:,} columns",
        )
    return b't="e"' in content or bool(_NO_VALUE.search(content))


def column_number(letters: str) -> int:
    """A → 1, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _unreadable(data: bytes, error: Exception) -> Refused:
    if b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e" in data or "assword" in str(error):
        return Refused(
            "unreadable",
            "แฟ้มมีรหัสผ่าน ให้บันทึกใหม่โดยไม่มีรหัสผ่าน",
            "it is protected by a password; save it without one",
        )
    if b"W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t" in data:
        return Refused(
            "unknown_layout",
            "เอกสาร Word รุ่นเก่า (.doc) ให้บันทึกเป็น .docx",
            "an old Word document (.doc); save it as .docx",
        )
    return Refused("unreadable", "แฟ้มสมุดงานเสียหาย", f"broken workbook ({str(error)[:200]})")


def _rows(sheet) -> list[list]:
    rows = sheet.to_python(skip_empty_area=False)
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        if top < len(rows) and left < len(rows[top]) and bottom - top < 10_000 and left == right:
            for number in range(
                top + 1, min(bottom + 1, len(rows))
            ):  # a name merged down its rows belongs to each of them
                rows[number][left] = rows[top][left]
    return rows


def _show(data: bytes, grids: dict[str, list[list]]) -> None:
    """Put what is shown in place of what the reader gives: 92.65% for 0.9265, #DIV/0! and a formula without a value for nothing.

    Only openpyxl knows them, so it is asked only where there is one.
    """
    try:
        values, formulas = (
            openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=data_only)
            for data_only in (True, False)
        )
        for name in grids.keys() & set(values.sheetnames):
            for shown, written in zip(
                values[name].iter_rows(), formulas[name].iter_rows(), strict=False
            ):
                for one, formula in zip(shown, written, strict=False):
                    text = _shown(one, formula)
                    if (
                        text
                        and one.row <= len(grids[name])
                        and one.column <= len(grids[name][one.row - 1])
                    ):
                        grids[name][one.row - 1][one.column - 1] = text
    except Exception as error:  # openpyxl raises whatever its parser meets in a broken part
        raise Refused(
            "unreadable",
            "อ่านรูปแบบร้อยละหรือสูตรในสมุดงานไม่ได้",
            f"the percent formats or formulas of the workbook cannot be read ({error})",
        ) from error


def _shown(cell, formula) -> str:
    """The text of a percentage, an error or a formula without a value; '' for any other cell."""
    if isinstance(cell.value, int | float) and "%" in (cell.number_format or ""):
        return f"{(Decimal(format(cell.value, '.15g')) * 100).normalize():f}%"
    if cell.value is None:
        return str(formula.value) if formula.data_type == "f" and formula.value is not None else ""
    return str(cell.value) if cell.data_type == "e" else ""


def _template_facts(grids: dict[str, list[list]]) -> dict[str, str]:
    """What a template's first sheet states once (fiscal_year, agency_id, …), or {} for any other workbook."""
    first = next(iter(grids.values()), [])
    if not first or not first[0] or cell(first[0][0]) != TEMPLATE_MARK:
        return {}
    return {cell(row[0]): cell(row[2]) for row in first[1:20] if len(row) > 2 and cell(row[0])}
