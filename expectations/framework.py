"""The codes that a fiscal year's framework knows, from the reference data."""

import csv

from warehouse import reference, settings


def codes() -> list[tuple]:
    """(fiscal_year, level, code, instrument, code_no) for every code that a score may carry.

    `instrument` is '' for overall. `code_no` counts the codes of a year from 0: its place in a bit
    string of codes seen.
    """
    by_year: dict[int, list[tuple]] = {
        year: [("overall", "", "")] for year in reference.complete_years()
    }
    for row in _seed("instrument"):
        by_year[int(row["fiscal_year"])].append(
            ("instrument", row["instrument"], row["instrument"])
        )
    instruments = {}
    for row in _seed("indicator"):
        instruments[row["fiscal_year"], row["indicator_no"]] = row["instrument"]
        by_year[int(row["fiscal_year"])].append(
            ("indicator", row["indicator_no"], row["instrument"])
        )
    for row in _seed("sub_indicator"):
        instrument = instruments[row["fiscal_year"], row["indicator_no"]]
        by_year[int(row["fiscal_year"])].append(("sub_indicator", row["sub_indicator"], instrument))
    for row in _seed("framework_item"):
        by_year[int(row["fiscal_year"])].append(("item", row["item_code"], row["instrument"]))
    return [
        (year, *code, number)
        for year in sorted(by_year)
        for number, code in enumerate(by_year[year])
    ]


def _seed(name: str) -> list[dict]:
    """The rows of complete years: of no other one are there scores."""
    complete = set(map(str, reference.complete_years()))
    with (settings.SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["fiscal_year"] in complete]
