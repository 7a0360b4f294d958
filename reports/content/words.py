"""Names and figures in words: what several sections and sheets say alike."""

import re
from collections.abc import Iterable
from typing import Any

from reports import thai
from reports.content.sentences import reference, say

SEVERITIES = ("urgent", "develop", "keep")
SCOPES = ("province", "type", "national")
PARTS = (  # code of the means, column of the assessment, name
    ("IIT", "iit_score", "IIT"),
    ("EIT", "eit_score", "EIT"),
    ("EIT.public", "eit_public_score", "EIT ส่วนที่ 1"),
    ("EIT.survey", "eit_survey_score", "EIT ส่วนที่ 2"),
    ("OIT", "oit_score", "OIT"),
)
FOUR_PARTS = ("IIT", "EIT.public", "EIT.survey", "OIT")
EIT_PARTS = (None, "public", "survey")
FULL = 100


def part_numbers(facts: dict) -> dict[str, int]:
    """The parts of the report in their order; one that has nothing to say is left out."""
    names = ["results", "analysis", "measures"]
    names += ["constraints"] if facts["constraints"] else []
    return {name: number for number, name in enumerate([*names, "progress"], 1)}


def heading_of(facts: dict, name: str, **values: Any) -> str:
    return say(f"part.{name}", no=part_numbers(facts)[name], **values)


def level(result: dict) -> str:
    return result["level_th"] or say("level.unknown")


def scopes(facts: dict) -> list[str]:
    """The scopes that hold other agencies too: alone, a mean or a rank says nothing."""
    means = facts["means"].values()
    return [scope for scope in SCOPES if any(m.get(scope) is not None for m in means)]


def ranks(facts: dict) -> list[tuple[str, int, int, int | None]]:
    """(where, rank, of how many, change since last year) of every scope with other agencies."""
    r, agency = facts["ranking"] or {}, facts["agency"]
    bangkok = agency["province_code"] == "10"
    province = say("scope.bangkok") if bangkok else f"จังหวัด{agency['province_th'] or ''}"
    values = {"province": province, "type": agency["agency_type_th"]}
    changes = {"province": "province_rank_change", "type": "type_rank_change"}
    changes["national"] = "rank_change"
    return [
        (
            say(f"scope.{scope}", **values),
            r[f"{scope}_rank"],
            r[f"{scope}_count"],
            r.get(changes.get(scope, "")),
        )
        for scope in ("province", "province_type", "type", "national")
        if r.get(f"{scope}_rank") is not None and (r.get(f"{scope}_count") or 0) > 1
    ]


def movement(change: int | None) -> str:
    if change is None:
        return thai.NONE
    if change == 0:
        return say("rank.same")
    return say("rank.up" if change > 0 else "rank.down", places=thai.count(abs(change)))


def last_year(facts: dict) -> dict | None:
    before = facts["fiscal_year"] - 1
    return next(
        (
            row
            for row in facts["history"]
            if row["fiscal_year"] == before and row["overall_score"] is not None
        ),
        None,
    )


def against_last_year(facts: dict) -> str:
    last, score = last_year(facts), facts["assessment"]["overall_score"]
    if last is None or score is None:
        return thai.NONE
    change = thai.signed(round(score - last["overall_score"], 2))
    return say("overall.change", change=change, last=thai.score(last["overall_score"]))


def item_name(item: dict) -> str:
    """ "ข้อ e3 (ส่วนที่ 1)"."""
    part = {"public": " (ส่วนที่ 1)", "survey": " (ส่วนที่ 2)"}.get(item["eit_part"], "")
    return f"ข้อ {item['item_code']}{part}"


SUMMARY_MARKS = (" (ประเด็น)", " (ถ้อยคำโดยประมาณ)")


def item_title(item: dict) -> str:
    """The item's title; where only its subject is known, that subject."""
    if item["title_th"].startswith(f"ข้อ {item['item_code']} ("):  # its number and indicator only
        return f"ด้าน{item['title_th'].partition('(')[2].removesuffix(')')}"
    for mark in SUMMARY_MARKS:
        if item["title_th"].endswith(mark):
            return item["title_th"].removesuffix(mark)
    return item["title_th"]


def in_summary(item: dict) -> bool:
    """Whether the title gives the sense of the item and not its official words."""
    return item_title(item) != item["title_th"]


def deficiency(item: dict, finding: dict) -> str:
    """What is wrong with the item. Where its wording is not certain, nobody is accused of
    anything on the strength of it: the subject and the score are stated, no more."""
    subject = reference("neutral_subject").get(item["meaning"])
    certain = item["title_status"] in ("confirmed", "secondary") or finding["basis"] == "relative"
    if subject and not certain and finding["severity"] != "keep":
        who = say(f"finding.who.{item['instrument']}")
        return say("finding.neutral", who=who, subject=subject)
    return finding["deficiency_th"] or thai.NONE


