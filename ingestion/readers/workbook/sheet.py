"""A sheet as the readers of the workbook formats give it, and what makes cells look as they do."""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ingestion.readers.refused import Refused

MOST_CELLS = 40_000_000  # of one sheet, empty ones included
LONGEST_MERGE = 10_000  # rows
NOT_CALCULATED = "=…"  # in place of a formula whose words the format does not give us
# What of a number format prints no value: [Red], "text", \x, _x (a blank of its width), *x (fill).
_PRINTS_NO_VALUE = re.compile(r"\[[^\]]*\]|\"[^\"]*\"|[\\_*].")


@dataclass
class Sheet:
    """One sheet: cell values from A1 on, None or '' where empty; rows may be of any length."""

    name: str
    visible: bool = True
    rows: list[list[Any]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)  # from 0
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(
        default_factory=list
    )  # top, left, bottom, right

    def put(self, row: int, column: int, value: Any) -> None:
        """Set a cell, also one outside what is there."""
        self.rows += [[] for _ in range(row + 1 - len(self.rows))]
        self.rows[row] += [None] * (column + 1 - len(self.rows[row]))
        self.rows[row][column] = value

    def merge_down(self) -> None:
        """A name that is merged down its rows belongs to each of them."""
        for top, left, bottom, right in self.merged:
            if left == right and top < len(self.rows) and left < len(self.rows[top]):
                for number in range(top + 1, min(bottom + 1, len(self.rows), top + LONGEST_MERGE)):
                    self.put(number, left, self.rows[top][left])


def percent_signs(number_format: str) -> int:
    """How many percent signs of a number format multiply: 1 of 0.00%, none of 0.00"%" and 0.00\\%.

    Only the section for numbers above 0 is looked at; scores have no other sign.
    """
    return _PRINTS_NO_VALUE.sub("", number_format).partition(";")[0].count("%")


def as_percent(value: float, signs: int) -> str:
    """0.9234 → '92.34%', as a cell with that many percent signs shows it, to 15 digits."""
    return f"{(Decimal(format(value, '.15g')) * 100**signs).normalize():f}%"


def check_area(rows: int, columns: int) -> None:
    """Raises Refused for a sheet that would be too large with every empty cell up to its last."""
    if rows * columns > MOST_CELLS:
        raise Refused(
            "over_bound",
            f"แผ่นงานกว้าง {columns:,} ช่อง สูง {rows:,} แถว",
            f"a sheet spans {rows:,} rows by {columns:,} columns",
        )
