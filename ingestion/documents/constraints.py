"""Constraints that the agency names: by kind in rows (S0's form) or in columns (the 4M form: Man,
Money, Method, Material).
"""

import re

from ingestion import normalise
from ingestion.documents import blocks
from ingestion.documents.blocks import Cell, Line, Table
from ingestion.documents.context import Context

_TORN = re.compile(r"(?:^|\n)\s*[0-9๐-๙]{1,2}\s*[.)]\s*$")  # a list whose last entry is missing
_FIGURE = re.compile(r"\s*[0-9๐-๙][0-9๐-๙.,]*\s*(?:%|คะแนน|ร้อยละ)?\s*")  # says no constraint
_NUMBERED = re.compile(r"(?:^|\n|\s)(?=[0-9๐-๙]{1,2}\s*[.)]\s*(?![0-9๐-๙]))")


def extract(document: list[Line | Table], context: Context) -> list[dict[str, str]]:
    """Rows of `constraints`, of the results' year; notes are numbered within their kind."""
    found: dict[str, list[tuple[str, str]]] = {}
    for table in document:
        if not isinstance(table, Table):
            continue
        kind, by_column = (
            "",
            table.roles()[0] in blocks.KINDS and set(table.roles()) <= {*blocks.KINDS, "other"},
        )
        if by_column and not all(_in_columns(row, table) for row in table.rows):
            context.note(
                "unreadable_row",
                table.place,
                " | ".join(cell.text for row in table.rows for cell in row if cell.text),
            )
            continue
        for row in table.rows:
            if table.has("constraint", "detail"):
                called = table.get(row, "constraint").text.replace("\n", " ")
                kind = blocks.kind(called) if called else kind
                _add(found, kind, table.get(row, "detail"))
            elif by_column:
                for column, cell in zip(table.columns, row, strict=True):
                    _add(found, column.role if column.role in blocks.KINDS else "", cell)
    year = context.results_year or context.measures_year
    return [
        context.row(place, year, kind=kind, note_no=number, note_th=note)
        for kind, notes in found.items()
        for number, (note, place) in enumerate(notes, 1)
    ]


def _in_columns(row: list[Cell], table: Table) -> bool:
    """Whether the cells of a row stand below their headers: as many as these, and none is a header
    that was not recognised, or a figure: of another table that follows with nothing between.
    """
    begins_whole = table.roles()[0] == "staff"
    return (
        begins_whole
        and len(row) == len(table.columns)
        and not any(blocks.kind(cell.text.split("\n")[0]) for cell in row)
        and not any(_TORN.search(cell.text) or _FIGURE.fullmatch(cell.text) for cell in row)
    )


def _add(found: dict[str, list[tuple[str, str]]], kind: str, cell: Cell) -> None:
    if kind and cell.text:
        notes = [
            normalise.text(re.sub(r"^\s*[0-9๐-๙]{1,2}\s*[.)]\s*", "", note)).strip('" ')
            for note in _NUMBERED.split(cell.text)
        ]
        found.setdefault(kind, []).extend((note, cell.place) for note in notes if note)
