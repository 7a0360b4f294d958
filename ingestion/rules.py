"""Findings from the rule list `rules.csv`.

One row a rule, with severity, who fixes it and the sentences in Thai and English.
"""

import csv
from functools import cache
from pathlib import Path

from ingestion import figure_names
from ingestion.personal_data import mask
from ingestion.submission import Finding
from warehouse.thai_places import bracketed_in_thai

FILE = Path(__file__).with_name("rules.csv")
LONGEST_VALUE = 300
# What is masked is shorter than it was: so much of a cell of megabytes fills a value in any case.
LOOKED_AT = 20 * LONGEST_VALUE


@cache
def rules() -> dict[str, dict[str, str]]:
    """Rule code → its row of `rules.csv`."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        return {row["rule"]: row for row in csv.DictReader(lines)}


def finding(
    rule: str,
    place: str = "",
    value: str = "",
    agency: str = "",
    fiscal_year: str = "",
    **details: str,
) -> Finding:
    """The Finding of `rule`.

    `details` fill the rule's sentences: code, expected, detail_th, detail_en, hint_th, hint_en. A
    code (one of a figure, or several) is in Thai sentences what people call it; {figure} there is
    that with its title in the year's framework.

    Raises KeyError for a rule that is not in `rules.csv`.
    """
    row = rules()[rule]
    value = _shown(value)
    given = {
        "code": "",
        "expected": "",
        "detail_th": "",
        "detail_en": "",
        "hint_th": "",
        "hint_en": "",
        **details,
        "value": value,
        "fiscal_year": fiscal_year,
        "agency": agency,
        "place": place,
    }
    given = {name: _shown(text) for name, text in given.items()}
    code, year = given["code"], str(fiscal_year)
    thai = given | {
        "code": figure_names.in_thai(code),
        "figure": figure_names.titled(code, year),
        "detail_th": bracketed_in_thai(given["detail_th"]),
    }
    sentences = {
        name: row[name].format_map(thai if name.endswith("_th") else given)
        for name in ("message_th", "message_en", "action_th", "action_en")
    }
    return Finding(
        rule,
        row["severity"],
        place,
        value,
        agency=str(agency),
        fiscal_year=year,
        **sentences,
    )


def _shown(written: object) -> str:
    return shorten(mask(str(written)[:LOOKED_AT]))


def shorten(written: str) -> str:
    """`written`, cut to what a receipt can hold."""
    return written if len(written) <= LONGEST_VALUE else written[:LONGEST_VALUE] + " …"
