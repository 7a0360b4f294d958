"""Findings of the document readers: the texts are in `rules.csv`, here they get place, value and the words that vary."""

import csv
from functools import cache
from pathlib import Path

from ingestion.submission import Finding


@cache
def rules() -> dict[str, dict[str, str]]:
    """Rule code → its row: severity, message_th, message_en, action_th, action_en (with {value} and other words to fill in)."""
    with open(Path(__file__).with_name("rules.csv"), encoding="utf-8", newline="") as file:
        return {row["rule"]: row for row in csv.DictReader(file)}


def finding(rule: str, place: str, value: str = "", **words: str) -> Finding:
    """The finding `rule` at `place` about `value` (cut at 400 characters)."""
    row = rules()[rule]
    value = value if len(value) <= 400 else value[:399] + "…"
    texts = {name: row[name].format(value=value, **words) for name in ("message_th", "message_en", "action_th", "action_en")}
    return Finding(rule=rule, severity=row["severity"], place=place, value=value, **texts)
