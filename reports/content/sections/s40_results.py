"""Part 1: the result as a whole, by instrument, by indicator, over the years."""

from collections.abc import Iterator
from typing import Any

from reports import thai
from reports.blocks import bold, chart, heading, listing, page, paragraph, table
from reports.content.path import next_level, ways
from reports.content.sentences import reference, say
from reports.content.words import (
    PARTS,
    against_last_year,
    best_and_weakest,
    deepest,
    heading_of,
    level,
    movement,
    number_runs,
    part_numbers,
    ranks,
    scopes,
)
from reports.setting import charts

MEAN_HEADS = {"province": "ค่าเฉลี่ย\nจังหวัด", "type": "ค่าเฉลี่ย\nประเภท", "national": "ค่าเฉลี่ย\nประเทศ"}
TOGETHER = 12  # items that stand on one page
SCOPE_NAMES = {"province": "จังหวัด", "type": "ประเภทเดียวกัน", "national": "ทั้งประเทศ"}


def blocks(facts: dict) -> Iterator[Any]:
    yield page(landscape=True)
    yield heading(1, heading_of(facts, "results", year=facts["fiscal_year"]))
    part, no = part_numbers(facts)["results"], 0
    for name, said in SECTIONS.items():
        section = list(said(facts))
        if section:  # one that has nothing to say is left out
            no += 1
            yield heading(2, f"{part}.{no} {say(f'results.{name}')}")
            yield from section


def _overview(facts: dict) -> Iterator[Any]:
    result, ranking = facts["assessment"], facts["ranking"] or {}
    if _target(facts):
        yield paragraph(_target(facts))
    score = say("cover.score", score=thai.score(result["overall_score"]))
    rows = [["คะแนนภาพรวม", bold(score), against_last_year(facts)]]
    if result["level_th"]:
        rows.append(["ระดับ", bold(level(result)), result["level_reason_th"] or thai.NONE])
    for where, rank, count, change in ranks(facts):
        of = say("rank.of", rank=thai.count(rank), count=thai.count(count))
        rows.append([say("rank.in", where=where), of, movement(change)])
    if (ranking.get("national_count") or 0) > 1 and ranking["percentile"]:
        rows.append([say("percentile.name"), _percentile(ranking["percentile"]), thai.NONE])
    published = [
        say(f"published.{key}", rank=thai.count(result[key]))
        for key in ("published_province_rank", "published_type_rank")
        if result.get(key)
    ]
    if published:
        rows.append([say("published.name"), " · ".join(published), say("published.source")])
    yield table([82, 82, 93], ["รายการ", "ผล", "เทียบปีก่อน / เหตุผล"], rows, together=True)
    if result.get("provisional"):
        yield paragraph(say("overall.provisional"), "note")


def _percentile(value: Any) -> Any:
    """Above nobody it is left out: the ranks have said it."""
    return say(
        "percentile.highest" if value == 100 else "percentile.above", share=thai.score(value)
    )


def _target(facts: dict) -> Any:
    """Whether the score reaches the target of the national master plan."""
    score, least = facts["assessment"]["overall_score"], facts["rules"]["pass_min"]
    if score is None or least is None:
        return ""
    met = "overall.target_met" if score >= least else "overall.target_missed"
    return say(met, least=thai.score(least))


