"""What is said of the findings of one group (a topic or an indicator), and where each is said."""

from itertools import groupby

from reports import thai
from reports.blocks import bold, heading, listing, paragraph, table
from reports.content.sentences import say
from reports.content.words import (
    EIT_PARTS,
    SEVERITIES,
    by_code,
    deficiency,
    item_title,
    number_runs,
    runs,
    scores,
)


def groups(facts: dict) -> list[dict]:
    """The groups that are the body of the analysis, each with its number as "no"."""
    return numbered(facts["analysis"][facts["analysis"]["body"]])


def numbered(found: list[dict]) -> list[dict]:
    return [{**group, "no": group.get("topic_no") or group.get("indicator_no")} for group in found]


def homes(facts: dict) -> dict[str, int]:
    """item_code -> number of the group under which it is said: the first that it belongs to."""
    found = {}
    for group in groups(facts):
        for kind in SEVERITIES:
            for finding in group[kind]:
                found.setdefault(facts["items"][finding["item"]]["item_code"], group["no"])
    return found


def blocks(facts: dict, group: dict, home: dict[str, int]):
    """(a) urgent, (b) to develop, (c) to keep; none of them empty, a finding only at its home."""
    judged = any(group[kind] for kind in SEVERITIES)
    for kind in ("urgent", "develop"):
        yield heading(4, say(f"group.{kind}"))
        here, away = _parted(facts, group[kind], group["no"], home)
        by_item = [f for f in here if f["basis"] == "item"]
        if by_item:
            yield _by_item(facts, by_item)
        if len(by_item) < len(here):
            yield _from_above(facts, [f for f in here if f["basis"] != "item"])
        if away:
            yield paragraph(_elsewhere(facts, away, home), "plain")
        if not group[kind]:
            yield paragraph(_none(group, kind) if judged else say("group.not_judged"), "plain")
    yield heading(4, say("group.keep"))
    here, away = _parted(facts, group["keep"], group["no"], home)
    if here:
        yield listing(_keep(facts, here))
    if away:
        yield paragraph(_elsewhere(facts, away, home), "plain")
    if not group["keep"]:
        yield paragraph(say("group.none.keep" if judged else "group.not_judged"), "plain")
    if group.get("remarks_th"):
        yield heading(4, say("group.remarks"))
        yield listing([f"“{remark}”" for remark in group["remarks_th"]])


def _parted(facts, findings, no, home):
    codes = {id(f): facts["items"][f["item"]]["item_code"] for f in findings}
    here = [f for f in findings if home[codes[id(f)]] == no]
    return here, [f for f in findings if home[codes[id(f)]] != no]


def _elsewhere(facts, findings, home):
    codes = dict.fromkeys(facts["items"][f["item"]]["item_code"] for f in findings)
    places = number_runs(sorted({home[code] for code in codes}))
    return say(f"finding.elsewhere.{facts['analysis']['body']}", codes=runs(codes), places=places)


def _none(group, kind):
    """Why a group is empty: nothing was found, or figures above the items could not tell."""
    from_above = group["develop"] and all(f["basis"] != "item" for f in group["develop"])
    return say("group.no_items" if kind == "urgent" and from_above else f"group.none.{kind}")


def _by_item(facts, findings):
    """One row an item: its parts, where they are told apart, share what is said of them."""
    rows = []
    for _, parts in groupby(findings, key=lambda f: facts["items"][f["item"]]["item_code"]):
        parts = list(parts)
        items = by_code([facts["items"][f["item"]] for f in parts])[0]
        remarks = dict.fromkeys(remark for f in parts for remark in f["remarks_th"])
        quoted = "".join("\n" + say("finding.remark", remark=remark) for remark in remarks)
        rows.append(
            [
                [bold(f"ข้อ {items[0]['item_code']}"), f" {item_title(items[0])}"],
                bold(scores(items)),
                deficiency(items[0], parts[0]) + quoted,
                parts[0]["recommendation_th"] or thai.NONE,
                _how_common(facts, items),
            ]
        )
    head = ["ข้อ / ประเด็นการประเมิน", "คะแนน", "ข้อบกพร่อง", "ข้อเสนอแนะ", "หน่วยงาน\nที่พบข้อนี้"]
    return table([58, 30, 76, 63, 30], head, rows, "lrlll")


