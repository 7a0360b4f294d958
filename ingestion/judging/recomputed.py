"""Accepted scores beside what follows from them: rating, recomputed figures, level, last year."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ingestion import scoring
from ingestion.framework import Year
from ingestion.judging.batch import Batch
from ingestion.judging.scores import Scores

JUMP = 30  # points from one year to the next
# A published figure, what it follows to be, how far they may differ.
Witness = tuple[str, np.ndarray, float | np.ndarray]
ROUNDING = 1e-6  # two floats of two decimals are as far apart as they look, within this


def take_ratings(batch: Batch, scores: Scores, accepted: Scores) -> None:
    """The published level of each accepted unit: the first that is known.

    A rating is of an overall score. Without one it could come to stand beside another file's: it is
    not taken.
    """
    rows = scores.rows
    of_overall = accepted.figure.where(lambda figure: figure.level == "overall")
    has_overall = set(accepted.unit.codes[of_overall].tolist())
    alone: set[int] = set()
    for row in np.flatnonzero((rows.table["rating"] != "").to_numpy()).tolist():
        index, unit = int(scores.unit.codes[row]), scores.unit[row]
        if unit.rejected or unit.rating or index in alone:
            continue
        if index not in has_overall:
            alone.add(index)
            written = str(rows.table["rating"].iloc[row])
            batch.note(unit, "rating_without_overall", rows.place(row, "rating"), written)
            continue
        if scores.figure[row].level != "overall":
            continue
        year, written = batch.framework.years[unit.year], str(rows.table["rating"].iloc[row])
        unit.rating = year.level_named(written)
        if not unit.rating:
            expected = ", ".join(level.name_th for level in year.levels)
            place = rows.place(row, "rating")
            batch.note(unit, "unknown_rating", place, written, expected=expected)


def check_recomputed(batch: Batch, accepted: Scores) -> None:
    """Recompute every accepted unit and set it beside what is published."""
    years = accepted.unit.each(lambda unit: unit.year, np.int64)
    for number in np.unique(years):
        year, own = batch.framework.years[int(number)], accepted.take(years == number)
        names = own.figure.map(lambda figure: figure.name).categorical()
        published = scoring.matrix(own.unit.codes, names, own.value)
        computed = scoring.recompute(published, year)
        _check_gaps(batch, published, computed, year)
        _check_levels(batch, published, computed, year)
    _check_jumps(batch)
    _compare_ours(batch)


def _check_gaps(batch: Batch, published: pd.DataFrame, computed: pd.DataFrame, year: Year) -> None:
    """Published figures that differ from what follows from others by more than domain.md §2 allows.

    A figure is noted once, by the first witness against it.
    """
    told: set[tuple[int, str]] = set()
    for code, counted, allowed in [*_recomputed(computed, year), *_published(published, year)]:
        if code not in published:
            continue
        stated, counted = scoring.half_up(published[code]), scoring.half_up(counted)
        for position in np.flatnonzero(np.abs(stated - counted) > allowed + ROUNDING):
            index = published.index[position]
            if (index, code) in told:
                continue
            told.add((index, code))
            gap = f"{counted[position]:.2f} ({stated[position] - counted[position]:+.2f})"
            details = {"code": code, "detail_th": gap, "detail_en": gap}
            value = f"{stated[position]:.2f}"
            batch.note(batch.units[index], "recomputed_differs", value=value, **details)


def _recomputed(computed: pd.DataFrame, year: Year) -> Iterator[Witness]:
    """Overall, instruments and indicators as they are recomputed."""
    by_basis = np.array([scoring.TOLERANCE[basis] for basis in computed["basis"]])
    for code in ["overall", *year.weights]:
        yield code, computed[code].to_numpy(), by_basis
    for code in year.indicators:
        # An indicator of which items are missing is no witness against the published one.
        whole = computed[f"{code}.complete"].to_numpy()
        counted = np.where(whole, computed[code].to_numpy(), np.nan)
        yield code, counted, scoring.TOLERANCE["items"]


def _published(published: pd.DataFrame, year: Year) -> Iterator[Witness]:
    """What published figures say of each other where `recompute` does not need them."""

    def mean(codes: list[str]) -> np.ndarray:
        """NaN unless all of them are there."""
        return published.reindex(columns=codes).mean(axis=1, skipna=False).to_numpy()

    if {"overall", *year.weights} <= set(published.columns):
        weights = list(year.weights.values())
        of_instruments = np.average(published[list(year.weights)], axis=1, weights=weights)
        yield "overall", of_instruments, scoring.TOLERANCE["instruments"]
    yield "EIT", mean(["EIT.public", "EIT.survey"]), scoring.TOLERANCE["indicators"]
    for sub_indicator in year.sub_indicators:
        items = [code for code, item in year.items.items() if item.sub_indicator == sub_indicator]
        if sub_indicator in published and items:
            yield sub_indicator, mean(items), scoring.TOLERANCE["items"]
    for indicator in dict.fromkeys(year.sub_indicators.values()):
        own = [code for code, above in year.sub_indicators.items() if above == indicator]
        yield indicator, mean(own), scoring.TOLERANCE["indicators"]


def _check_levels(
    batch: Batch, published: pd.DataFrame, computed: pd.DataFrame, year: Year
) -> None:
    """Each unit's overall score and level; a published level that its figures do not allow."""

    def best(code: str) -> np.ndarray:
        own = computed[code].to_numpy()
        stated = published[code].to_numpy() if code in published else np.full(len(own), np.nan)
        return np.where(np.isnan(stated), own, stated)

    parts = np.column_stack([best(code) for code in ("IIT", "EIT.public", "EIT.survey", "OIT")])
    overalls, eit = best("overall"), best("EIT")
    recomputed, basis = computed["overall"].to_numpy(), computed["basis"].to_numpy()
    for position, index in enumerate(published.index):
        unit = batch.units[index]
        unit.overall = float(overalls[position])
        possible = scoring.possible_levels(
            year, unit.overall, parts[position].tolist(), float(eit[position])
        )
        level = unit.rating or (possible[0] if len(possible) == 1 else None)
        unit.recomputed = {
            "overall": unit.overall,
            "recomputed": float(recomputed[position]),
            "basis": str(basis[position]),
            "level": level.code if level else None,
        }
        if unit.rating and possible and unit.rating not in possible:
            batch.note(
                unit,
                "level_differs",
                value=unit.rating.name_th,
                detail_th=" / ".join(level.name_th for level in possible),
                detail_en=" / ".join(level.name_en for level in possible),
            )


def _compare_ours(batch: Batch) -> None:
    """Set the overall score of a document that we wrote beside the one that the warehouse holds."""
    for unit in batch.units:
        if not batch.files[unit.file].submission.of_ours or np.isnan(unit.overall):
            continue
        known = batch.last_overall.get((unit.agency_id, unit.year))
        held = "-" if known is None else f"{known:.2f}"
        batch.note(unit, "ours_compared", value=f"{unit.overall:.2f}", expected=held)


def _check_jumps(batch: Batch) -> None:
    """An overall score far from last year's: that of the same file, else the warehouse's."""
    in_file = {
        (unit.file, unit.agency_id, unit.year): unit.overall
        for unit in batch.units
        if not np.isnan(unit.overall)
    }
    for unit in batch.units:
        known = batch.last_overall.get((unit.agency_id, unit.year - 1), float("nan"))
        before = in_file.get((unit.file, unit.agency_id, unit.year - 1), known)
        if abs(unit.overall - before) > JUMP:  # never where one of them is NaN
            last = f"{before:.2f}"
            overall = f"{unit.overall:.2f}"
            batch.note(unit, "jump", value=overall, detail_th=last, detail_en=last)
