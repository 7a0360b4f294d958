"""The way to the next level, in words: for the summary and for the results."""

from typing import Any

from reports import thai
from reports.content.sentences import say
from reports.content.words import FOUR_PARTS, PARTS, item_title


def next_level(facts: dict) -> str:
    """What the next level asks, and what falls short."""
    path = facts["level_path"]
    if path is None:
        return say("path.unknown")
    if not path["next_level_code"]:
        # without a level there is no next one either
        return say("path.highest" if facts["assessment"]["level_th"] else "path.unknown")
    needed = say("path.enough")
    if path["points_needed"]:
        needed = say("path.needed", points=thai.score(path["points_needed"]))
    return say("path.next", level=path["next_level_th"], needed=needed) + _parts_needed(facts)


def ways(facts: dict) -> list[str]:
    """The fewest items that, repaired, reach it; or why none can be named."""
    path = facts["level_path"]
    if path is None or not path["next_level_code"]:
        return []
    if path["reachable"] and path["item_codes"]:
        titles = {i["item_code"]: item_title(i) for i in facts["items"]}
        named = [f"ข้อ {code} {titles.get(code, '')}".strip() for code in path["item_codes"]]
        return [say("path.shortest", count=len(named)), *named]
    return [say("path.not_by_items" if path["reachable"] is False else "path.no_items")]


def _parts_needed(facts: dict) -> Any:
    """What the next level asks of the four parts, and which of them fall short."""
    asked = next(
        (
            level["each_part_min"]
            for level in facts["rules"]["levels"]
            if level["level_th"] == facts["level_path"]["next_level_th"]
        ),
        None,
    )
    if asked is None:
        return ""
    short = [
        f"{name} ({thai.score(score)})"
        for code, column, name in PARTS
        if code in FOUR_PARTS
        and (score := facts["assessment"][column]) is not None
        and score < asked
    ]
    words = say("path.parts", least=thai.score(asked))
    return words + (say("path.short", parts=", ".join(short)) if short else "")
