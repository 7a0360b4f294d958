"""The reference data by fiscal year: which years are complete, and what a year lacks.

A fiscal year comes in as rows of the seeds only (docs/new-fiscal-year.md). `fiscal_year.csv` says
of each one whether it is complete; of a complete year nothing may be missing, so that no year is
half there in one stage and whole in another.
"""

import csv
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from warehouse.errors import BadInput
from warehouse.settings import SEEDS

COMPLETE, PROVISIONAL = _STATES = ("complete", "provisional")
YEARS = "fiscal_year"  # the seed that says the state of each year
INSTRUMENTS = ("IIT", "EIT", "OIT")  # the columns of mart.assessment are named by them
BY_YEAR = (
    "instrument",
    "indicator",
    "sub_indicator",
    "framework_item",
    "rating_level",
    "severity_threshold",
    "publication_rule",
    "topic_item",
    "item_meaning",
)
KEYS = {"topic": "topic_no", "remedy": "meaning"}  # a column of the seeds of no year
ROWS_NAMED = 12  # of one seed, in a sentence
RECIPE = "docs/new-fiscal-year.md"

Rows = list[dict[str, str]]


class Gap(NamedTuple):
    """Rows that a fiscal year lacks, or that contradict others: in which seed, and which."""

    fiscal_year: int
    seed: str
    rows: tuple[str, ...]

    def __str__(self) -> str:
        named = ", ".join(self.rows[:ROWS_NAMED])
        more = len(self.rows) - ROWS_NAMED
        return f"{self.seed}.csv ({named}{f' and {more} more' if more > 0 else ''})"


@dataclass(frozen=True)
class Seeds:
    """The seeds of a folder, read once: their rows by fiscal year, and those of no year."""

    states: dict[int, str]  # fiscal year → complete or provisional, as it is written
    by_year: dict[str, dict[int, Rows]]
    topics: set[str]
    remedies: set[tuple[str, str]]  # meaning, severity

    def of(self, seed: str, fiscal_year: int) -> Rows:
        """The rows of a seed for one year."""
        return self.by_year[seed].get(fiscal_year, [])


def read(folder: Path = SEEDS) -> Seeds:
    """The seeds of `folder`. Raises BadInput where a fiscal year is no number."""
    by_year: dict[str, dict[int, Rows]] = {}
    for seed in BY_YEAR:
        rows: dict[int, Rows] = defaultdict(list)
        for row in _rows(folder, seed):
            rows[_year(seed, row)].append(row)
        by_year[seed] = dict(rows)
    return Seeds(
        {_year(YEARS, row): row["state"] for row in _rows(folder, YEARS)},
        by_year,
        {row["topic_no"] for row in _rows(folder, "topic")},
        {(row["meaning"], row["severity"]) for row in _rows(folder, "remedy")},
    )


@cache
def states(folder: Path = SEEDS) -> dict[int, str]:
    """Fiscal year (B.E.) → complete or provisional, in order of the years.

    Raises BadInput, in one sentence that names the seed files and the rows, where a year is in no
    state or lacks something that a complete year has.
    """
    seeds = read(folder)
    _check_states(seeds)
    for fiscal_year, state in sorted(seeds.states.items()):
        missing = gaps(seeds, fiscal_year)
        if state == COMPLETE and missing:
            raise BadInput(
                f"fiscal year {fiscal_year} is marked complete but these reference rows are "
                f"missing or wrong: {'; '.join(map(str, missing))}",
                f"add them to dbt_project/seeds ({RECIPE}) or mark the year provisional",
            )
    return dict(sorted(seeds.states.items()))


def known(seeds: Seeds, fiscal_year: int | None = None) -> list[int]:
    """All years that any seed names, or the one asked for. Raises BadInput where none names it."""
    years = sorted({*seeds.states, *(year for rows in seeds.by_year.values() for year in rows)})
    if fiscal_year is None:
        return years
    if fiscal_year not in years:
        raise BadInput(
            f"no seed has a row of fiscal year {fiscal_year}", f"how a year comes in: {RECIPE}"
        )
    return [fiscal_year]


def complete_years(folder: Path = SEEDS) -> list[int]:
    """The years whose scores are taken and computed. Raises BadInput as `states` does."""
    return [year for year, state in states(folder).items() if state == COMPLETE]


