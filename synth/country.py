"""`ita synth`: writes a synthetic country, its registry and its submissions."""

from pathlib import Path

import numpy as np
import pandas as pd

from synth import agencies as registry_of
from synth import plans
from synth.agencies import REGISTRY_COLUMNS
from synth.files import Scores
from synth.framework import Framework, aggregate, load, ratings
from synth.layouts import LAYOUTS, write_all, write_one
from synth.reference import random
from synth.scores import Traits, simulate, traits
from warehouse.errors import BadInput

MISSING, LATE, CORRECTED = 0.003, 0.002, 0.01  # shares of the agencies of a year
SAMPLE = 200  # agencies that also send files of their own
SAMPLE_CORRECTED = 0.05  # share of them that send a second file with a correction
FLAGGED_BELOW = 9_500  # hundredths: the assessor flags none of the survey items from here on


def write(
    out: Path,
    agencies: int,
    first_year: int,
    last_year: int,
    seed: int,
    layout: list[str] | None = None,
) -> dict[str, int]:
    """Writes the country to the folder `out`; the same arguments give the same bytes.

    agencies.csv              the registry
    <layout>/nacc_<year>      the official export of all agencies: long table and JSON, or what
                              `layout` asks for (names in LAYOUTS)
    <layout>/nacc_<year>_correction   later: corrected figures of some agencies, and agencies that
                              came late
    plans/plans_<year>.json   what a share of the agencies sends: measures, progress, constraints
    own/<layout>/<agency_id>_<year>   without `layout`: files of 200 agencies, each in every layout,
                              of one of the years

    `agencies` is how many exist in `first_year`; years are fiscal years, B.E. Returns counts:
    agencies, registry_rows, agency_years, scores, files. Raises BadInput for years without a
    framework, an unknown layout, no agency.
    """
    unknown = sorted(set(layout or []) - set(LAYOUTS))
    if unknown:
        raise BadInput(
            f"--layout {', '.join(unknown)}: no such layout", f"choose from {', '.join(LAYOUTS)}"
        )
    if agencies < 1 or last_year < first_year or seed < 0:
        raise BadInput(
            f"--agencies {agencies} --years {first_year}-{last_year} --seed {seed}: no country",
            "give at least one agency, a first year not after the last, a seed not below 0",
        )
    frameworks = {year: load(year) for year in range(first_year, last_year + 1)}
    out.mkdir(parents=True, exist_ok=True)
    registry = registry_of.build(agencies, first_year, last_year, seed)
    registry[REGISTRY_COLUMNS].to_csv(out / "agencies.csv", index=False, lineterminator="\n")
    lasting = traits(registry, seed)
    counts = {
        "agencies": registry["agency_id"].nunique(),
        "registry_rows": len(registry),
        "agency_years": 0,
        "scores": 0,
        "files": 1,
    }
    for year, framework in frameworks.items():
        scores = _scores(framework, registry, lasting, seed)
        counts["agency_years"] += len(scores.agencies)
        counts["scores"] += scores.values().size
        counts["files"] += _official(out, scores, layout or ["long", "json"], seed)
        counts["files"] += plans.write(scores, out / "plans", year == first_year, seed)
        if layout is None:
            counts["files"] += _own(out, scores, year - first_year, len(frameworks), seed)
    return counts


def resubmit(
    out: Path, agencies: int, first_year: int, last_year: int, seed: int, share: float
) -> int:
    """A usual night in the country of `write` with the same arguments.

    Official corrections of the last year for a share of the agencies, one long table each,
    nacc_<agency_id>.csv in the folder `out`. Returns the number of files.
    """
    registry = registry_of.build(agencies, first_year, last_year, seed)
    scores = _scores(load(last_year), registry, traits(registry, seed), seed)
    rows = random(seed, "night").permutation(len(scores.agencies))[
        : max(1, round(share * len(scores.agencies)))
    ]
    changed = _first_version(scores, rows, seed)
    for row, agency_id in enumerate(changed.agencies.agency_id):
        write_all("long", changed.of(np.array([row])), out, f"nacc_{agency_id}", seed)
    return len(rows)


