"""One page for the chief executive: the result, what cost most, what brings most, what is next."""

from collections.abc import Iterator
from typing import Any

from reports import thai
from reports.blocks import bold, figures, heading, page, paragraph, table
from reports.content.path import next_level
from reports.content.sentences import say
from reports.content.words import (
    against_last_year,
    best_and_weakest,
    costliest,
    heading_of,
    item_title,
    last_year,
    level,
    lost,
    measures_by_gain,
    movement,
    ranks,
    responsible,
    weakest_instruments,
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
    dearest = costliest(facts, 3)
    if dearest:
        rows = [
            [
                str(n),
                [bold(f"ข้อ {items[0]['item_code']}"), f" {item_title(items[0])}"],
                thai.score(lost(items)),
            ]
            for n, items in enumerate(dearest, 1)
        ]
        return table(
            [10, 124, 26], ["ที่", "เรื่อง", "คะแนนภาพรวม\nที่เสียไป"], rows, "clr", together=True
        )
    if any(i["score"] is not None for i in facts["items"]):
        return paragraph(say("summary.all_full"), "plain")
    best, weakest = best_and_weakest(facts)
    if weakest:
        named = [
            (say("indicator.name", no=i["indicator_no"], name=i["indicator_th"]), i["score"])
            for i in weakest
        ]
        return _lowest("ตัวชี้วัดที่ได้คะแนนต่ำที่สุด", named)
    instruments = [] if best else weakest_instruments(facts)
    if instruments:
        return _lowest("เครื่องมือที่ได้คะแนนต่ำที่สุด", instruments)
    return paragraph(say("summary.all_full" if best else "summary.nothing_known"), "plain")


def _lowest(head: str, named: list[tuple[str, float]]) -> Any:
    rows = [[str(n), name, thai.score(score)] for n, (name, score) in enumerate(named, 1)]
    return table([10, 124, 26], ["ที่", head, "คะแนน"], rows, "clr", together=True)


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
