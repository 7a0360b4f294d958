"""How long free text may be, field by field (`bounds.csv`).

What an agency writes is printed in its pack and copied to its neighbours' tables: one text without
an end would stop the packs of a night.
"""

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ingestion.judging.batch import Batch
from ingestion.judging.coded import group

FILE = Path(__file__).parent.with_name("bounds.csv")


class Bound(NamedTuple):
    """The bound of a field, and what a person calls it."""

    field: str
    characters: int
    lines: int
    field_th: str
    field_en: str

    def excess(self, text: str) -> dict[str, str] | None:
        """What a finding says of a text that is too long; None for one that is not."""
        lines = text.count("\n") + 1
        if len(text) <= self.characters and lines <= self.lines:
            return None
        return {
            "value": text,
            "detail_th": f"{self.field_th} {_size_th(len(text), lines)}",
            "detail_en": f"{self.field_en}: {_size_en(len(text), lines)}",
            "hint_th": _size_th(self.characters, self.lines),
            "hint_en": _size_en(self.characters, self.lines),
        }


def _size_th(characters: int, lines: int) -> str:
    return f"{characters:,} ตัวอักษร {lines:,} บรรทัด"


def _size_en(characters: int, lines: int) -> str:
    return f"{characters:,} characters, {lines:,} lines"


@cache
def bounds(table: str) -> list[Bound]:
    """The bounds of a table of a submission (scores, measures, …, registry)."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        return [
            Bound(
                row["field"],
                int(row["characters"]),
                int(row["lines"]),
                row["field_th"],
                row["field_en"],
            )
            for row in csv.DictReader(lines)
            if row["table"] == table
        ]


def check_lengths(batch: Batch) -> None:
    """Free text beyond its bound rejects its unit."""
    for name, rows in batch.rows.items():
        for bound in bounds(name):
            column = rows.table[bound.field]
            numbers, firsts = group([column])
            found = [bound.excess(str(column.iloc[row])) for row in firsts.tolist()]
            long = np.array([one is not None for one in found], dtype=bool)[numbers]
            for row in np.flatnonzero(long).tolist():
                unit = batch.units[rows.unit[row]]
                place = rows.place(row, bound.field)
                batch.note(unit, "text_too_long", place, **(found[numbers[row]] or {}))


def too_long(row: dict) -> Iterator[tuple[str, str, str]]:
    """(Thai, English, value) of each text of a registry row that is beyond its bound."""
    for bound in bounds("registry"):
        if excess := bound.excess(row[bound.field]):
            th = f"{excess['detail_th']} เกิน {excess['hint_th']}"
            en = f"{excess['detail_en']}; the bound is {excess['hint_en']}"
            yield th, en, row[bound.field]
