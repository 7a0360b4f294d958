"""A copy of the sender's workbook with the cells of the findings marked and commented.

Values only: no formula of the sender's runs in it.
"""

import re
import warnings
from io import BytesIO
from pathlib import Path

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from ingestion.submission import Finding

LARGEST = 3 * 1024 * 1024
_PLACE = re.compile(r"sheet (?P<sheet>.+) row (?P<row>\d+)(?: column (?P<column>[A-Z]+))?")
_FILL = {
    "error": PatternFill("solid", fgColor="FFC7CE"),
    "warning": PatternFill("solid", fgColor="FFEB9C"),
}


def marked(file: Path, findings: list[Finding]) -> bytes | None:
    """The .xlsx `file` with `findings` marked at their places.

    None where it is no .xlsx, too large, openpyxl cannot write it again (Strict OOXML), or no
    finding names a cell.
    """
    places = [(found, where) for found in findings if (where := _PLACE.fullmatch(found.place))]
    if not places or file.stat().st_size > LARGEST:
        return None
    try:
        return _marked(file.read_bytes(), places)
    except Exception:  # openpyxl raises whatever it meets; the receipt says the same without it
        return None


def _marked(content: bytes, places: list[tuple[Finding, re.Match]]) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its remarks on odd workbooks are nobody's to read
        book = openpyxl.load_workbook(BytesIO(content), data_only=True)
    notes: dict[tuple[str, str], list[Finding]] = {}
    for found, where in places:
        if where["sheet"] in book.sheetnames:
            column = where["column"] or _first_cell(book[where["sheet"]], int(where["row"]))
            notes.setdefault((where["sheet"], f"{column}{where['row']}"), []).append(found)
    for (sheet, cell), own in notes.items():
        _mark(book[sheet], cell, own)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _first_cell(sheet: Worksheet, row: int) -> str:
    """The first filled column of a row."""
    return next((cell.column_letter for cell in sheet[row] if cell.value is not None), "A")


def _mark(sheet: Worksheet, cell: str, findings: list[Finding]) -> None:
    worst = "error" if any(found.severity == "error" for found in findings) else "warning"
    target = sheet[cell]
    if isinstance(target, openpyxl.cell.MergedCell):
        return
    target.fill = _FILL[worst]
    text = "\n\n".join(f"{found.message_th}\n→ {found.action_th}" for found in findings[:10])
    target.comment = Comment(text, "ITA", height=200, width=400)
