"""The assessment's framework by fiscal year, as the seeds of dbt say it.

Items, indicators, weights, levels, agency types, provinces.
"""

import csv
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from ingestion.normalise import text
from warehouse import reference
from warehouse.settings import SEEDS

PARTS = ("public", "survey")


@dataclass(frozen=True)
class Item:
    """One item of a year: its code, and where its score goes."""

    code: str
    instrument: str
    indicator: str
    sub_indicator: str  # '' but for OIT
    title: str


@dataclass(frozen=True)
class Level:
    """A rating level of a year, best first.

    From `overall_min` (and `each_part_min` of all four parts, where it is stated).
    """

    code: str
    name_th: str
    name_en: str
    overall_min: float
    each_part_min: float | None


@dataclass
class Year:
    """The framework of one fiscal year (B.E.)."""

    fiscal_year: int
    items: dict[str, Item] = field(default_factory=dict)  # in the order i, e, o, number
    indicators: dict[str, str] = field(default_factory=dict)  # indicator → instrument
    indicator_names: dict[str, str] = field(default_factory=dict)
    sub_indicators: dict[str, str] = field(default_factory=dict)  # sub-indicator → indicator
    sub_indicator_names: dict[str, str] = field(default_factory=dict)
    weights: dict[str, float] = field(default_factory=dict)  # instrument → weight, of 100
    levels: list[Level] = field(default_factory=list)

    def items_of(self, instrument: str) -> list[str]:
        """The item codes of an instrument, in order."""
        return [code for code, item in self.items.items() if item.instrument == instrument]

    def level_named(self, written: str) -> Level | None:
        """The level that `written` names by code, Thai or English name (ระดับ before it or not)."""
        name = _key(text(written).removeprefix("ระดับ"))
        return next(
            (
                level
                for level in self.levels
                if name in (_key(level.code), _key(level.name_th), _key(level.name_en))
            ),
            None,
        )


@dataclass(frozen=True)
class AgencyType:
    """A type of agency: its code, names and abbreviation; a local government has a province."""

    code: str
    name_th: str
    short_th: str
    is_local: bool


@dataclass(frozen=True)
class Framework:
    """All reference data that intake needs."""

    years: dict[int, Year]  # whole ones: their scores are taken
    provisional: dict[int, Year]  # as far as they are known: no scores yet
    agency_types: dict[str, AgencyType]
    provinces: dict[str, tuple[str, str]]  # province code → Thai and English name
    agencies_assessed: dict[int, int] = field(default_factory=dict)  # in the country, by year

    @property
    def plan_years(self) -> range:
        """The fiscal years whose measures, progress and constraints are taken.

        All that are known, and the one after: measures are planned a year ahead.
        """
        known = {*self.years, *self.provisional}
        return range(min(known), max(known) + 2)


@cache
def load(seeds: Path = SEEDS) -> Framework:
    """Read the seeds. Raises BadInput where a year is marked complete and is not."""
    states = reference.states(seeds)
    years = {fiscal_year: Year(fiscal_year) for fiscal_year in states}
    _read_indicators(seeds, years)
    _read_items(seeds, years)
    _read_levels(seeds, years)
    return Framework(
        {number: years[number] for number in states if states[number] == reference.COMPLETE},
        {number: years[number] for number in states if states[number] == reference.PROVISIONAL},
        {
            row["agency_type"]: AgencyType(
                row["agency_type"],
                row["agency_type_th"],
                row["short_th"],
                row["is_local"] == "true",
            )
            for row in _rows(seeds / "agency_type.csv")
        },
        {
            row["province_code"]: (row["province_th"], row["province_en"])
            for row in _rows(seeds / "province.csv")
        },
        {
            int(row["fiscal_year"]): int(row["value"])
            for row in _rows(seeds / "national_statistic.csv")
            if row["metric"] == "agencies_assessed"
        },
    )


def _read_indicators(seeds: Path, years: dict[int, Year]) -> None:
    for row in _rows(seeds / "indicator.csv"):
        year = years[int(row["fiscal_year"])]
        year.indicators[row["indicator_no"]] = row["instrument"]
        year.indicator_names[row["indicator_no"]] = row["indicator_th"]
    for row in _rows(seeds / "sub_indicator.csv"):
        year = years[int(row["fiscal_year"])]
        year.sub_indicators[row["sub_indicator"]] = row["indicator_no"]
        year.sub_indicator_names[row["sub_indicator"]] = row["sub_indicator_th"]
    for row in _rows(seeds / "instrument.csv"):
        years[int(row["fiscal_year"])].weights[row["instrument"]] = float(row["weight"])


def _read_items(seeds: Path, years: dict[int, Year]) -> None:
    rows = sorted(
        _rows(seeds / "framework_item.csv"),
        key=lambda row: ("ieo".index(row["item_code"][0]), int(row["item_no"])),
    )
    for row in rows:
        years[int(row["fiscal_year"])].items[row["item_code"]] = Item(
            row["item_code"],
            row["instrument"],
            row["indicator_no"],
            row["sub_indicator"],
            row["title_th"],
        )


def _read_levels(seeds: Path, years: dict[int, Year]) -> None:
    for row in sorted(_rows(seeds / "rating_level.csv"), key=lambda row: int(row["level_order"])):
        years[int(row["fiscal_year"])].levels.append(
            Level(
                row["level_code"],
                row["level_th"],
                row["level_en"],
                float(row["overall_min"]),
                float(row["each_part_min"]) if row["each_part_min"] else None,
            )
        )


def _key(name: str) -> str:
    return re.sub(r"[\s\-]", "", name).casefold()


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))
