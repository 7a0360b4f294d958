"""Dates, figures and names as pages say them in Thai."""

import csv
from datetime import date, datetime
from functools import cache
from typing import Any

from warehouse import thai_dates
from warehouse.settings import SEEDS


def moment(value: Any) -> datetime:
    """A time as PostgreSQL's JSON or Python has it, in Bangkok."""
    return thai_dates.local(value)


def day(value: Any) -> str:
    """A date or a time: 9 ก.ย. 2568; '' for none."""
    if not value:
        return ""
    if isinstance(value, str) and len(value) == 10:
        value = date.fromisoformat(value)
    found = value if type(value) is date else moment(value).date()
    return thai_dates.day(found)


def clock(value: Any) -> str:
    """A time: 9 ก.ย. 2568 16.05 น."""
    return f"{day(value)} {moment(value):%H.%M} น." if value else ""


def hour(value: Any) -> str:
    """A time of day: 16.05 น."""
    return f"{moment(value):%H.%M} น."


def score(value: Any) -> str:
    return "–" if value is None else f"{float(value):.2f}"


def size(value: int) -> str:
    """1.5 MB, 20 MB, 16 kB; never broken over lines."""
    if value >= 1_000_000:
        return f"{value / 1_000_000:.1f}".removesuffix(".0") + "\u00a0MB"
    return f"{max(1, value // 1000)}\u00a0kB"


@cache
def provinces() -> dict[str, str]:
    """Two digits -> name; 00 the central agencies."""
    return {row["province_code"]: row["province_th"] for row in _seed("province")} | {
        "00": "หน่วยงานส่วนกลาง"
    }


@cache
def types() -> dict[str, str]:
    return {row["agency_type"]: row["agency_type_th"] for row in _seed("agency_type")}


@cache
def indicators(fiscal_year: int) -> dict[int, str]:
    return {
        int(row["indicator_no"]): row["indicator_th"]
        for row in _seed("indicator")
        if row["fiscal_year"] == str(fiscal_year)
    }


@cache
def years() -> list[int]:
    """The fiscal years whose results come in, the newest first."""
    return sorted(
        (int(r["fiscal_year"]) for r in _seed("fiscal_year") if r["state"] == "complete"),
        reverse=True,
    )


def _seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
