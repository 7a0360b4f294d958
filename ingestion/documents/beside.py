"""What the notes beside a row and the rows above it say of it.

A remark "ค่าเป้าหมาย", a row EIT below a row "IIT ของ อบต.หนองยาว".
"""

import re

from ingestion import normalise
from ingestion.another_quantity import names_another
from ingestion.documents import captions
from ingestion.documents.blocks import Cell, Table

Obstacle = tuple[str, str]
NONE: Obstacle = ("", "")
NUMBER = r"(?:ตัวชี้วัด(?:ย่อย)?ที่\s*)?(\d{1,2}(?:\.\d)?)\.?(?:\s|$)"  # before an indicator's title
_ALONE = re.compile(r"\s*(\d{1,2}(?:\.\d)?)\.?\s*")
_BLOCKS = {"other", "year"}  # what the rows of others come in blocks by


def numbered(table: Table, row: list[Cell]) -> tuple[Cell, str, str]:
    """Of a row of indicators: the cell with its number, the number, the title; '' for none.

    Both in one cell, or the number in a column of its own (ลำดับ, ตัวชี้วัดที่) before the titles'.
    """
    labels = [cell for cell, role in zip(row, table.roles(), strict=False) if role == "indicator"]
    cell = labels[0] if labels else table.get(row, "no")
    written, title = normalise.digits(cell.text), table.get(row, "title").text
    if match := re.match(NUMBER, written):
        beside = labels[1].text if len(labels) == 2 and _ALONE.fullmatch(written) else ""
        return cell, match[1], title or beside or written[match.end() :]
    alone = table.get(row, "no")
    match = _ALONE.fullmatch(normalise.digits(alone.text)) if labels else None
    return (alone, match[1], title or cell.text) if match else (cell, "", "")


class Beside:
    """Follows the rows of a table that are not others' by their own labels or headings."""

    def __init__(self, governed: captions.Governing) -> None:
        self.governed = governed
        self.others = NONE  # of the last row of others; what follows may be of theirs too
        self.noted = NONE  # of the last note: an empty cell below it is merged with it

    def row(self, table: Table, row: list[Cell], label: str) -> Obstacle:
        """What stands beside a row, or in the rows above, that makes its figures others'."""
        if notes := _notes(table, row):
            year = str(self.governed.context.results_year)
            said = (self._of_note(note, remark, year) for note, remark in notes)
            self.noted = next(filter(any, said), NONE)
        if self.noted[0]:
            return self.noted
        if self.others[0] and self.governed.names_own(label):
            self.others = NONE
        numbered = re.match(NUMBER, normalise.digits(label)) is not None
        return NONE if numbered and self.others[0] not in _BLOCKS else self.others

    def _of_note(self, note: str, remark: bool, year: str) -> Obstacle:
        """`remark`: free text of an assessor, which names others to compare with."""
        if names_another(note, year):
            return "target", note[:60]
        return NONE if remark else self.governed.note(note)


def _notes(table: Table, row: list[Cell]) -> list[tuple[str, bool]]:
    """The notes beside a row, each with whether it is a remark on the agency's work."""
    return [
        (cell.text, column.role == "remark")
        for column, cell in zip(table.columns, row, strict=False)
        if column.role in ("remark", "other") and re.search("[ก-๎A-Za-z]", cell.text)
    ]
