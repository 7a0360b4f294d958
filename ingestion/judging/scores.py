"""The scores of a batch as a small table of columns with names; a rule says which rows break it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

import numpy as np
import pandas as pd

from ingestion.judging.batch import Batch, Rows, Unit
from ingestion.judging.coded import Coded, group
from ingestion.judging.figures import Figure, figure_of
from ingestion.normalise import number

_TRUE = {"true", "1", "yes", "y", "x", "✓", "✔", "ใช่"}


class Written(NamedTuple):
    """A score as it was written, and the number that it is (None if it is none)."""

    text: str
    number: Decimal | None

    @property
    def plain(self) -> str:
        """The number exactly, in one form: 92.650 → 92.65, 100.0 → 100; '' if it is none."""
        if self.number is None:
            return ""
        written = format(self.number or Decimal(0), "f")
        return written.rstrip("0").rstrip(".") if "." in written else written


@dataclass(frozen=True)
class Scores:
    """Scores: of each its unit, figure and number, whether it is flagged, and its row as read."""

    rows: Rows
    row: np.ndarray  # position in `rows`
    unit: Coded[Unit]
    figure: Coded[Figure]
    written: Coded[Written]
    flagged: np.ndarray

    def __len__(self) -> int:
        return len(self.row)

    def take(self, which: np.ndarray) -> "Scores":
        """Some of the scores (positions, or True and False)."""
        return Scores(
            self.rows,
            self.row[which],
            self.unit.take(which),
            self.figure.take(which),
            self.written.take(which),
            self.flagged[which],
        )

    @property
    def value(self) -> np.ndarray:
        """The scores as floats; NaN where one is no number."""
        return self.written.each(
            lambda one: float("nan") if one.number is None else float(one.number), float
        )

    @property
    def of_framework(self) -> np.ndarray:
        """True where the year's framework has the figure."""
        return self.figure.where(lambda figure: not figure.rule)


def scores_of(batch: Batch) -> Scores:
    """Every score of the batch as read."""
    rows = batch.rows["scores"]
    unit = Coded(batch.units, rows.unit)
    numbers, firsts = group([rows.table["score"]])
    texts = rows.table["score"].iloc[firsts].astype(str)
    written = Coded([Written(text, number(text)) for text in texts], numbers)
    marks = rows.table["flagged"]
    flagged = marks.isin([mark for mark in marks.unique() if str(mark).casefold() in _TRUE])
    figure = _figures(batch, rows, unit.each(lambda unit: unit.year, np.int64))
    return Scores(rows, np.arange(len(rows)), unit, figure, written, flagged.to_numpy())


def _figures(batch: Batch, rows: Rows, years: np.ndarray) -> Coded[Figure]:
    """Each different (year, level, code, part) as written is looked up once."""
    columns = ["level", "code", "part"]
    numbers, firsts = group([years, *(rows.table[column] for column in columns)])
    heads = rows.table.iloc[firsts][columns].astype(str).itertuples(index=False, name=None)
    known = batch.framework.years
    figures = [
        figure_of(level, code, part, known.get(year))
        for year, (level, code, part) in zip(years[firsts].tolist(), heads, strict=True)
    ]
    return Coded.of(figures, numbers)


def raw_rows(scores: Scores) -> pd.DataFrame:
    """Rows of raw.score, with `unit`. A rating stands beside the overall score of its unit."""
    unit, figure = scores.unit, scores.figure
    rating = unit.each(lambda one: one.rating.code if one.rating else None, object)
    rating[~figure.where(lambda one: one.level == "overall")] = None
    places = scores.rows.table["place"].take(scores.row)
    return pd.DataFrame(
        {
            "unit": unit.codes,
            "agency_id": unit.map(lambda unit: unit.agency_id).categorical(),
            "fiscal_year": unit.each(lambda unit: unit.year, np.int64),
            "level": figure.map(lambda figure: figure.level).categorical(),
            "code": figure.map(lambda figure: figure.code).categorical(),
            "part": figure.map(lambda figure: figure.part).categorical(),
            "score": scores.written.map(lambda written: written.plain).categorical(),
            "rating": pd.Series(rating, dtype="str"),
            "flagged": scores.flagged,
            "source_place": places.reset_index(drop=True),
        }
    )
