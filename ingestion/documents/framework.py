"""The years' frameworks, topics, levels, provinces and agency types, from the reference seeds of dbt."""

import csv
import re
from functools import cache

from rapidfuzz import fuzz

from ingestion import normalise
from warehouse import settings


@cache
def seed(name: str) -> list[dict[str, str]]:
    """All rows of `dbt_project/seeds/<name>.csv`."""
    with open(settings.SEEDS / f"{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def years() -> set[int]:
    """The fiscal years whose framework is complete."""
    return {int(row["fiscal_year"]) for row in seed("framework_item")}


@cache
def items(fiscal_year: int) -> dict[str, dict[str, str]]:
    """Item code → row of `framework_item`; empty for a year without a framework."""
    return {row["item_code"]: row for row in seed("framework_item") if row["fiscal_year"] == str(fiscal_year)}


@cache
def indicators(fiscal_year: int) -> dict[int, str]:
    """Indicator number → Thai title; for a year without a framework those of the nearest year that has one."""
    nearest = min(years(), key=lambda year: abs(year - fiscal_year))
    return {int(row["indicator_no"]): row["indicator_th"] for row in seed("indicator") if row["fiscal_year"] == str(nearest)}


@cache
def sub_indicators(fiscal_year: int) -> dict[str, str]:
    """Sub-indicator ('9.1') → Thai title."""
    return {row["sub_indicator"]: row["sub_indicator_th"] for row in seed("sub_indicator") if row["fiscal_year"] == str(fiscal_year)}


@cache
def topics() -> dict[int, str]:
    """Topic number → Thai title."""
    return {int(row["topic_no"]): row["topic_th"] for row in seed("topic")}


@cache
def levels(fiscal_year: int) -> dict[str, str]:
    """Level in Thai (or its letters to FY2565) → level code, longest wording first."""
    found = {row["level_th"]: row["level_code"] for row in seed("rating_level") if row["fiscal_year"] == str(fiscal_year)}
    return dict(sorted(found.items(), key=lambda pair: -len(pair[0])))


@cache
def provinces() -> set[str]:
    """The Thai names of the 77 provinces."""
    return {row["province_th"] for row in seed("province")}


def key(written: str) -> str:
    """What is compared of a title: Thai letters and vowels, Latin letters in lower case, digits as 0–9; no marks above, no blanks."""
    return re.sub(r"[^0-9a-z\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e44]", "", normalise.digits(written).lower())


@cache
def topic_keys() -> dict[int, str]:
    """Topic number → key of its title without the leading กระบวนการ, which agencies put before any topic or leave out."""
    return {number: key(title).removeprefix(key("กระบวนการ")) for number, title in topics().items()}


@cache
def topic_of(written: str) -> int | None:
    """The topic whose title `written` begins with (small typing errors allowed), None if none or if two are as near."""
    begun = re.sub(r"^\s*[-•]*\s*(?:ประเด็นที่|หัวข้อที่)?\s*\d*\s*[.:)]*\s*", "", normalise.digits(written))
    wanted = key(begun).removeprefix(key("กระบวนการ"))
    nearness = sorted(((fuzz.ratio(wanted[:len(title)], title), number) for number, title in topic_keys().items()), reverse=True)
    return nearness[0][1] if nearness[0][0] >= 85 and nearness[0][0] - nearness[1][0] >= 10 else None


def same_title(left: str, right: str, least: float = 85) -> bool:
    """Whether two titles are the same but for typing errors; a long one may stop early."""
    left, right = key(left), key(right)
    shorter = min(len(left), len(right))
    return bool(shorter) and fuzz.ratio(left[:len(right)], right) >= least


@cache
def indicator_of(written: str, fiscal_year: int) -> int | None:
    """The indicator whose title `written` is, None if it is none of them."""
    found = [number for number, title in indicators(fiscal_year).items() if len(key(written)) >= 0.8 * len(key(title)) and same_title(written, title, 90)]
    return found[0] if len(found) == 1 else None


@cache
def numbered_title(written: str) -> bool:
    """Whether `written` begins with a number and then the title of a topic or an indicator: the first cell of its rows."""
    match = re.match(r"\s*(?:ประเด็นที่|ตัวชี้วัดที่)?\s*[0-9๐-๙]{1,2}\s*[.:)]?\s*(\D[^\n]*)", written)
    if not match:
        return False
    return topic_of(written) is not None or any(indicator_of(re.split(r"หมายถึง|\n", match[1])[0], year) for year in years())
