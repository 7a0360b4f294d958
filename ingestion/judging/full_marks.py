"""A header that names the weight of its instrument as the full mark: IIT (30), OIT (ร้อยละ 40)."""

import re

import numpy as np
import pandas as pd

from ingestion.judging.batch import Batch, Unit
from ingestion.judging.scores import Scores
from ingestion.normalise import digits

_MARK = re.compile(r"\((?:ร้อยละ|น้ำหนัก|คะแนนเต็ม|เต็ม|คะแนน|%|\s)*(\d+(?:\.\d+)?)\s*(?:%|คะแนน)?\s*\)")


def check_full_marks(batch: Batch, one_each: Scores) -> None:
    """A unit whose instruments all stand under their weights, none above it: points, an error.

    The weight in a header alone says nothing: many write it and give scores of 100 below it.
    """
    if "title" not in one_each.rows.table:
        return
    titles = one_each.rows.table["title"].astype(object).fillna("").take(one_each.row)
    instruments = one_each.figure.where(lambda each: each.level == "instrument" and not each.part)
    scores = one_each.take(np.flatnonzero(instruments))
    table = pd.DataFrame(
        {
            "unit": scores.unit.codes,
            "code": scores.figure.map(lambda figure: figure.name).categorical(),
            "title": titles[instruments].to_numpy(),
            "value": scores.value,
        }
    )
    marks = {title: _mark(title) for title in table["title"].unique()}
    table["mark"] = table["title"].map(marks).astype(float)
    marked = table["value"] <= table["mark"]
    for number in table["unit"][marked.groupby(table["unit"]).transform("all")].unique():
        _check_unit(batch, batch.units[number], table[table["unit"] == number])


def _check_unit(batch: Batch, unit: Unit, figures: pd.DataFrame) -> None:
    if unit.rejected or not figures["value"].any():  # nothing scored is no points
        return
    weights = batch.framework.years[unit.year].weights
    if all(weights[each.code] == each.mark for each in figures.itertuples()):
        shown = ", ".join(f"{each.code} {each.value:g}" for each in figures.itertuples())
        marks = ", ".join(f"{each.code} {each.mark:g}" for each in figures.itertuples())
        batch.note(unit, "points_by_header", value=shown, expected=marks)


def _mark(title: str) -> float:
    """The full mark that a header names; NaN where it names none."""
    found = _MARK.search(digits(title))
    return float(found[1]) if found else float("nan")