def _parts(facts: dict) -> Iterator[Any]:
    result, weights, shown = facts["assessment"], facts["rules"]["weights"], scopes(facts)
    rows = []
    for code, column, name in (("overall", "overall_score", "ภาพรวม"), *PARTS):
        if result[column] is None:  # not known: no gap is shown
            continue
        means = facts["means"].get(code, {})
        weight = weights.get(code)
        rows.append(
            [
                bold(name),
                reference("instrument")[code],
                f"{weight:g}" if weight else "",
                bold(thai.score(result[column])),
                *(thai.score(means.get(scope)) for scope in shown),
            ]
        )
    widths = [32, 178 - 25 * len(shown), 22, 25, *[25] * len(shown)]
    head = ["เครื่องมือ", "ความหมาย", "น้ำหนัก\n(ร้อยละ)", "คะแนน", *(MEAN_HEADS[s] for s in shown)]
    yield table(widths, head, rows, "llcr" + "r" * len(shown), together=True)
    if not facts["indicators"]:
        alone = deepest(facts) == "overall"
        yield paragraph(say("results.only_overall" if alone else "results.no_indicators"), "note")
    yield paragraph(say("levels.name", year=facts["fiscal_year"]), "label")
    rows = _level_rows(facts)
    head = ["ระดับ", "คะแนนภาพรวม", "เงื่อนไขของคะแนนทั้งสี่ส่วน"]
    if all(row[2] in (thai.NONE, bold(thai.NONE)) for row in rows):
        yield table([107, 150], head[:2], [row[:2] for row in rows], together=True)
    else:
        yield table([77, 80, 100], head, rows, together=True)


def _level_rows(facts: dict) -> Any:
    """The year's levels, highest first, the agency's own in bold: bands are half-open."""
    rows, above = [], None
    for rule in facts["rules"]["levels"]:
        least, part = rule["overall_min"], rule["each_part_min"]
        condition = thai.NONE
        if part is not None:
            condition = say("levels.each", least=thai.score(part))
        elif above and above["each_part_min"] is not None and above["overall_min"] == least:
            condition = say("levels.some", least=thai.score(above["each_part_min"]))
        if not least:
            band = say("levels.below", top=thai.score(above["overall_min"])) if above else thai.NONE
        elif part is not None or above is None or above["overall_min"] == least:
            band = say("levels.from", least=thai.score(least))
        else:
            top = thai.score(above["overall_min"])
            band = say("levels.between", least=thai.score(least), top=top)
        own = rule["level_th"] == facts["assessment"]["level_th"]
        name = rule["level_th"] + (say("levels.own") if own else "")
        rows.append([bold(text) if own else text for text in (name, band, condition)])
        above = rule
    return rows


def _indicators(facts: dict) -> Iterator[Any]:
    if not facts["indicators"]:
        return
    shown, means = scopes(facts), facts["means"]
    changed = any(i["change"] is not None for i in facts["indicators"])
    rows = [
        [
            str(i["indicator_no"]),
            i["indicator_th"],
            i["instrument"],
            bold(thai.score(i["score"])),
            *([thai.signed(i["change"])] if changed else []),
            *(thai.score(means.get(str(i["indicator_no"]), {}).get(scope)) for scope in shown),
        ]
        for i in facts["indicators"]
    ]
    change = ["เทียบ\nปีก่อน"] if changed else []
    beside = [23] * len(change) + [25] * len(shown)
    head = ["ที่", "ตัวชี้วัด", "เครื่องมือ", "คะแนน", *change, *(MEAN_HEADS[s] for s in shown)]
    widths = [10, 201 - sum(beside), 22, 24, *beside]
    yield table(widths, head, rows, "clcr" + "r" * len(beside), together=True)
    if _has_bars(facts):
        figures = facts["indicators"], means, shown, facts["rules"]["pass_min"]
        yield chart(
            charts.bars(*figures),
            charts.narrow_bars(*figures),
            _caption(facts),
            _spoken(facts, shown),
        )


def _caption(facts: dict) -> str:
    """What the chart shows, with what a pale bar means where there is one."""
    least = facts["rules"]["pass_min"]
    pale = any(i["score"] is not None and i["score"] < least for i in facts["indicators"])
    words = say("chart.pale") if pale else ""
    return say("chart.indicators", least=f"{least:g}", pale=words)


def _has_bars(facts: dict) -> bool:
    return sum(i["score"] is not None for i in facts["indicators"]) > 2


def _spoken(facts: dict, shown: Any) -> Any:
    """The chart in words: each indicator's score and its means."""
    said = []
    for i in facts["indicators"]:
        means = facts["means"].get(str(i["indicator_no"]), {})
        beside = [
            f"{SCOPE_NAMES[scope]} {thai.score(means[scope])}"
            for scope in shown
            if means.get(scope) is not None
        ]
        words = f"{i['indicator_th']} {thai.score(i['score'])}"
        said.append(f"{words} (ค่าเฉลี่ย{' '.join(beside)})" if beside else words)
    return say("chart.indicators_alt", figures=", ".join(said))


