"""What a message to an agency says of its pack, in words: the pack's own content, nothing counted
anew. It is no part of `content/`, which makes packs: a new word here writes no pack anew.
"""

import csv
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from reports import thai
from reports.content.before import tasks
from reports.content.losses import Loss, figure_name, losses
from reports.content.sentences import say as pack_say
from reports.content.words import deepest, item_title, last_year, level

NAMED = 3
Block = tuple[str, Any]  # ("heading" or "text", a string) or ("list", strings)


def subject(facts: dict) -> str:
    return say("subject", year=facts["fiscal_year"], agency=facts["agency"]["name_th"])


def blocks(facts: dict, before: dict | None, today: date) -> list[Block]:
    """Result and reason, what changed, what brings most, the date by which to publish.

    facts: as pack.json holds them. before: what the last message said of the same year, from a
    manifest (overall_score, level_th, inputs); None where there was none.
    """
    return [
        ("text", say(f"opening.{'again' if before else 'first'}", year=facts["fiscal_year"])),
        ("heading", say("result")),
        ("text", _result(facts)),
        ("heading", say("changed")),
        ("text", _since(facts, before) if before else _since_last_year(facts)),
        ("heading", say("most")),
        *_most(facts),
        ("heading", say("publish")),
        ("text", _publish(facts, today)),
    ]


def say(key: str, **values: Any) -> str:
    """The sentence of that key. Raises KeyError for one that is not there."""
    return _sentences()[key].format(**values)


def _result(facts: dict) -> str:
    result = facts["assessment"]
    if result["overall_score"] is None:
        return say("result.none")
    name, reason = facts["agency"]["name_th"], result["level_reason_th"]
    score = thai.score(result["overall_score"])
    said = pack_say("overall.opening", agency=name, score=score, level=level(result))
    said += pack_say("overall.reason", reason=reason) if reason else ""
    return f"{said} {pack_say('overall.provisional')}" if result["provisional"] else said


def _since(facts: dict, before: dict) -> str:
    """Against what the last message said."""
    result, said = facts["assessment"], []
    was, now = before["overall_score"], result["overall_score"]
    if was != now:
        change = thai.signed(round(now - was, 2)) if None not in (was, now) else thai.NONE
        score = {"before": thai.score(was), "now": thai.score(now), "change": change}
        said.append(say("changed.score", **score))
    if before["level_th"] != result["level_th"]:
        was_level = before["level_th"] or pack_say("level.unknown")
        said.append(say("changed.level", before=was_level, now=level(result)))
    said = said or [say("changed.same")]
    if new := set(facts["sources"]) - set(before["inputs"]):
        said.append(say("changed.files", count=thai.count(len(new))))
    return " ".join(said)


def _since_last_year(facts: dict) -> str:
    last, score = last_year(facts), facts["assessment"]["overall_score"]
    if last is None or score is None:
        return say("changed.no_year", last_year=facts["fiscal_year"] - 1)
    points = round(score - last["overall_score"], 2)
    way = "up" if points > 0 else "down" if points < 0 else "equal"
    moved = say(f"changed.{way}", points=thai.score(abs(points)))
    was = {"last_year": facts["fiscal_year"] - 1, "last": thai.score(last["overall_score"])}
    said = say("changed.year", **was, moved=moved)
    was_level, now = last["level_th"], facts["assessment"]["level_th"]
    if was_level and now and was_level != now:
        said += " " + say("changed.level", before=was_level, now=now)
    return said


def _most(facts: dict) -> list[Block]:
    """As the pack's summary has it."""
    if deepest(facts) == "overall":
        return [("text", pack_say("summary.nothing_known"))]
    if dearest := losses(facts)[:NAMED]:
        return [("list", [_lost(facts, loss) for loss in dearest])]
    return [("text", pack_say("summary.all_full"))]


def _lost(facts: dict, loss: Loss) -> str:
    code, points = loss.item_code, thai.score(loss.points)
    if not code:
        return say("most.figure", name=figure_name(facts, loss), points=points)
    item = next(i for i in facts["items"] if i["item_code"] == code)
    said = say("most.item", code=code, title=item_title(item), points=points)
    measures = facts["analysis"]["measures"]
    own = next((one["measure_no"] for one in measures if code in one["item_codes"]), None)
    return said + (say("most.measure", number=own) if own else "")


def _publish(facts: dict, today: date) -> str:
    """The measures of a fiscal year begin on 1 October before it: their report is out by then."""
    plan = facts["measures_year"]
    by = date(plan - 544, 10, 1)
    said = say("publish.by" if today <= by else "publish.late", plan=plan, day=thai.long_date(by))
    served = facts["rules"]["served"]["plan"]
    said += say("publish.serves", code=served["item_code"]) if served else ""
    count = len(tasks(facts))
    return said + (say("publish.tasks", count=thai.count(count)) if count else "")


@cache
def _sentences() -> dict[str, str]:
    file = Path(__file__).with_name("sentences.csv")
    with file.open(encoding="utf-8", newline="") as rows:
        return {row["key"]: row["text_th"] for row in csv.DictReader(rows)}