def _how_common(facts, items):
    lines, shared = [], items[0]["shared"] or {}
    for key in ("province", "type"):
        seen = shared.get(key)
        if seen and seen["assessed"] > 1:
            found, of = thai.count(seen["deficient"]), thai.count(seen["assessed"])
            lines.append(say(f"common.{key}", found=found, of=of))
    running = max(item["years_running"] or 0 for item in items)
    if running > 1:
        lines.append(say("common.running", years=running))
    return "\n".join(lines) or thai.NONE


def _from_above(facts, findings):
    """Where no item has a score: one row an indicator (or instrument, or the overall score)."""
    rows = []
    for (name, score), group in by_source(facts, findings).items():
        codes = runs([facts["items"][f["item"]]["item_code"] for f in group])
        advice = dict.fromkeys(f["recommendation_th"] for f in group if f["recommendation_th"])
        rows.append(
            [
                [bold(name), f"\n{thai.score(score)} คะแนน"],
                say("finding.from_above", name=name, codes=codes),
                "\n".join(f"• {words}" for words in advice) or thai.NONE,
            ]
        )
    return table([50, 77, 130], ["ที่มา", "ข้อบกพร่อง", "ข้อเสนอแนะ"], rows)


def by_source(facts: dict, findings: list[dict]) -> dict[tuple, list[dict]]:
    """{(name, score): findings} of findings that a score above the items judged."""
    indicators = {i["indicator_no"]: i for i in facts["indicators"]}
    found = {}
    for finding in findings:
        item = facts["items"][finding["item"]]
        if finding["basis"] == "indicator":
            known = indicators[item["indicator_no"]]
            name = say("indicator.name", no=known["indicator_no"], name=known["indicator_th"])
            source = name, known["score"]
        elif finding["basis"] == "instrument":
            score = facts["assessment"][f"{item['instrument'].lower()}_score"]
            source = say("instrument.name", name=item["instrument"]), score
        else:
            source = say("overall.name"), facts["assessment"]["overall_score"]
        found.setdefault(source, []).append(finding)
    return found


def _keep(facts, findings):
    """One line an indicator: its items with their scores, and how to keep the weakest of them."""
    lines = []
    by_item = [f for f in findings if f["basis"] == "item"]
    for no, group in groupby(by_item, key=lambda f: facts["items"][f["item"]]["indicator_no"]):
        group = list(group)
        name = facts["items"][group[0]["item"]]["indicator_th"]
        words = f" {_scored(facts, group)} {say('keep.words')}{_way_to_keep(facts, group)}"
        lines.append([bold(say("indicator.name", no=no, name=name)), words])
    above = by_source(facts, [f for f in findings if f["basis"] != "item"])
    for (name, score), group in above.items():
        codes = runs([facts["items"][f["item"]]["item_code"] for f in group])
        words = f" ({thai.score(score)}) ข้อ {codes} {say('keep.words')}"
        lines.append([bold(name), words + _way_to_keep(facts, group)])
    return lines


def _scored(facts, findings):
    """ "ข้อ i1–i6 (100.00), i7 (99.21)": neighbours of the same score together, the first part of
    EIT before the second."""
    parts = {"public": "ส่วนที่ 1 ", "survey": "ส่วนที่ 2 "}
    items = sorted(
        (facts["items"][f["item"]] for f in findings), key=lambda i: EIT_PARTS.index(i["eit_part"])
    )
    pieces = []
    for (score, part), group in groupby(items, key=lambda i: (i["score"], i["eit_part"])):
        codes = runs([i["item_code"] for i in group])
        pieces.append(f"{codes} ({parts.get(part, '')}{thai.score(score)})")
    return "ข้อ " + ", ".join(pieces)


def _way_to_keep(facts, findings):
    weakest = min(findings, key=lambda f: (facts["items"][f["item"]]["score"] or 0, f["item"]))
    way = weakest["recommendation_th"]
    return f" {say('keep.way', way=way.removeprefix('ควร'))}" if way else ""