def _check_states(seeds: Seeds) -> None:
    wrong = {year: state for year, state in seeds.states.items() if state not in _STATES}
    if wrong:
        year, state = next(iter(wrong.items()))
        raise BadInput(
            f"fiscal_year.csv: fiscal year {year} has the state {state!r}",
            f"a year is {COMPLETE} or {PROVISIONAL}",
        )
    for seed, rows in seeds.by_year.items():
        if unknown := sorted(rows.keys() - seeds.states.keys()):
            raise BadInput(
                f"{seed}.csv has {len(rows[unknown[0]])} rows of fiscal year {unknown[0]}, which "
                "fiscal_year.csv does not have",
                f"add the year to fiscal_year.csv, {PROVISIONAL} until it is whole ({RECIPE})",
            )


def gaps(seeds: Seeds, fiscal_year: int) -> list[Gap]:
    """What a year lacks or has wrong, seed by seed; [] for one that can be complete."""
    checks = (
        _instruments,
        _indicators,
        _sub_indicators,
        _items,
        _levels,
        _thresholds,
        _publication_rules,
        _topics,
        _links,
        _remedies,
    )
    return [
        Gap(fiscal_year, seed, tuple(rows))
        for check in checks
        for seed, rows in [check(seeds, fiscal_year)]
        if rows
    ]


def _instruments(seeds: Seeds, year: int) -> tuple[str, list[str]]:
    rows = seeds.of("instrument", year)
    wrong = _missing(INSTRUMENTS, (row["instrument"] for row in rows))
    weights = [_number(row["weight"]) for row in rows]
    known = [weight for weight in weights if weight is not None]
    if not wrong and (len(known) < len(weights) or sum(known) != 100):
        wrong.append(f"weights {' + '.join(row['weight'] for row in rows)}, which are not 100")
    return "instrument", wrong


def _indicators(seeds: Seeds, year: int) -> tuple[str, list[str]]:
    rows = seeds.of("indicator", year)
    of = {row["indicator_no"]: row["instrument"] for row in rows}
    items = seeds.of("framework_item", year)
    wrong = _missing(_each(items, "indicator_no"), of)
    wrong += [f"an indicator of {name}" for name in _missing(INSTRUMENTS, of.values())]
    wrong += [
        f"{number} is of {of[number]} here, of {instrument} by its items"
        for number, instrument in sorted({(i["indicator_no"], i["instrument"]) for i in items})
        if of.get(number, instrument) != instrument
    ]
    wrong += [f"title of {row['indicator_no']}" for row in rows if not row["indicator_th"]]
    return "indicator", wrong


def _sub_indicators(seeds: Seeds, year: int) -> tuple[str, list[str]]:
    rows, items = seeds.of("sub_indicator", year), seeds.of("framework_item", year)
    used = [item["sub_indicator"] for item in items if item["sub_indicator"]]
    wrong = _missing(dict.fromkeys(used), (row["sub_indicator"] for row in rows))
    of = {row["sub_indicator"]: row["indicator_no"] for row in rows}
    wrong += [
        f"{item['item_code']} stands in {item['sub_indicator']}, which is of another indicator"
        for item in items
        if of.get(item["sub_indicator"], item["indicator_no"]) != item["indicator_no"]
    ]
    return "sub_indicator", wrong


def _items(seeds: Seeds, year: int) -> tuple[str, list[str]]:
    rows = seeds.of("framework_item", year)
    wrong = []
    for instrument in INSTRUMENTS:
        own = [row for row in rows if row["instrument"] == instrument]
        letter, last = (
            instrument[0].lower(),
            max((_whole(row["item_no"]) for row in own), default=1),
        )
        codes = [f"{letter}{number}" for number in range(1, last + 1)]
        wrong += _missing(codes, (row["item_code"] for row in own))
        wrong += [
            f"{row['item_code']} is numbered {row['item_no']}"
            for row in own
            if row["item_code"] != f"{letter}{row['item_no']}"
        ]
    for number in _missing(
        _each(seeds.of("indicator", year), "indicator_no"), _each(rows, "indicator_no")
    ):
        wrong.append(f"an item of indicator {number}")
    for row in rows:
        if not row["title_th"]:
            wrong.append(f"title of {row['item_code']}")
        if (row["instrument"] == "OIT") != bool(row["sub_indicator"]):
            wrong.append(f"sub-indicator of {row['item_code']}")
    used = {row["sub_indicator"] for row in rows}
    for row in seeds.of("sub_indicator", year):
        if row["sub_indicator"] not in used:
            wrong.append(f"an item of sub-indicator {row['sub_indicator']}")
    return "framework_item", wrong


