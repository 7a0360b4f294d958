"""Recompute agency-years from what a submission holds: *recomputed* of the contract (§3).

Only the receipt and the warnings use it: what is published is computed in dbt.
Figures are floats; with scores of up to four decimals a float is within 1e-11 of the exact mean,
which is far nearer than the mean can come to a half-way point without being on it, so `half_up`
rounds as exact arithmetic does (held by a test against fractions).
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from ingestion.framework import Level, Year

Column = Callable[[str], np.ndarray]  # the values of a figure, a row each
TOLERANCE = {
    "instruments": 0.01,
    "indicators": 0.01,
    "items": 0.02,
    "mixed": 0.02,
    "partial": 0.02,
}  # domain.md §2: the larger where items take part


def half_up(values: pd.Series | np.ndarray) -> np.ndarray:
    """`values` rounded half up to two decimals."""
    return np.floor(np.asarray(values, dtype=float) * 100 + 0.5 + 1e-7) / 100


def matrix(units: np.ndarray, figures: np.ndarray, values: np.ndarray) -> pd.DataFrame:
    """unit × figure → value (float, NaN where there is none).

    `figures` names each value: overall, IIT, EIT.public, 6, 9.1, i1, e1.public …; one value a unit
    and figure.
    """
    rows, unit_names = pd.factorize(units)
    columns, figure_names = pd.factorize(figures)
    table = np.full((len(unit_names), len(figure_names)), np.nan)
    table[rows, columns] = np.asarray(values, dtype=float)
    return pd.DataFrame(table, index=pd.Index(unit_names), columns=list(figure_names))


def recompute(table: pd.DataFrame, year: Year) -> pd.DataFrame:
    """The agency-years of `year` in `table` (as `matrix` gives it), recomputed at full precision.

    Out, same index: overall and basis (items, indicators, mixed, partial, or instruments where no
    indicator is known and all of them are published); IIT, EIT, OIT;
    EIT.public, EIT.survey (from items with stated parts only); '1'…'10', and '1.complete'… where an
    indicator came from all its items. What cannot be computed is NaN.
    """

    def column(code: str) -> np.ndarray:
        return table[code].to_numpy() if code in table else np.full(len(table), np.nan)

    out: dict[str, np.ndarray] = {}
    from_items: dict[str, np.ndarray] = {}  # indicator → came from all its items
    from_published: dict[str, np.ndarray] = {}
    part_means: dict[str, list[np.ndarray]] = {"public": [], "survey": []}
    for indicator, instrument in year.indicators.items():
        codes = [code for code, item in year.items.items() if item.indicator == indicator]
        published = column(indicator)
        if instrument == "EIT":
            mean, complete = _eit_indicator(column, codes, published, part_means)
        else:
            mean, complete = _indicator(column, codes, year)
        from_items[indicator] = complete & ~np.isnan(mean)
        from_published[indicator] = ~from_items[indicator] & ~np.isnan(published)
        out[indicator] = np.where(
            from_items[indicator], mean, np.where(np.isnan(published), mean, published)
        )
    for instrument in year.weights:
        own = [out[code] for code, of in year.indicators.items() if of == instrument]
        out[instrument] = np.mean(own, axis=0)  # NaN unless every indicator is known
    alone = np.isnan(np.vstack([out[indicator] for indicator in year.indicators])).all(axis=0)
    for instrument in year.weights:
        out[instrument] = np.where(alone, _published(column, instrument), out[instrument])
    for part, means in part_means.items():
        out[f"EIT.{part}"] = np.mean(means, axis=0) if means else np.full(len(table), np.nan)
    out["overall"] = sum(
        (weight * out[instrument] for instrument, weight in year.weights.items()),
        np.zeros(len(table)),
    ) / sum(year.weights.values())
    basis = _basis(list(from_items.values()), list(from_published.values()))
    out["basis"] = np.where(alone & ~np.isnan(out["overall"]), "instruments", basis)
    out |= {f"{indicator}.complete": complete for indicator, complete in from_items.items()}
    return pd.DataFrame(out, index=table.index)


def _published(column: Column, instrument: str) -> np.ndarray:
    """An instrument as published; EIT, where it is not, as the mean of its two published parts."""
    whole = column(instrument)
    parts = (column(f"{instrument}.public") + column(f"{instrument}.survey")) / 2
    return np.where(np.isnan(whole), parts, whole)


def _indicator(column: Column, codes: list[str], year: Year) -> tuple[np.ndarray, np.ndarray]:
    """IIT, OIT: mean of the sub-indicators' means; and whether all items are there.

    IIT has no sub-indicators: there it is the mean of the items.
    """
    groups: dict[str, list[np.ndarray]] = {}
    for code in codes:
        groups.setdefault(year.items[code].sub_indicator, []).append(column(code))
    complete = np.all([~np.isnan(values) for group in groups.values() for values in group], axis=0)
    return _mean([_mean(group) for group in groups.values()]), complete


def _eit_indicator(
    column: Column, codes: list[str], published: np.ndarray, part_means: dict
) -> tuple[np.ndarray, np.ndarray]:
    """EIT: mean of the two parts' means; an item without a part stands for both.

    Complete: all there, parts stated unless nothing is published.
    """
    unstated = [column(code) for code in codes]
    stated = {part: [column(f"{code}.{part}") for code in codes] for part in ("public", "survey")}
    for part, values in stated.items():
        part_means[part].append(np.mean(values, axis=0))  # NaN unless every item states it
    both = {
        part: [
            np.where(np.isnan(own), whole, own) for own, whole in zip(values, unstated, strict=True)
        ]
        for part, values in stated.items()
    }
    all_there = np.all([~np.isnan(values) for part in both.values() for values in part], axis=0)
    all_stated = np.all([~np.isnan(values) for part in stated.values() for values in part], axis=0)
    return _mean([_mean(values) for values in both.values()]), all_there & (
        all_stated | np.isnan(published)
    )


def _mean(columns: list[np.ndarray]) -> np.ndarray:
    """Row-wise mean of what there is; NaN where there is nothing."""
    stacked = np.vstack(columns)
    there = ~np.isnan(stacked)
    count = there.sum(axis=0)
    return np.where(
        count > 0, np.where(there, stacked, 0).sum(axis=0) / np.maximum(count, 1), np.nan
    )


def _basis(from_items: list[np.ndarray], from_published: list[np.ndarray]) -> np.ndarray:
    every_item, every_published = np.all(from_items, axis=0), np.all(from_published, axis=0)
    each_whole = np.all([a | b for a, b in zip(from_items, from_published, strict=True)], axis=0)
    return np.select(
        [every_item, every_published, each_whole], ["items", "indicators", "mixed"], "partial"
    )


def possible_levels(year: Year, overall: float, parts: list[float], eit: float) -> list[Level]:
    """The levels that an overall score and the four parts allow, best first.

    `parts`: IIT, EIT public, EIT survey, OIT; `eit`: EIT as a whole: where a part of it is not
    known, one of the two is not above it. NaN unknown.

    One where they decide, several where an unknown part would, none where the overall is unknown.
    """
    if np.isnan(overall):
        return []
    overall = float(half_up(overall))
    known = [float(half_up(part)) for part in parts if not np.isnan(part)]
    decides = not np.isnan(eit) and np.isnan(parts[1:3]).any()
    least = min([*known, *([float(half_up(eit))] if decides else [])], default=100.0)
    possible = []
    for level in year.levels:
        if (
            overall < level.overall_min
            or level.each_part_min is not None
            and least < level.each_part_min
        ):
            continue
        possible.append(level)
        if level.each_part_min is None or len(known) == len(parts):
            break
    return possible