def runs(codes: Iterable[str]) -> str:
    """ "i1–i6, o11": codes in their order, neighbours drawn together."""
    found: list[list[str]] = []
    for code in dict.fromkeys(codes):
        if found and code[0] == found[-1][1][0] and int(code[1:]) == int(found[-1][1][1:]) + 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return ", ".join(first if first == last else f"{first}–{last}" for first, last in found)


def number_runs(values: list[int]) -> str:
    """ "1–3, 7"."""
    return runs([f"n{value}" for value in values]).replace("n", "")


def by_code(items: list[dict]) -> list[list[dict]]:
    """Items with their EIT parts together, first part first, in the order of the codes."""
    found: dict[str, list[dict]] = {}
    for item in items:
        found.setdefault(item["item_code"], []).append(item)
    return [sorted(parts, key=lambda i: EIT_PARTS.index(i["eit_part"])) for parts in found.values()]


def deepest(facts: dict) -> str:
    """The figures nearest to the items that are known: "items", "indicators", "instruments" or
    "overall"."""
    if any(item["score"] is not None for item in facts["items"]):
        return "items"
    if facts["indicators"]:
        return "indicators"
    parts = any(facts["assessment"][column] is not None for _, column, _ in PARTS)
    return "instruments" if parts else "overall"


def lost(items: list[dict]) -> float:
    """The points of the overall score that these items lost."""
    return sum(item["points_lost"] or 0 for item in items)


def scores(items: list[dict]) -> str:
    """The score of an item; where its EIT parts are told apart, both, each on its line."""
    names = {"public": "ส่วนที่ 1 ", "survey": "ส่วนที่ 2 "}
    return "\n".join(f"{names.get(i['eit_part'], '')}{thai.score(i['score'])}" for i in items)


def best_and_weakest(facts: dict) -> tuple[list[dict], list[dict]]:
    """Three indicators with the highest and three with the lowest score (fewer where few are
    known), none in both; one with the full score is never weak."""
    known = sorted(
        (i for i in facts["indicators"] if i["score"] is not None),
        key=lambda i: (-i["score"], i["indicator_no"]),
    )
    best = known[: min(3, len(known) // 2)]
    weakest = [i for i in known[::-1] if i not in best and i["score"] < FULL][:3]
    return best, weakest


def last_told(measure: dict) -> dict:
    """The latest report that tells of the measure: one that leaves it out takes back nothing that
    was reported before. {} where none does."""
    told = [report for report in measure["progress"] if report["status"] != "not_reported"]
    return told[-1] if told else {}


def progress_status(measure: dict) -> str:
    return last_told(measure).get("status", "not_reported")


def told_before(measure: dict) -> str:
    """When it was told of, where a later report leaves it out; "" elsewhere."""
    last = last_told(measure)
    if not last or last["as_of"] == measure["progress"][-1]["as_of"]:
        return ""
    return say("progress.told_before", date=thai.short_date(last["as_of"]))


def time_frame(measure: dict) -> str:
    """ "1 ต.ค. 2566 – 30 ก.ย. 2567", or a dash."""
    if not measure["starts_on"] and not measure["ends_on"]:
        return thai.NONE
    return f"{thai.short_date(measure['starts_on'])} –\n{thai.short_date(measure['ends_on'])}"


def steps(text: str | list[str] | None) -> list[str]:
    """The steps of a measure without the numbers that they came with."""
    parts = text if isinstance(text, list) else (text or "").replace("|", "\n").split("\n")
    return [re.sub("^[0-9]+[.)] *", "", part.strip()) for part in parts if part.strip()]


def numbered(parts: list[str]) -> str:
    """One a line with its number."""
    return "\n".join(f"{n}. {part}" for n, part in enumerate(parts, 1))


def responsible(measure: dict) -> str:
    """The agency's own unit, else the one usual for its kind, else words that are true for all."""
    return measure["responsible_th"] or say("measure.unit")


def served(facts: dict, which: str) -> str:
    """ "ข้อ o27 มาตรการ…", with the year of its code where that is not the year of the measures;
    "" where no item is known."""
    item = facts["rules"]["served"][which]
    if not item:
        return ""
    named = {"code": item["item_code"], "title": item["title_th"]}
    if item["fiscal_year"] == facts["measures_year"]:
        return say("served.item", **named)
    return say("served.item_of_year", **named, year=item["fiscal_year"])
