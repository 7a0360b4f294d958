"""What is said of the findings of one group (a topic or an indicator), and where each is said."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

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

# Agencies from which on it is said how many of them have a finding: among fewer a reader could tell
# which they are (docs/small-cells.md).
ENOUGH = 5


def groups(facts: dict) -> list[dict]:
    """The groups that are the body of the analysis, each with its number as "no"."""
    return numbered(facts["analysis"][facts["analysis"]["body"]])


def numbered(found: list[dict]) -> list[dict]:
    return [{**group, "no": group.get("topic_no") or group.get("indicator_no")} for group in found]


def homes(facts: dict) -> dict[str, int]:
    """item_code, or the name of a figure above the items -> number of the group under which it is
    said: the first that it belongs to."""
    found: dict[str, int] = {}
    for group in groups(facts):
        for kind in SEVERITIES:
            for finding in group[kind]:
                found.setdefault(facts["items"][finding["item"]]["item_code"], group["no"])
        for whole in group["wholes"]:
            found.setdefault(whole_name(whole), group["no"])
    return found


def blocks(facts: dict, group: dict, home: dict[str, int]) -> Iterator[Any]:
    """(a) urgent, (b) to develop, (c) to keep; none of them empty, a finding only at its home."""
    for kind in SEVERITIES:
        yield heading(4, say(f"group.{kind}"))
        said = list(_part(facts, group, kind, home))
        yield from said or [paragraph(_none(facts, group, kind), "plain")]
    if group.get("remarks_th"):
        yield heading(4, say("group.remarks"))
        yield listing([f"“{remark}”" for remark in group["remarks_th"]])


def _part(facts: dict, group: Any, kind: str, home: Any) -> Iterator[Any]:
    """What is said of one severity: here, and where the rest is said."""
    here, away = _parted(facts, group[kind], group["no"], home)
    wholes, wholes_away = _wholes(group, kind, home)
    if kind == "keep":
        if here or wholes:
            yield listing([*_keep(facts, here, group), *_keep_wholes(wholes, group)])
    else:
        if any(f["basis"] == "relative" for f in here):
            yield paragraph(say("group.relative"), "plain")
        if here:
            yield _by_item(facts, here)
        if any(whole["basis"] == "relative" for whole in wholes):
            yield paragraph(say("group.relative_of_wholes"), "plain")
        if wholes:
            yield _from_above(wholes)
    if away:
        yield paragraph(_elsewhere(facts, away, home), "plain")
    if wholes_away:
        yield paragraph(_wholes_elsewhere(facts, wholes_away, home), "plain")


def _parted(facts: dict, findings: Any, no: Any, home: Any) -> tuple:
    codes = {id(f): facts["items"][f["item"]]["item_code"] for f in findings}
    here = [f for f in findings if home[codes[id(f)]] == no]
    return here, [f for f in findings if home[codes[id(f)]] != no]


def _wholes(group: Any, kind: str, home: Any) -> tuple:
    """The figures above the items of one severity: said here, said elsewhere."""
    found = [w for w in group["wholes"] if w["severity"] == kind]
    here = [w for w in found if home[whole_name(w)] == group["no"]]
    return here, [w for w in found if w not in here]


def whole_name(whole: dict) -> str:
    """The indicator, the instrument or the overall score that a finding is about."""
    if whole["indicator_no"]:
        return say("indicator.name", no=whole["indicator_no"], name=whole["indicator_th"])
    if whole["instrument"]:
        return say("instrument.name", name=whole["instrument"])
    return say("overall.name")


def _elsewhere(facts: dict, findings: Any, home: Any) -> Any:
    codes = dict.fromkeys(facts["items"][f["item"]]["item_code"] for f in findings)
    places = number_runs(sorted({home[code] for code in codes}))
    return say(f"finding.elsewhere.{facts['analysis']['body']}", codes=runs(codes), places=places)


def _wholes_elsewhere(facts: dict, wholes: Any, home: Any) -> Any:
    names = [whole_name(w) for w in wholes]
    places = number_runs(sorted({home[name] for name in names}))
    body = facts["analysis"]["body"]
    return say(f"whole.elsewhere.{body}", names=", ".join(names), places=places)


def _none(facts: dict, group: Any, kind: str) -> Any:
    """Why a part of a group is empty: nothing was found, as far as the figures can tell."""
    items = [facts["items"][position] for position in group["items"]]
    known = [item["score"] is not None for item in items]
    if not any(known):
        judged = any(whole["instrument"] for whole in group["wholes"])  # the overall score is not
        return say(f"group.none_of_wholes.{kind}" if judged else "group.not_judged")
    return say(f"group.none.{kind}" if all(known) else f"group.none_known.{kind}")


def _by_item(facts: dict, findings: Any) -> Any:
    """One row an item: its parts, where they are told apart, share what is said of them."""
    rows = []
    for _, of_item in groupby(findings, key=lambda f: facts["items"][f["item"]]["item_code"]):
        parts = list(of_item)
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
    head = ["ข้อ / ประเด็นการประเมิน", "คะแนน", "ข้อบกพร่อง", "ข้อเสนอแนะ", "หน่วยงานที่พบข้อนี้"]
    if all(row[-1] == thai.NONE for row in rows):
        return table([68, 28, 83, 78], head[:-1], [row[:-1] for row in rows], "lrll")
    if not any("/" in row[-1] for row in rows):  # of how many agencies is not told
        head[-1] = "พบต่อเนื่อง"
    return table([60, 27, 72, 61, 37], head, rows, "lrlll")


def _how_common(facts: dict, items: Any) -> Any:
    lines, shared = [], items[0]["shared"] or {}
    for key in ("province", "type"):
        seen = shared.get(key)
        if seen and seen["assessed"] >= ENOUGH:
            found, of = thai.count(seen["deficient"]), thai.count(seen["assessed"])
            lines.append(say(f"common.{key}", found=found, of=of))
    running = max(item["years_running"] or 0 for item in items)
    if running > 1:
        lines.append(say("common.running", years=running))
    return "\n".join(lines) or thai.NONE


def _from_above(wholes: Any) -> Any:
    """Where no item has a score: one row an indicator (or instrument, or the overall score)."""
    rows = [
        [
            [bold(whole_name(w)), f"\n{thai.score(w['score'])} คะแนน"],
            w["deficiency_th"] + _likely(w),
            w["recommendation_th"] or thai.NONE,
        ]
        for w in wholes
    ]
    return table([50, 117, 90], ["ที่มา", "ข้อบกพร่อง", "ข้อเสนอแนะ"], rows)


def _likely(whole: Any) -> str:
    """The items that were likely scored 0, said as likely."""
    if not whole["likely"]:
        return ""
    names = [
        f"{i['item_code']} {item_title(i)}" if i["title_th"] else i["item_code"]
        for i in whole["likely"]
    ]
    return "\n" + say("whole.likely", items=", ".join(names))


def _keep(facts: dict, findings: Any, group: Any) -> Any:
    """One line an indicator: its items with their scores, and how to keep the weakest of them."""
    lines: list[Any] = []
    for no, found in groupby(findings, key=lambda f: facts["items"][f["item"]]["indicator_no"]):
        kept = list(found)
        words = f"{_scored(facts, kept)} {say('keep.words')}{_way_to_keep(facts, kept)}"
        if no == group.get("indicator_no"):  # its heading has named it
            lines.append([words])
        else:
            name = facts["items"][kept[0]["item"]]["indicator_th"]
            lines.append([bold(say("indicator.name", no=no, name=name)), f" {words}"])
    return lines


def _keep_wholes(wholes: Any, group: Any) -> list:
    return [
        [say("keep.here")]  # its heading has named it, with its score
        if w["indicator_no"] and w["indicator_no"] == group.get("indicator_no")
        else [bold(whole_name(w)), f" ({thai.score(w['score'])}) {say('keep.words')}"]
        for w in wholes
    ]


def _scored(facts: dict, findings: Any) -> str:
    """ "ข้อ i1–i6 (100.00), i7 (99.21)": neighbours of the same score together, the first part of
    EIT before the second."""
    names = {"public": "ส่วนที่ 1 ", "survey": "ส่วนที่ 2 "}
    items = sorted(
        (facts["items"][f["item"]] for f in findings), key=lambda i: EIT_PARTS.index(i["eit_part"])
    )
    told = []
    for part, of_part in groupby(items, key=lambda i: i["eit_part"]):
        pieces = [
            f"{runs([i['item_code'] for i in same])} ({thai.score(score)})"
            for score, same in groupby(of_part, key=lambda i: i["score"])
        ]
        told.append(f"{names.get(part, '')}ข้อ {', '.join(pieces)}")
    return "; ".join(told)


def _way_to_keep(facts: dict, findings: Any) -> str:
    weakest = min(findings, key=lambda f: (facts["items"][f["item"]]["score"] or 0, f["item"]))
    way = weakest["recommendation_th"]
    return f" {say('keep.way', way=way.removeprefix('ควร'))}" if way else ""
