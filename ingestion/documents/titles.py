"""Titles of topics, indicators and sub-indicators, compared so that small typing errors and other
spacing do not matter.
"""

import csv
import re
from functools import cache, lru_cache

from rapidfuzz import fuzz

from ingestion import framework, normalise
from warehouse.settings import SEEDS

_LONGEST = 400  # characters of a cell that a title can stand in


def key(written: str) -> str:
    """What is compared of a title: Thai consonants and vowels on the line, Latin letters in lower
    case, digits as 0–9.
    """
    return re.sub(
        r"[^0-9a-z\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e44]", "", normalise.digits(written).lower()
    )


def same(left: str, right: str, least: float = 85) -> bool:
    """Whether two titles are the same but for typing errors; `left` may go on behind the title."""
    left, right = key(left[:_LONGEST]), key(right)
    return bool(left) and fuzz.ratio(left[: len(right)], right) >= least


@cache
def topics() -> dict[int, str]:
    """Topic number → Thai title."""
    with (SEEDS / "topic.csv").open(encoding="utf-8", newline="") as file:
        return {int(row["topic_no"]): row["topic_th"] for row in csv.DictReader(file)}


@cache
def _topic_keys() -> dict[int, str]:
    """Topic number → key of its title without a leading กระบวนการ, which agencies put before any
    topic or leave out.
    """
    return {number: key(title).removeprefix(key("กระบวนการ")) for number, title in topics().items()}


@lru_cache(10_000)
def _topic_of(written: str) -> int | None:
    begun = re.sub(
        r"^\s*[-•]*\s*(?:ประเด็นที่|หัวข้อที่)?\s*\d*\s*[.:)]*\s*", "", normalise.digits(written)
    )
    wanted = key(begun).removeprefix(key("กระบวนการ"))
    nearness = sorted(
        (
            (fuzz.ratio(wanted[: len(title)], title), number)
            for number, title in _topic_keys().items()
        ),
        reverse=True,
    )
    return (
        nearness[0][1] if nearness[0][0] >= 85 and nearness[0][0] - nearness[1][0] >= 10 else None
    )


def topic_of(written: str) -> int | None:
    """The topic whose title `written` begins with (after its number), None if none or if two are as
    near.
    """
    return _topic_of(written[:_LONGEST])


def indicators(fiscal_year: int | None) -> dict[int, str]:
    """Indicator number → Thai title; for a year without a framework those of the nearest year that
    has one.
    """
    years = framework.load().years
    nearest = min(years, key=lambda year: abs(year - (fiscal_year or max(years))))
    return {int(number): title for number, title in years[nearest].indicator_names.items()}


@lru_cache(10_000)
def indicator_of(written: str, fiscal_year: int | None) -> int | None:
    """The indicator whose title `written` is, None if it is none of them."""
    known = indicators(fiscal_year)
    found = [
        number
        for number, title in known.items()
        if len(key(written)) >= 0.8 * len(key(title)) and same(written, title, 90)
    ]
    return found[0] if len(found) == 1 else None


def begins_entry(written: str) -> bool:
    """Whether a cell begins with a number and then the title of a topic or an indicator: the first
    cell of a table's entry.
    """
    match = re.match(
        r"\s*(?:ประเด็นที่|ตัวชี้วัดที่)?\s*[0-9๐-๙]{1,2}\s*[.:)]?\s*(\D[^\n]*)", written[:_LONGEST]
    )
    if not match:
        return False
    title = match[1].split("หมายถึง")[0]
    return topic_of(written) is not None or any(
        indicator_of(title, year) for year in framework.load().years
    )


@lru_cache(10_000)
def other_sub_indicator(code: str, written: str) -> str:
    """The title of another sub-indicator, of any year, that stands beside `code`; '' if none."""
    named = [
        (known, title)
        for year in framework.load().years.values()
        for known, title in year.sub_indicator_names.items()
        if len(key(written)) >= 0.8 * len(key(title)) and same(written, title, 90)
    ]
    return "" if code in {known for known, _ in named} or not named else named[0][1]


@lru_cache(10_000)
def resembles(number: int, title: str) -> bool:
    """Whether `title` has words of indicator `number` of some year in it, reworded or misspelt.

    การให้บริการ beside the number 1 is no indicator: the number is that of a list.
    """
    written = key(title[:_LONGEST])
    return any(
        fuzz.partial_ratio(written, key(known[number])) >= 75
        for known in map(indicators, framework.load().years)
        if number in known
    )


@lru_cache(10_000)
def is_indicator(number: int, title: str) -> bool:
    """Whether `title` is that of indicator `number` in some year."""
    return any(
        same(title, known[number], 80)
        for known in map(indicators, framework.load().years)
        if number in known
    )


def agreed(number: int, title: str, before: int, fiscal_year: int | None) -> int | None:
    """The indicator that an entry is about, whose number and title may differ; `before`: that of
    the entry before it, 0 if there is none.

    Where the title is another indicator's, the one that follows on the entry before is right; None
    where neither or both do.
    """
    titled = indicator_of(title, fiscal_year)
    if titled in (None, number):
        return number
    return next((one for one in (number, titled) if one == before + 1), None)
