"""One page for the chief executive: the result, what cost most, what brings most, what is next."""

from collections.abc import Iterator
from typing import Any

from reports import thai
from reports.blocks import bold, figures, heading, page, paragraph, table
from reports.content.path import next_level
from reports.content.sentences import say
from reports.content.words import (
    PARTS,
    against_last_year,
    costliest,
    costliest_figures,
    heading_of,
    item_title,
    last_year,
    level,
    lost,
    measures_by_gain,
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
    """The three items that cost most; where no item is known, indicators or instruments."""
    named = [
        ([bold(f"ข้อ {items[0]['item_code']}"), f" {item_title(items[0])}"], lost(items))
        for items in costliest(facts, 3)
    ]
    scored = any(i["score"] is not None for i in facts["items"])
    if not scored:
        named = [
            ([bold(name), f" ({thai.score(score)})"], points)
            for name, score, points in costliest_figures(facts, 3)
        ]
    if not named:
        result = facts["assessment"]
        known = scored or any(result[column] is not None for _, column, _ in PARTS)
        return paragraph(say("summary.all_full" if known else "summary.nothing_known"), "plain")
    rows = [[str(n), name, thai.score(points)] for n, (name, points) in enumerate(named, 1)]
    head = ["ที่", "เรื่อง", "คะแนนภาพรวม\nที่เสียไป"]
    return table([10, 124, 26], head, rows, "clr", together=True)


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
