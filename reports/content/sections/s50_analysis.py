"""Part 2: the analysis, by topic or by indicator; the other order is an index to it."""

from collections.abc import Iterator
from typing import Any

from reports import thai
from reports.blocks import bold, heading, paragraph, table
from reports.content import findings
from reports.content.sentences import reference, say
from reports.content.words import deepest, heading_of, number_runs, part_numbers, runs

SEVERITIES_OF = {
    "items": "analysis.severities",
    "overall": "analysis.severities_of_overall",
}


def blocks(facts: dict) -> Iterator[Any]:
    no, body = part_numbers(facts)["analysis"], facts["analysis"]["body"]
    yield heading(1, heading_of(facts, "analysis"))
    yield paragraph(_severity_words(facts), "note")
    yield heading(2, f"{no}.1 {say(f'analysis.{body}')}")
    home = findings.homes(facts)
    for group in findings.groups(facts):
        yield from _group(facts, group, home)
    other = "indicators" if body == "topics" else "topics"
    if facts["analysis"][other]:
        yield heading(2, f"{no}.2 {say(f'analysis.index.{other}')}")
        yield _index(facts, other, home)


def _group(facts: dict, group: Any, home: Any) -> Iterator[Any]:
    if "topic_no" in group:
        yield heading(3, say("topic.name", no=group["no"], name=group["topic_th"]))
    else:
        name = say("indicator.name", no=group["no"], name=group["indicator_th"])
        yield heading(3, say("indicator.scored", name=name, score=thai.score(group["score"])))
        yield paragraph(reference("indicator_meaning")[str(group["no"])], "note")
    yield from findings.blocks(facts, group, home)


def _severity_words(facts: dict) -> Any:
    rule = facts["rules"]["severity"]
    survey = rule.get("IIT") or rule.get("EIT")
    return say(
        SEVERITIES_OF.get(deepest(facts), "analysis.severities_of_figures"),
        oit=f"{rule['OIT']['urgent_below']:g}",
        urgent=f"{survey['urgent_below']:g}",
        develop=f"{survey['develop_below']:g}",
    )


def _index(facts: dict, other: Any, home: Any) -> Any:
    """The other order: which items of it stand in (a), (b), (c), and where they are said."""
    rows = []
    for group in findings.numbered(facts["analysis"][other]):
        codes = {
            kind: [facts["items"][f["item"]]["item_code"] for f in group[kind]]
            for kind in ("urgent", "develop", "keep")
        }
        wholes: dict[str, list[str]] = {kind: [] for kind in codes}
        for whole in group["wholes"]:
            own = "indicator_no" in group and whole["indicator_no"] == group["no"]
            name = say("analysis.index.whole") if own else findings.whole_name(whole)
            wholes[whole["severity"]].append(name)
        said = {home[code] for kind in codes for code in codes[kind] if code in home}
        above = map(findings.whole_name, group["wholes"])
        said |= {home[name] for name in above if name in home}
        name = group.get("topic_th") or group["indicator_th"]
        score = [thai.score(group["score"])] if other == "indicators" else []
        rows.append(
            [
                bold(f"{group['no']} {name}"),
                *score,
                *(_named(codes[kind], wholes[kind]) for kind in codes),
                number_runs(sorted(said)) or thai.NONE,
            ]
        )
    first = "ตัวชี้วัด" if other == "indicators" else "ประเด็น"
    where = "รายละเอียด\nในประเด็นที่" if other == "indicators" else "รายละเอียด\nในตัวชี้วัดที่"
    groups = ["(ก) แก้ไขโดยเร่งด่วน", "(ข) พัฒนา", "(ค) รักษามาตรฐาน"]
    if other == "indicators":
        head = [first, "คะแนน", *groups, where]
        return table([62, 20, 50, 50, 50, 25], head, rows, "lrlllc", together=True)
    return table([82, 50, 50, 50, 25], [first, *groups, where], rows, "llllc", together=True)


def _named(codes: Any, wholes: Any) -> Any:
    return "\n".join([*([runs(codes)] if codes else []), *wholes]) or thai.NONE
