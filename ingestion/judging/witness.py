"""Arithmetic as a witness: figures that only fit together when they are read as something else.

A score that is no score of 0–100 (a fraction, points of its instrument's weight), or that stands in
another one's place, is an error: stored, it would be believed. What merely does not add up is a
warning (recomputed.py).
"""

import numpy as np
import pandas as pd

from ingestion import scoring
from ingestion.framework import Year
from ingestion.judging.batch import Batch, Unit
from ingestion.judging.scores import Scores

NEAR = 0.02 + 1e-6  # contract §2; two floats of two decimals are as far apart as they look
Sums = list[tuple[str, list[str], list[float]]]  # a figure, the figures it is a mean of, weights


def check_fractions(batch: Batch, one_each: Scores) -> None:
    """A unit whose scores are all from 0 to 1, and not all 0 or 1: fractions of 1, no scores."""
    value = one_each.value
    by_unit = pd.DataFrame(
        {"least": value, "most": value, "between": (value > 0) & (value < 1)}
    ).groupby(one_each.unit.codes)
    found = by_unit.agg({"least": "min", "most": "max", "between": "any"})
    wrong = found[(found["least"] >= 0) & (found["most"] <= 1) & found["between"]]
    for unit, row in wrong.iterrows():
        shown = f"{row['least']:g}–{row['most']:g}"
        batch.note(batch.units[unit], "fractions", value=shown)


def check_ranks_as_scores(batch: Batch, one_each: Scores) -> None:
    """Overall scores of a file and year that are 1, 2, … n, each once: ranks, whatever the column
    is called. Two agencies may have scored 1 and 2; three or more did not score 1, 2 and 3.
    """
    overall = one_each.take(np.flatnonzero(one_each.figure.where(lambda f: f.level == "overall")))
    table = pd.DataFrame({"unit": overall.unit.codes, "value": overall.value}).drop_duplicates()
    units = [batch.units[number] for number in table["unit"]]
    for _, own in table.groupby([[unit.file for unit in units], [unit.year for unit in units]]):
        if len(own) >= 3 and sorted(own["value"]) == list(range(1, len(own) + 1)):
            for number, value in own.itertuples(index=False):
                batch.note(batch.units[number], "ranks_not_scores", value=f"{value:g}")


def check_arithmetic(batch: Batch, one_each: Scores) -> None:
    """Points in place of scores, and the overall exchanged with another figure."""
    above_items = one_each.figure.where(lambda figure: figure.level != "item" and not figure.part)
    whole = above_items & ~one_each.unit.where(lambda unit: unit.rejected)
    scores = one_each.take(np.flatnonzero(whole))
    years = scores.unit.each(lambda unit: unit.year, np.int64)
    for number in np.unique(years):
        own, year = scores.take(years == number), batch.framework.years[int(number)]
        names = own.figure.map(lambda figure: figure.name).categorical()
        table = scoring.matrix(own.unit.codes, names, own.value)
        if "overall" not in table:
            continue
        sums = _sums(year)
        # Nearly every unit adds up; only the others are looked at one by one.
        for at in np.flatnonzero(_off(table, sums).any(axis=1)):
            figures = table.iloc[at].dropna().to_dict()
            _check_unit(batch, batch.units[table.index[at]], figures, year, sums)


def _sums(year: Year) -> Sums:
    """What adds up in a year: overall from the instruments, each of these from its indicators.

    Sub-indicators are left out: they decide between no two readings of the overall.
    """
    of = {
        instrument: [code for code, own in year.indicators.items() if own == instrument]
        for instrument in year.weights
    }
    sums: Sums = [("overall", list(year.weights), list(year.weights.values()))]
    sums.append(
        (
            "overall",
            [code for codes in of.values() for code in codes],
            [year.weights[name] / len(codes) for name, codes in of.items() for _ in codes],
        )
    )
    return sums + [(name, codes, [1.0] * len(codes)) for name, codes in of.items()]


def _off(table: pd.DataFrame, sums: Sums) -> np.ndarray:
    """unit × sum: True where all its figures are there and it is not right."""
    off = np.zeros((len(table), len(sums)), dtype=bool)
    for at, (total, codes, weights) in enumerate(sums):
        if {total, *codes} <= set(table.columns):
            mean = np.average(table[codes].to_numpy(), axis=1, weights=weights)
            off[:, at] = np.abs(scoring.half_up(mean) - table[total].to_numpy()) > NEAR
    return off


def _check_unit(
    batch: Batch, unit: Unit, figures: dict[str, float], year: Year, sums: Sums
) -> None:
    instruments = [figures.get(code, float("nan")) for code in year.weights]
    overall = figures.get("overall", float("nan"))
    before = _wrong(figures, sums)
    if abs(sum(instruments) - overall) <= NEAR and 0 in before:
        shown = " + ".join(f"{value:g}" for value in instruments)
        full = ", ".join(f"{code} {weight:g}" for code, weight in year.weights.items())
        batch.note(unit, "points_not_scores", value=f"{shown} = {overall:g}", expected=full)
        return
    if not before & {0, 1}:
        return
    for code in figures:
        exchanged = figures | {"overall": figures[code], code: overall}
        if code != "overall" and not _wrong(exchanged, sums):
            details = {"code": code, "expected": f"{figures[code]:g}"}
            batch.note(unit, "figures_exchanged", value=f"{overall:g}", **details)
            return


def _wrong(figures: dict[str, float], sums: Sums) -> set[int]:
    """Which sums are not right, of those whose figures are all there."""
    return set(np.flatnonzero(_off(pd.DataFrame([figures]), sums)[0]).tolist())
