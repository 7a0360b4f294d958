"""A batch of files while it is judged: its rows, the units that they belong to, what is found."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ingestion.agencies import Registry
from ingestion.framework import Framework, Level
from ingestion.judging.outcome import LISTED, File, Judged
from ingestion.places import at_column
from ingestion.rules import finding, rules
from ingestion.submission import AGENCY_COLUMNS

SCORE_TABLES = ("scores", "remarks", "ranks")
TABLES = ("scores", "remarks", "ranks", "measures", "progress", "constraints")


@dataclass
class Unit:
    """What is accepted or rejected as one: an agency and year in one file."""

    file: int  # position in the batch
    agency_id: str  # '' unknown
    agency: str  # for findings: the id, or the name as read
    name: str  # as read
    year: int  # B.E.; 0 unknown
    year_written: str
    by_name: bool = False  # known by a name alone, without id or type
    rejected: bool = False
    kinds: set[str] = field(default_factory=set)  # what it holds that can be recorded
    told: set[str] = field(default_factory=set)  # tables whose wrong year is already said
    ranks: tuple[int | None, int | None] = (None, None)  # published: in the province, its type
    rating: Level | None = None  # published
    overall: float = float("nan")  # published, else recomputed
    recomputed: dict = field(default_factory=dict)  # for the receipt


@dataclass
class Rows:
    """One table of all files together; beside it each row's file and unit (positions)."""

    name: str
    table: pd.DataFrame
    file: np.ndarray
    unit: np.ndarray

    def __len__(self) -> int:
        return len(self.table)

    def place(self, row: int, *columns: str) -> str:
        """Where a row stands, with the first of `columns` that its table is known to have."""
        place = str(self.table["place"].iloc[row])
        letters = self.table["letters"].iloc[row] if "letters" in self.table else None
        if not isinstance(letters, str):
            return place
        if columns[0] in ("fiscal_year", *AGENCY_COLUMNS):
            # A row of a wide table says the column of its score; who and when stand elsewhere.
            place = place.partition(" column ")[0]
        return at_column(place, letters, *columns)


class Batch:
    """Files judged together: their rows and units, and for each file what came of it."""

    def __init__(
        self,
        files: list[File],
        framework: Framework,
        registry: Registry,
        last_overall: dict[tuple[str, int], float],
    ) -> None:
        self.files = files
        self.framework = framework
        self.registry = registry
        self.last_overall = last_overall
        self.judged = [Judged(file.sha256, file.submission.layout) for file in files]
        self.units: list[Unit] = []
        self.rows = {name: self._gathered(name) for name in TABLES}

    def _gathered(self, name: str) -> Rows:
        """One table of all files; which unit its rows are of is said later."""
        frames = [getattr(file.submission, name) for file in self.files]
        whole = [frame for frame in frames if len(frame)]
        if len(whole) > 1:
            table = pd.concat(whole, ignore_index=True)
        else:
            # A night's one national table is not copied.
            table = (whole or frames)[0].reset_index(drop=True)
        for judged, frame in zip(self.judged, frames, strict=True):
            judged.rows_read += len(frame)
        file = np.repeat(np.arange(len(frames)), [len(frame) for frame in frames])
        return Rows(name, table, file, np.empty(0, dtype=np.int64))

    def file_of(self, unit: Unit) -> File:
        """The file that a unit stands in."""
        return self.files[unit.file]

    def note(self, unit: Unit, rule: str, place: str = "", value: str = "", **details: str) -> None:
        """A finding of a unit; an error rejects the unit."""
        judged = self.judged[unit.file]
        if judged.counted[rule] < LISTED:
            year = str(unit.year or unit.year_written)
            judged.add(finding(rule, place, value, unit.agency, year, **details))
        else:
            # Counted only: a table wrong in a million rows would else make a million sentences.
            judged.counted[rule] += 1
        if rules()[rule]["severity"] == "error":
            unit.rejected = True

    def note_rows(
        self,
        rule: str,
        rows: Rows,
        which: np.ndarray,
        column: str,
        value: Callable[[int], str],
        **details: Callable[[int], str],
    ) -> None:
        """A finding for each row of `which` (positions), about `column`.

        `value` and `details` are asked only for the rows that a receipt lists.
        """
        if not len(which):
            return
        if rules()[rule]["severity"] == "error":
            for unit in np.unique(rows.unit[which]):
                self.units[unit].rejected = True
        files = rows.file[which]
        order = pd.Series(files).groupby(files).cumcount().to_numpy()
        for row in which[order < LISTED].tolist():
            self.note(
                self.units[rows.unit[row]],
                rule,
                rows.place(row, column),
                value(row),
                **{name: make(row) for name, make in details.items()},
            )
        for file, count in Counter(files[order >= LISTED].tolist()).items():
            self.judged[file].counted[rule] += count