def _scores(framework: Framework, registry: pd.DataFrame, lasting: Traits, seed: int) -> Scores:
    """The final figures of a year of all agencies that took part."""
    rng = random(seed, "taking part", framework.fiscal_year)
    roster = registry_of.roster(registry, framework.fiscal_year)
    missing = rng.permutation(len(roster))[: int(MISSING * len(roster) + rng.random())]
    roster = roster.drop(index=missing).reset_index(drop=True)
    return _published(framework, roster, simulate(framework, roster, lasting, seed), seed)


def _published(framework: Framework, roster: pd.DataFrame, cells: np.ndarray, seed: int) -> Scores:
    """Scored cells with everything that follows from them, and the assessors' flags and remarks."""
    rng = random(seed, "assessors", framework.fiscal_year)
    figures = aggregate(framework, cells)
    survey = (framework.cells.instrument != "OIT").to_numpy()
    worst = (
        np.argsort(np.argsort(np.where(survey, cells, 10_000), axis=1, kind="stable"), axis=1) < 3
    )
    flagged = worst & survey & (cells < FLAGGED_BELOW) & (rng.random(cells.shape) < 0.5)
    remarks = np.full(cells.shape, "", dtype=object)
    for row, cell in np.argwhere((cells == 0) & ~survey & (rng.random(cells.shape) < 0.05)):
        remarks[row, cell] = f"ไม่พบการเผยแพร่ข้อมูลตามองค์ประกอบของข้อ {framework.cells.item_code[cell]}"
    return Scores(framework, roster, cells, figures, ratings(framework, figures), flagged, remarks)


def _first_version(scores: Scores, rows: np.ndarray, seed: int) -> Scores:
    """The figures as first published for some agencies.

    One OIT item judged otherwise, put right by the correction.
    """
    rng = random(seed, "first version", scores.framework.fiscal_year)
    oit = np.flatnonzero(scores.framework.cells.instrument == "OIT")
    cells = scores.cells[rows].copy()
    judged = rng.choice(oit, len(rows))
    cells[np.arange(len(rows)), judged] = 10_000 - cells[np.arange(len(rows)), judged]
    return _published(scores.framework, scores.of(rows).agencies, cells, seed)


def _official(out: Path, scores: Scores, layouts: list[str], seed: int) -> int:
    """The official exports of a year: all but the late agencies, then the correction.

    Returns the number of files.
    """
    year, count = scores.framework.fiscal_year, len(scores.agencies)
    rng = random(seed, "official", year)
    order = rng.permutation(count)
    late = order[: int(LATE * count + rng.random()) if count > 1 else 0]
    corrected = order[
        len(late) : len(late) + (max(1, round(CORRECTED * count)) if count > 1 else 0)
    ]
    first = _replaced(scores, corrected, _first_version(scores, corrected, seed))
    on_time = np.setdiff1d(np.arange(count), late)
    afterwards = np.sort(np.concatenate([late, corrected]))
    written = 0
    for layout in layouts:
        if LAYOUTS[layout].single:
            written += write_all(layout, scores, out / layout, "", seed)
            continue
        written += write_all(layout, first.of(on_time), out / layout, f"nacc_{year}", seed)
        if len(afterwards):
            written += write_all(
                layout, scores.of(afterwards), out / layout, f"nacc_{year}_correction", seed
            )
    return written


def _replaced(scores: Scores, rows: np.ndarray, other: Scores) -> Scores:
    """`scores` with the figures of some agencies taken from `other`."""
    arrays = {}
    for name in ("cells", "figures", "ratings", "flagged", "remarks"):
        arrays[name] = getattr(scores, name).copy()
        arrays[name][rows] = getattr(other, name)
    return Scores(scores.framework, scores.agencies, **arrays)


def _own(out: Path, scores: Scores, turn: int, turns: int, seed: int) -> int:
    """Files of single agencies: of the sample, those whose turn this year is.

    Returns the number of files.
    """
    year = scores.framework.fiscal_year
    rng = random(seed, "own", year)
    sample = rng.permutation(len(scores.agencies))[: min(SAMPLE, len(scores.agencies))][turn::turns]
    written = 0
    for row in np.sort(sample):
        one = scores.of(np.array([row]))
        versions = [("", one)]
        if rng.random() < SAMPLE_CORRECTED:
            versions = [("", _first_version(scores, np.array([row]), seed)), ("_corrected", one)]
        for layout in LAYOUTS:
            for ending, version in versions:
                write_one(layout, version, out / "own" / layout, ending, seed)
                written += 1
    return written
