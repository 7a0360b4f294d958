"""One page for the chief executive: the result, what cost most, what brings most, what is next."""

from collections.abc import Iterator
from typing import Any

from reports import thai
from reports.blocks import bold, figures, heading, page, paragraph, table
from reports.content.losses import Loss, figure_name, losses, measures_by_gain
from reports.content.path import next_level
from reports.content.sentences import say
from reports.content.words import (
    against_last_year,
    deepest,
    heading_of,
    item_title,
    last_year,
    level,
    movement,
    ranks,
    responsible,
)

SHOWN = 5  # measures


def blocks(facts: dict) -> Iterator[Any]:
    yield page()
    yield heading(1, say("summary.title"))
    yield figures(_cards(facts))
    yield paragraph(_result(facts))
    yield paragraph(say("summary.costliest"), "label")
    yield _costliest(facts)
    gains = [gain for _, gain in measures_by_gain(facts)[:SHOWN]]
    yield paragraph(say("summary.measures" if all(gains) else "summary.measures_first"), "label")
    yield _measures(facts)
    yield paragraph(say("summary.next"), "label")
    yield paragraph(next_level(facts))


def _cards(facts: dict) -> Any:
    result = facts["assessment"]
    change = against_last_year(facts) if last_year(facts) else ""
    score = thai.score(result["overall_score"])
    cards = [(say("summary.score"), score, change)]
    if result["level_th"]:
        cards.append((say("summary.level"), level(result), ""))
    shown = [row for row in ranks(facts) if row[0] != say("scope.national")] or ranks(facts)
    for where, rank, count, moved in shown[:1] + shown[-1:] if len(shown) > 1 else shown:
        of = say("summary.of", count=thai.count(count))
        note = of if moved is None else f"{of} · {movement(moved)}"
        cards.append((where, thai.count(rank), note))
    return cards


def _result(facts: dict) -> list:
    """A level that is not known is left out, and so is why."""
    result = facts["assessment"]
    known = {"agency": facts["agency"]["name_th"], "score": thai.score(result["overall_score"])}
    if result["overall_score"] is None:
        return [bold(say("overall.opening_parts", agency=known["agency"]))]
    if not result["level_th"]:
        return [bold(say("overall.opening_score", **known))]
    reason = result["level_reason_th"]
    return [
        bold(say("overall.opening", **known, level=level(result))),
        say("overall.reason", reason=reason) if reason else "",
    ]


def _costliest(facts: dict) -> Any:
    """The three items that cost most, and figures above them of what no item tells."""
    if deepest(facts) == "overall":
        return paragraph(say("summary.nothing_known"), "plain")
    found = losses(facts)[:3]
    if not found:
        return paragraph(say("summary.all_full"), "plain")
    rows = [
        [str(n), _named(facts, loss), thai.score(loss.points)] for n, loss in enumerate(found, 1)
    ]
    head = ["ที่", "เรื่อง", "คะแนนภาพรวม\nที่เสียไป"]
    return table([10, 124, 26], head, rows, "clr", together=True)


def _named(facts: dict, loss: Loss) -> list:
    if not loss.item_code:
        score = "" if loss.partly else f" ({thai.score(loss.score)})"
        return [bold(figure_name(facts, loss)), score]
    item = next(i for i in facts["items"] if i["item_code"] == loss.item_code)
    return [bold(f"ข้อ {loss.item_code}"), f" {item_title(item)}"]


def _measures(facts: dict) -> Any:
    rows = [
        [str(m["measure_no"]), bold(m["measure_th"]), responsible(m), thai.short_date(m["ends_on"])]
        for m, _ in measures_by_gain(facts)[:SHOWN]
    ]
    if not rows:
        return paragraph(
            say("summary.see", part=heading_of(facts, "measures", year=facts["measures_year"])),
            "plain",
        )
    head = ["มาตรการที่", "มาตรการ", "ผู้รับผิดชอบ", "ภายใน"]
    return table([20, 72, 42, 26], head, rows, "clll", together=True)
