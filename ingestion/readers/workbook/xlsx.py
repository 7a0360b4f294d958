"""An .xlsx, usual or Strict → sheets. Values come from calamine, which is fast and gives neither
formats nor errors nor formulas; a sheet that has any of these or hides something is looked through.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from ingestion.readers.cells import StoredZero
from ingestion.readers.refused import Refused
from ingestion.readers.workbook import container
from ingestion.readers.workbook.sheet import (
    Sheet,
    as_percent,
    check_area,
    percent_signs,
)

_REFERENCES = re.compile(rb"\sr\s*=\s*[\"']([^\"']*[\"']?)")  # of cells and rows, with their end
_USUAL = re.compile(rb"\$?[A-Z]{0,3}\$?\d{0,7}[\"']")
_LETTERS, _DIGITS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"0123456789"
# What asks for a look through the sheet, and bytes without which it is not there: those are found
# twenty times as fast.
_TO_LOOK_AT = [
    (parts, re.compile(pattern))
    for parts, pattern in (
        ((b"<f", b":f"), rb"<(?:\w+:)?f[\s/>]"),
        ((b"'e'", b'"e"'), rb"=\s*[\"']e[\"']"),
        ((b"hidden",), rb"hidden\s*=\s*[\"'](?:1|t)"),
        ((b"zeroHeight",), rb"zeroHeight\s*=\s*[\"'](?:1|t)"),
        ((b" ht",), rb" ht\s*=\s*[\"']0[\"'.]"),
        ((b" width",), rb" width\s*=\s*[\"']0[\"'.]"),
    )
]
_TRUE = ("1", "true")
_BUILT_IN_PERCENT = {"9": "0%", "10": "0.00%"}


@dataclass
class _Looks:
    """What of a sheet the values do not say; positions are (row, column) from 0."""

    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    zero_formulas: dict[tuple[int, int], str] = field(default_factory=dict)  # → formula
    calculated: bool = False  # a formula has another value than 0
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def read(data: bytes, archive: zipfile.ZipFile) -> list[Sheet]:
    """All sheets, hidden ones without their rows. Raises Refused for what cannot be read."""
    if "xl/workbook.bin" in archive.namelist():
        raise Refused(
            "unreadable",
            "สมุดงานแบบไบนารี (.xlsb) ให้เปิดใน Excel แล้วบันทึกเป็น .xlsx",
            "a binary workbook (.xlsb); open it in Excel and save it as .xlsx",
        )
    try:
        signs = _percent_signs(archive)
        parts, calculates_on_load = _parts(archive)
        looks = {name: _look(archive.read(part), signs) for name, part in parts.items()}
    except container.BROKEN as error:
        raise container.broken(error) from error
    sheets = _values(data)
    uncalculated = calculates_on_load and not any(look.calculated for look in looks.values())
    for sheet in sheets:
        if sheet.visible and sheet.name in looks:
            _apply(sheet, looks[sheet.name], uncalculated)
        sheet.merge_down()
    return sheets


def _values(data: bytes) -> list[Sheet]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [
            Sheet(meta.name, meta.visible == SheetVisibleEnum.Visible)
            for meta in book.sheets_metadata
            if meta.typ == SheetTypeEnum.WorkSheet
        ]
        for sheet in sheets:
            if sheet.visible:
                values = book.get_sheet_by_name(sheet.name)
                sheet.rows = values.to_python(skip_empty_area=False)
                sheet.merged = [(*first, *last) for first, last in values.merged_cell_ranges or []]
    except CalamineError as error:
        raise container.broken(error) from error
    except BaseException as error:
        # The library panics on some broken workbooks: no Exception, and its class has no name.
        if type(error).__module__ != "pyo3_runtime":
            raise
        raise container.broken(error) from error
    return sheets


def _apply(sheet: Sheet, look: _Looks, uncalculated: bool) -> None:
    """Put what is shown in place of the values. `uncalculated`: the 0 of each formula is none."""
    for (row, column), written in look.texts.items():
        sheet.put(row, column, written)
    for (row, column), formula in look.zero_formulas.items():
        sheet.put(row, column, formula if uncalculated else StoredZero())
    sheet.hidden_rows, sheet.hidden_columns = look.hidden_rows, look.hidden_columns


def _parts(archive: zipfile.ZipFile) -> tuple[dict[str, str], bool]:
    """Sheet name → its part, as the workbook and its relations say; and whether whoever wrote it
    left the calculation to the program that opens it.
    """
    targets = {
        container.local(relation, "Id"): container.local(relation, "Target")
        for relation in container.elements(
            archive.read("xl/_rels/workbook.xml.rels"), "Relationship"
        )
    }
    there = set(archive.namelist())
    parts, on_load = {}, False
    for element in container.elements(archive.read("xl/workbook.xml"), "sheet", "calcPr"):
        if element.tag.endswith("}calcPr"):
            on_load |= container.local(element, "fullCalcOnLoad") in _TRUE
            continue
        target = targets.get(container.local(element, "id"), "")
        part = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
        if part in there:
            parts[container.local(element, "name")] = part
    return parts, on_load


def _percent_signs(archive: zipfile.ZipFile) -> dict[str, int]:
    """Style number of a cell (`s`) → percent signs that multiply, of the styles that have any."""
    if "xl/styles.xml" not in archive.namelist():
        return {}
    formats, styles = dict(_BUILT_IN_PERCENT), []
    for element in container.elements(archive.read("xl/styles.xml"), "numFmt", "cellXfs"):
        if element.tag.endswith("}cellXfs"):
            styles = [own.get("numFmtId", "") for own in element.iterchildren("{*}xf")]
        elif element.getparent().tag.endswith("}numFmts"):
            formats[element.get("numFmtId", "")] = element.get("formatCode", "")
    signs = {number: percent_signs(formats.get(own, "")) for number, own in enumerate(styles)}
    return {str(number): own for number, own in signs.items() if own}


def _look(content: bytes, signs: dict[str, int]) -> _Looks:
    """Look through a sheet where something in it asks for it. Raises Refused for one too large."""
    height, width = _reach(content)
    styles = "|".join(map(re.escape, signs))
    if (
        _is_small(height, width)
        and not any(
            any(part in content for part in parts) and pattern.search(content)
            for parts, pattern in _TO_LOOK_AT
        )
        and not (styles and re.search(rf"\ss\s*=\s*[\"'](?:{styles})[\"']".encode(), content))
    ):
        return _Looks()
    return _looked_through(content, signs)


def _reach(content: bytes) -> tuple[int, int]:
    """The last row and column that a sheet's references name. Raises Refused for a strange one."""
    references = set(_REFERENCES.findall(content))
    if not all(map(_USUAL.fullmatch, references)):
        raise container.broken("a cell reference is none")
    written = b" ".join(references).translate(None, b"$\"'")
    rows = set(written.translate(None, _LETTERS).split())
    columns = set(written.translate(None, _DIGITS).split())
    return max(map(int, rows), default=0), max(
        (_number(own.decode()) for own in columns), default=0
    )


