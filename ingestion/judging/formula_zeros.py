"""A 0 that a workbook stores for a formula: some programs put it where they cannot calculate."""

import numpy as np

from ingestion.framework import Year
from ingestion.judging.batch import Batch
from ingestion.judging.figures import Figure
from ingestion.judging.score_rules import note_scores
from ingestion.judging.scores import Scores
from ingestion.submission import FORMULA_ZERO


def check_formula_zeros(batch: Batch, scores: Scores, one_each: Scores) -> None:
    """A stored 0 over figures that are not 0 is an error: no mean of them is 0.

    Any other one is a warning: an item may well be 0. `scores`: one a unit and figure.
    """
    problems = scores.rows.table.get("problem")
    if problems is None:
        return
    is_zero = (problems == FORMULA_ZERO).to_numpy()[one_each.row]
    of_unit, value = one_each.unit.codes, one_each.value
    beside = np.flatnonzero(np.isin(of_unit, np.unique(of_unit[is_zero])))
    beside = beside[np.argsort(of_unit[beside], kind="stable")]
    contradicted: list[int] = []
    for own in np.split(beside, np.flatnonzero(np.diff(of_unit[beside])) + 1):
        others = [one_each.figure[at] for at in own[value[own] > 0].tolist()]
        contradicted += [
            at
            for at in own[is_zero[own]].tolist()
            if _has_any_under(
                one_each.figure[at], others, batch.framework.years[one_each.unit[at].year]
            )
        ]
    wrong = np.isin(np.arange(len(one_each)), contradicted)
    note_scores(batch, "formula_not_calculated", scores, one_each.row[wrong])
    note_scores(batch, FORMULA_ZERO, scores, one_each.row[is_zero & ~wrong])


def _has_any_under(figure: Figure, others: list[Figure], year: Year) -> bool:
    return any(_is_under(other, figure, year) for other in others)


def _is_under(figure: Figure, above: Figure, year: Year) -> bool:
    """True where a figure goes into another one: i1 and 1 into IIT, all into overall."""
    if above.part or figure == above:
        return False
    if above.level == "overall":
        return True
    item = year.items.get(figure.code)
    indicator = item.indicator if item else year.sub_indicators.get(figure.code, figure.code)
    if above.level == "instrument":
        return year.indicators.get(indicator) == above.code
    if above.level == "indicator":
        return figure.level in ("item", "sub_indicator") and indicator == above.code
    return above.level == "sub_indicator" and item is not None and item.sub_indicator == above.code
