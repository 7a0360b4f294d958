"""Cover: what it is, whose, and the result."""

from collections.abc import Iterator
from typing import Any

from reports import thai
from reports.blocks import cover
from reports.content.sentences import say


def blocks(facts: dict) -> Iterator[Any]:
    agency, result, year = facts["agency"], facts["assessment"], facts["fiscal_year"]
    place = thai.place(agency)
    yield cover(
        [say("cover.1"), say("cover.2"), say("cover.year", year=year)],
        [say("cover.measures"), say("cover.year", year=year + 1)],
        agency["name_th"],
        place if place != agency["name_th"] else "",  # Bangkok is its own place
        [say("cover.score", score=thai.score(result["overall_score"])), _level(result)],
        result["level_code"],
        [say("cover.date", date=thai.long_date(facts["data_date"]))],
    )


def _level(result: dict) -> str:
    """Nothing where the level is not known: a cover shows no gap."""
    words = result["level_th"]
    if not words:
        return ""
    return say("cover.level_letter" if words.isascii() else "cover.level", level=words)