def _is_small(rows: int, columns: int) -> bool:
    try:
        check_area(rows, columns)
    except Refused:  # as far as any cell reaches; what counts is how far filled ones do
        return False
    return True


def _looked_through(content: bytes, signs: dict[str, int]) -> _Looks:
    look, row, filled = _Looks(), -1, [0, 0]
    zero_height = False
    for element in container.elements(content, "row", "col", "sheetFormatPr"):
        kind = element.tag.rpartition("}")[2]
        if kind == "sheetFormatPr":
            zero_height = element.get("zeroHeight") in _TRUE
        elif kind == "col":
            if element.get("hidden") in _TRUE or _is_zero(element.get("width")):
                first, last = int(element.get("min", "0")), int(element.get("max", "0"))
                look.hidden_columns.update(range(max(first, 1) - 1, min(last, 16_384)))
        else:
            row = int(element.get("r") or row + 2) - 1
            hidden = element.get("hidden", "1" if zero_height else "0") in _TRUE
            if hidden or _is_zero(element.get("ht")):
                look.hidden_rows.add(row)
            for column, cell, value in _filled(element):
                filled = [max(filled[0], row + 1), max(filled[1], column + 1)]
                _take(look, (row, column), cell, value, signs)
    check_area(*filled)
    return look


def _is_zero(written: str | None) -> bool:
    return written is not None and float(written) == 0


def _filled(row: etree._Element) -> Iterator[tuple]:
    """(column, cell, value) of the cells of a row that hold something."""
    column = -1
    for cell in row.iterchildren("{*}c"):
        reference = cell.get("r")
        column = (
            _number(reference.rstrip("0123456789$").lstrip("$")) - 1 if reference else column + 1
        )
        value = cell.findtext("{*}v")
        if value or cell.find("{*}f") is not None or cell.find("{*}is") is not None:
            yield column, cell, value


def _take(
    look: _Looks, place: tuple[int, int], cell: etree._Element, value: str | None, signs: dict
) -> None:
    """Note what of a filled cell its value does not say."""
    kind, formula = cell.get("t", "n"), cell.find("{*}f")
    if kind == "e":
        look.texts[place] = value or "#ERROR!"
    elif formula is not None and not value:
        if kind != "str":  # a formula may well give an empty text
            look.texts[place] = f"={formula.text or '…'}"
    elif kind == "n" and value:
        number, own = float(value), signs.get(cell.get("s", "0"), 0)
        if formula is not None and number == 0:
            look.zero_formulas[place] = f"={formula.text or '…'}"
            return
        look.calculated |= formula is not None
        if own:
            look.texts[place] = as_percent(number, own)


def _number(letters: str) -> int:
    """A → 1, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
