"""Annex: every item's score, and how the figures are made."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from reports import thai
from reports.blocks import bold, cell, heading, kept, listing, paragraph, span, table
from reports.content.sentences import reference, say
from reports.content.words import EIT_PARTS, by_code, in_summary, item_title, lost, runs
from reports.setting import palette

PART_HEADS = {None: "คะแนน", "public": "EIT ส่วนที่ 1", "survey": "EIT ส่วนที่ 2"}


def blocks(facts: dict) -> Iterator[Any]:
    yield heading(1, say("annex.title"))
    scored = [i for i in facts["items"] if i["score"] is not None]
    if scored:
        yield heading(2, say("annex.items"))
    *tables, last = list(_tables(scored)) or [None]
    yield from tables
    # A page with the notes alone would be nearly empty: the last items stand with them.
    yield from kept([*([last] if last else []), *_notes(facts, scored)])


def _notes(facts: dict, scored: list[dict]) -> Iterator[Any]:
    missing = dict.fromkeys(i["item_code"] for i in facts["items"] if i["score"] is None)
    if scored and missing:
        yield paragraph(say("annex.missing", codes=runs(list(missing))), "note")
    yield heading(2, say("annex.method" if scored else "annex.method_only"))
    yield listing(list(_method(facts)), together=True)


def _tables(scored: list[dict]) -> Iterator[Any]:
    """A table an instrument, and one of its own for the last group; one row an item."""
    last = _group(scored[-1]) if scored else ""
    for _, items in groupby(scored, key=lambda i: (i["instrument"], _group(i) == last)):
        yield _items(list(items))


def _items(scored: list[dict]) -> Any:
    """EIT with its two parts beside each other, where they are told apart."""
    rows: list[dict | list] = []
    for name, items in groupby(by_code(scored), key=lambda items: _group(items[0])):
        rows.append(span(name))
        rows += [_row(parts) for parts in items]
    told = {i["eit_part"] for i in scored}
    shown = [part for part in EIT_PARTS if part in told]
    columns = [0, 1, *(2 + EIT_PARTS.index(part) for part in shown), 5]
    rows = [row if "span" in row else [row[column] for column in columns] for row in rows]
    widths = [16, 213 - 26 * len(shown), *[26] * len(shown), 28]
    head = ["ข้อ", "ประเด็นการประเมิน", *(PART_HEADS[part] for part in shown), "คะแนนที่เสียไป"]
    return table(widths, head, rows, "cl" + "r" * (len(shown) + 1), dense=True)


def _group(item: dict) -> Any:
    name = say("indicator.name", no=item["indicator_no"], name=item["indicator_th"])
    if not item["sub_indicator"]:
        return name
    sub = f"{item['sub_indicator']} {item['sub_indicator_th'] or ''}".strip()
    return say("annex.sub_indicator", indicator=name, sub=sub)


def _row(parts: Any) -> list:
    by_part = {i["eit_part"]: i for i in parts}
    return [
        parts[0]["item_code"],
        item_title(parts[0]),
        *(_score(by_part.get(part)) for part in (None, "public", "survey")),
        thai.score(lost(parts)),
    ]


def _score(item: dict | None) -> str | dict:
    if item is None:
        return ""
    fill = palette.SEVERITIES[item["severity"]][0] if item["severity"] != "keep" else None
    return cell(bold(thai.score(item["score"])), fill=fill)


def _method(facts: dict) -> Iterator[Any]:
    result, weights = facts["assessment"], facts["rules"]["weights"]
    sum_of = " + ".join(f"{name} × {weight / 100:.2f}" for name, weight in weights.items())
    yield say("method.overall", sum=sum_of)
    yield say("method.indicators")
    yield say("method.rounding")
    yield say("method.published" if result["score_source"] == "published" else "method.recomputed")
    if result["recomputed_score"] is not None:
        basis = reference("basis").get(result["recomputed_basis"], reference("basis")["mixed"])
        score = thai.score(result["recomputed_score"])
        yield say("method.again", basis=basis, score=score) + _gap(result["score_gap"])
    yield say("method.rank")
    if any(i["score"] is not None for i in facts["items"]):
        yield say("method.lost")
    if facts["rules"]["severity"] and any(i["severity"] for i in facts["items"]):
        yield say("method.colours")
    if any(in_summary(item) for item in _named(facts)):
        yield say("method.titles")


def _named(facts: dict) -> list[dict]:
    """The items whose titles stand in the report: those with a score, and those likely scored 0."""
    wholes = [w for topic in facts["analysis"]["topics"] for w in topic["wholes"]]
    likely = {i["item_code"] for whole in wholes for i in whole["likely"]}
    known = (i for i in facts["items"] if i["score"] is not None or i["item_code"] in likely)
    return list(known)


def _gap(gap: Any) -> Any:
    """gap: published less recomputed."""
    if gap is None:
        return ""
    if not round(gap, 2):
        return say("method.gap_none")
    return say("method.gap_below" if gap > 0 else "method.gap_above", gap=thai.score(abs(gap)))