def _levels(seeds: Seeds, year: int) -> tuple[str, list[str]]:
    rows = sorted(seeds.of("rating_level", year), key=lambda row: _whole(row["level_order"]))
    if not rows:
        return "rating_level", ["every level"]
    orders = [_whole(row["level_order"]) for row in rows]
    wrong = [f"level {number}" for number in _missing(range(1, len(rows) + 1), orders)]
    minima = [_number(row["overall_min"]) for row in rows]
    known = [minimum for minimum in minima if minimum is not None]
    if len(known) < len(minima) or known != sorted(known, reverse=True) or known[-1] != 0:
        wrong.append("levels from the best down, the last one from 0")
    if "true" not in _each(rows, "is_pass"):
        wrong.append("a level that passes")
    return "rating_level", wrong


def _thresholds(seeds: Seeds, year: int) -> tuple[str, list[str]]:
    rows = seeds.of("severity_threshold", year)
    return "severity_threshold", _missing(INSTRUMENTS, (row["instrument"] for row in rows))


def _publication_rules(seeds: Seeds, year: int) -> tuple[str, list[str]]:
    """Every rule that another year has."""
    known = [row["rule"] for rows in seeds.by_year["publication_rule"].values() for row in rows]
    own = [row["rule"] for row in seeds.of("publication_rule", year)]
    return "publication_rule", _missing(dict.fromkeys(known), own)


def _topics(seeds: Seeds, year: int) -> tuple[str, list[str]]:
    rows = seeds.of("topic_item", year)
    codes, topics = _each(rows, "item_code"), _each(rows, "topic_no")
    items = _each(seeds.of("framework_item", year), "item_code")
    wrong = [f"an item of topic {number}" for number in _missing(sorted(seeds.topics), topics)]
    wrong += _missing(items, codes)
    wrong += [
        f"topic {number}, which topic.csv does not have"
        for number in _missing(topics, seeds.topics)
    ]
    wrong += [f"{code}, which is no item" for code in _missing(codes, items)]
    return "topic_item", wrong


def _links(seeds: Seeds, year: int) -> tuple[str, list[str]]:
    """Which item of other years an item goes on from: by its meaning, its own where it is new."""
    rows = seeds.of("item_meaning", year)
    codes = _each(seeds.of("framework_item", year), "item_code")
    wrong = _missing(codes, (row["item_code"] for row in rows))
    wrong += [f"{code}, which is no item" for code in _missing(_each(rows, "item_code"), codes)]
    return "item_meaning", wrong


def _remedies(seeds: Seeds, year: int) -> tuple[str, list[str]]:
    """What a pack proposes for each item and severity that can occur."""
    meanings = _each(seeds.of("item_meaning", year), "meaning")
    severities = sorted({severity for _, severity in seeds.remedies})
    wrong = [
        f"{meaning} {severity}"
        for meaning in meanings
        for severity in severities
        if (meaning, severity) not in seeds.remedies
    ]
    return "remedy", wrong


def _missing(wanted: Any, there: Any) -> list[str]:
    """Those of `wanted` that are not `there`, in order."""
    there = set(there)
    return [one for one in wanted if one not in there]


def _each(rows: Rows, column: str) -> dict[str, None]:
    """The different values of a column, in order."""
    return dict.fromkeys(row[column] for row in rows)


def _number(written: str) -> Decimal | None:
    try:
        return Decimal(written)
    except InvalidOperation:
        return None


def _whole(written: str) -> int:
    return int(written) if written.isdecimal() else 0


def _year(seed: str, row: dict[str, str]) -> int:
    if not row["fiscal_year"].isdecimal():
        raise BadInput(
            f"{seed}.csv: the fiscal year {row['fiscal_year']!r} is no number",
            "write it as four digits, Buddhist Era",
        )
    return int(row["fiscal_year"])


def _rows(folder: Path, seed: str) -> Rows:
    """The rows of a seed. Raises BadInput where its file is gone, no text, or not what it was."""
    try:
        with (folder / f"{seed}.csv").open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
        broken = _broken(rows, KEYS.get(seed, "fiscal_year"))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        broken = getattr(error, "strerror", None) or str(error)
    if broken:
        raise BadInput(
            f"the reference data cannot be read: {seed}.csv: {broken}",
            "bring dbt_project/seeds back as they are in the release",
        )
    return rows


def _broken(rows: Rows, key: str) -> str:
    """Why these are not the rows of a whole file with the column `key`; '' where they can be."""
    if rows and key not in rows[0]:
        return f"its first line names no column {key}"
    for number, row in enumerate(rows, 1):
        if None in row or None in row.values():
            return f"row {number} has not as many cells as the first line"
    return ""