def _predecessors(history: Any) -> Iterator[Any]:
    """Whose the years before its own were, one line a predecessor."""
    names = dict.fromkeys(h["predecessor_th"] for h in history if h["predecessor_th"])
    for name in names:
        years = number_runs([h["fiscal_year"] for h in history if h["predecessor_th"] == name])
        yield say("history.predecessor", years=years, name=name)


def _history(facts: dict) -> Iterator[Any]:
    history = facts["history"]
    if len(history) < 2:
        yield paragraph(say("history.first", year=facts["fiscal_year"]))
        return
    figures = ", ".join(f"ปี {h['fiscal_year']} {thai.score(h['overall_score'])}" for h in history)
    yield chart(
        charts.trend(history, facts["rules"]["pass_min"]),
        charts.trend(history, facts["rules"]["pass_min"], charts.NARROW),
        say("chart.trend" if _has_bars(facts) else "chart.trend_only"),
        say("chart.trend_alt", figures=figures),
    )
    shown = scopes(facts)
    heads = {"province": "ลำดับในจังหวัด", "type": "ลำดับในประเภท", "national": "ลำดับในประเทศ"}
    rows = [
        [
            str(h["fiscal_year"]),
            bold(thai.score(h["overall_score"])),
            h["level_th"] or thai.NONE,
            *(_rank_of(h, scope) for scope in shown),
        ]
        for h in history
    ]
    widths = [30, 28, 199 - 44 * len(shown), *[44] * len(shown)]
    head = ["ปีงบประมาณ", "คะแนน", "ระดับ", *(heads[scope] for scope in shown)]
    yield table(widths, head, rows, "crl" + "r" * len(shown), together=True)
    for line in _predecessors(history):
        yield paragraph(line, "note")
    years = [h["fiscal_year"] for h in history]
    rows = [
        [
            str(i["indicator_no"]),
            i["indicator_th"],
            *(thai.score(h["indicators"].get(str(i["indicator_no"]))) for h in history),
        ]
        for i in facts["indicators"]
    ]
    if rows:
        widths = [10, 247 - 28 * len(years), *[28] * len(years)]
        head = ["ที่", "ตัวชี้วัด", *(f"ปี {year}" for year in years)]
        yield table(widths, head, rows, "cl" + "r" * len(years), together=True)


def _rank_of(row: dict, scope: Any) -> Any:
    rank, size = row.get(f"{scope}_rank"), row.get(f"{scope}_count")
    if rank is None or size == 1:
        return thai.NONE
    return f"{thai.count(rank)} / {thai.count(size)}"


def _strengths(facts: dict) -> Iterator[Any]:
    best, weakest = best_and_weakest(facts)
    if not best:
        return
    count = max(len(best), len(weakest))
    rows = [[_named(best, k), _named(weakest, k)] for k in range(count)]
    if not weakest:
        rows[0][1] = say("strengths.all_full")
    yield table([128, 129], [say("strengths.best"), say("strengths.weakest")], rows, together=True)


def _named(indicators: Any, k: Any) -> Any:
    if k >= len(indicators):
        return ""
    i = indicators[k]
    name = say("indicator.name", no=i["indicator_no"], name=i["indicator_th"])
    return [f"{name}  ", bold(thai.score(i["score"]))]


def _path(facts: dict) -> Iterator[Any]:
    if not ways(facts):  # the summary has said it
        return
    yield paragraph(next_level(facts))
    first, *named = ways(facts)
    yield paragraph(first, "label" if named else "body")
    if named:
        yield listing(named, together=len(named) <= TOGETHER)


SECTIONS = {
    "overview": _overview,
    "parts": _parts,
    "indicators": _indicators,
    "history": _history,
    "strengths": _strengths,
    "path": _path,
}
