"""Accepted scores beside what follows from them: rating, recomputed figures, level, last year."""

import numpy as np
import pandas as pd

from ingestion import scoring
from ingestion.framework import Year
from ingestion.judging.batch import Batch
from ingestion.judging.scores import Scores

JUMP = 30  # points from one year to the next
ROUNDING = 1e-6  # two floats of two decimals are as far apart as they look, within this


def take_ratings(batch: Batch, scores: Scores) -> None:
    """The published level of each unit that is not rejected: the first that is known."""
    rows = scores.rows
    for row in np.flatnonzero((rows.table["rating"].astype(object) != "").to_numpy()).tolist():
        unit = scores.unit[row]
        if unit.rejected or unit.rating or scores.figure[row].level != "overall":
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


def _check_gaps(batch: Batch, published: pd.DataFrame, computed: pd.DataFrame, year: Year) -> None:
    """Published figures that differ from the recomputed ones by more than domain.md §2 allows."""
    by_basis = np.array([scoring.TOLERANCE[basis] for basis in computed["basis"]])
    for code in ["overall", *year.weights, *year.indicators]:
        if code not in published:
            continue
        whole, allowed = np.ones(len(computed), dtype=bool), by_basis
        if code in year.indicators:
            # An indicator of which items are missing is no witness against the published one.
            whole = computed[f"{code}.complete"].to_numpy()
            allowed = np.full(len(computed), scoring.TOLERANCE["items"])
        stated, counted = scoring.half_up(published[code]), scoring.half_up(computed[code])
        wrong = whole & (np.abs(stated - counted) > allowed + ROUNDING)
        for position in np.flatnonzero(wrong):
            gap = f"{counted[position]:.2f} ({stated[position] - counted[position]:+.2f})"
            batch.note(
                batch.units[published.index[position]],
                "recomputed_differs",
                value=f"{stated[position]:.2f}",
                code=code,
                detail_th=gap,
                detail_en=gap,
            )


def _check_levels(
    batch: Batch, published: pd.DataFrame, computed: pd.DataFrame, year: Year
) -> None:
    """Each unit's overall score and level; a published level that its figures do not allow."""

    def best(code: str) -> np.ndarray:
        own = computed[code].to_numpy()
        stated = published[code].to_numpy() if code in published else np.full(len(own), np.nan)
        return np.where(np.isnan(stated), own, stated)

    parts = np.column_stack([best(code) for code in ("IIT", "EIT.public", "EIT.survey", "OIT")])
    overalls = best("overall")
    recomputed, basis = computed["overall"].to_numpy(), computed["basis"].to_numpy()
    for position, index in enumerate(published.index):
        unit = batch.units[index]
        unit.overall = float(overalls[position])
        possible = scoring.possible_levels(year, unit.overall, parts[position].tolist())
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
