"""The checklist of an assessor: would this pack, published as it stands, win its OIT items?

Two kinds of rules: those that a machine can meet, tested on the finished report (its blocks, as
every format sets them), and those that only a person of the agency can meet (they are the officer's
to-do). Over a whole country the first kind must have no failure; `ita rules` counts them.
"""

from collections import Counter
from datetime import date
from functools import cached_property
from typing import Any

from reports import content, thai
from reports.blocks import plain
from reports.content.findings import whole_name
from reports.content.sentences import reference, say
from reports.content.words import number_runs, responsible, served

MOST_MEASURES = 15  # of a small agency, unless more items than that are urgent
TOPICS = 7  # and what its own measures leave open is added topic by topic at the most
SEVERE = ("urgent", "develop")


def check(facts: dict) -> list[dict]:
    """In: facts with `analysis`. Out: [{"rule", "by": machine or officer, "rule_th", "met",
    "action_th"}] in a fixed order; action_th says what is wrong or what to add."""
    report = Report(facts)
    return [
        *(_result(name, "machine", rule(report)) for name, rule in MACHINE.items()),
        *(_result(name, "officer", rule(facts)) for name, rule in OFFICER.items()),
    ]


def missing(checklist: list[dict]) -> list[str]:
    """What the agency must add before it publishes, one Thai sentence each."""
    return [rule["action_th"] for rule in checklist if not rule["met"]]


def _result(name: str, by: Any, wrong: Any) -> dict:
    """`wrong`: what does not meet the rule (codes, numbers, words); empty where it is met."""
    met = not wrong
    action = None if met else say(f"rule.{name}.action", what=_listed(wrong))
    return {"rule": name, "by": by, "rule_th": say(f"rule.{name}"), "met": met, "action_th": action}


def _listed(wrong: Any) -> Any:
    if all(isinstance(value, int) for value in wrong):
        return number_runs(list(wrong))
    return ", ".join(map(str, wrong))


class Report:
    """The finished report of `facts`, to be asked what stands in it."""

    def __init__(self, facts: dict) -> None:
        self.facts, self.blocks = facts, content.report(facts)

    @cached_property
    def texts(self) -> list[str]:
        found = []
        for block in self.blocks:
            if block["t"] in ("heading", "paragraph"):
                found.append(plain(block["text"]))
            elif block["t"] == "list":
                found += map(plain, block["items"])
            elif block["t"] == "table":
                cells = [row.get("span") if "span" in row else row for row in block["rows"]]
                found += [plain(c) for row in cells for c in (row if type(row) is list else [row])]
            elif block["t"] == "cover":
                found += [*block["title"], *block["subtitle"], *map(plain, block["note"])]
            elif block["t"] == "figures":
                found += [part for card in block["cards"] for part in card]
        return found

    @cached_property
    def text(self) -> str:
        return "\n".join(self.texts)

    @cached_property
    def own_words(self) -> str:
        """The text without what the agency or its assessor wrote: only that is ours to answer."""
        text, f = self.text, self.facts
        written = [r["remark_th"] for r in f["remarks"]] + [n["note_th"] for n in f["constraints"]]
        for m in (*f["measures"], *f["last_measures"]):
            written += [m["measure_th"], m["followup_th"], m["responsible_th"]]
            written += (m["steps_th"] or "").replace("|", "\n").split("\n")
            written += [p["result_th"] for p in m.get("progress", ())]
        for words in sorted(filter(None, map(str.strip, filter(None, written))), key=len)[::-1]:
            text = text.replace(words, "")
        return text

    def headings(self, level: int) -> list[str]:
        found = (b for b in self.blocks if b["t"] == "heading" and b["level"] == level)
        return [plain(block["text"]) for block in found]

    def tables(self, head: str) -> list[dict]:
        return [b for b in self.blocks if b["t"] == "table" and head in map(plain, b["head"])]


def _instructions(report: Any) -> list:
    return [words for words in reference("not_in_a_report").values() if words in report.own_words]


def _machine_words(report: Any) -> list:
    build = report.facts["build"]["build_id"]
    return [build] if build in report.text else []


def _served(report: Any) -> list:
    return [
        item["item_code"]
        for which, item in report.facts["rules"]["served"].items()
        if item and served(report.facts, which) not in report.text
    ]


def _dated(report: Any) -> list:
    day = thai.long_date(report.facts["data_date"])
    return [] if day in report.text else [day]


def _groups(report: Any) -> list[int | str]:
    """Every group of the analysis with its three parts, none of them without a word."""
    body = report.facts["analysis"]["body"]
    groups, parts = report.facts["analysis"][body], report.headings(4)
    whole = len(groups) == TOPICS if body == "topics" else groups
    wrong: list[int | str] = [] if whole else [len(groups)]
    for kind in ("urgent", "develop", "keep"):
        if parts.count(say(f"group.{kind}")) != len(groups):
            wrong.append(say(f"group.{kind}"))
    for block, following in zip(report.blocks, report.blocks[1:], strict=False):
        if block["t"] == "heading" and block["level"] == 4 and following["t"] == "heading":
            wrong.append(plain(block["text"]))
    return wrong


def _deficient(facts: dict) -> Any:
    """item_code of every finding that stands in (a) or (b)."""
    return dict.fromkeys(
        facts["items"][finding["item"]]["item_code"]
        for topic in facts["analysis"]["topics"]
        for kind in SEVERE
        for finding in topic[kind]
    )


def _wholes(facts: dict) -> dict:
    """Name -> finding on a figure above the items that stands in (a) or (b)."""
    return {
        whole_name(whole): whole
        for topic in facts["analysis"]["topics"]
        for whole in topic["wholes"]
        if whole["severity"] in SEVERE
    }


def _answered(report: Any) -> list:
    """Every item and every figure in (a) and (b) has its measure: an own one that answers it, else
    the proposal."""
    measures = report.facts["analysis"]["measures"]
    named = {code for m in measures for code in m["item_codes"]}
    numbers = {m["measure_no"] for m in measures}
    wrong = [code for code in _deficient(report.facts) if code not in named]
    return wrong + [
        name
        for name, whole in _wholes(report.facts).items()
        if not numbers & {whole["measure_no"], *whole["answered_by"]}
    ]


def _explained(report: Any) -> list:
    facts = report.facts
    wholes = [
        n for n, w in _wholes(facts).items() if not (w["deficiency_th"] and w["recommendation_th"])
    ]
    items = dict.fromkeys(
        facts["items"][finding["item"]]["item_code"]
        for topic in facts["analysis"]["topics"]
        for kind in SEVERE
        for finding in topic[kind]
        if not finding["deficiency_th"] or not finding["recommendation_th"]
    )
    return [*items, *wholes]


def _every_measure(report: Any) -> list:
    """Every measure stands in the table with steps, unit, time and follow-up."""
    rows = {
        plain(row[0]): row
        for table in report.tables("มาตรการ / กิจกรรม")
        for row in table["rows"]
        if "span" not in row
    }
    return [
        m["measure_no"]
        for m in report.facts["analysis"]["measures"]
        if not _whole(m, rows.get(str(m["measure_no"])))
    ]


def _whole(measure: dict, row: list | None) -> bool:
    if row is None or measure["measure_th"] not in plain(row[2]):
        return False
    needed = [row[4], row[6], *([] if measure["source"] == "own" else [row[3], row[5]])]
    return all(plain(cell) not in ("", thai.NONE) for cell in needed)


def _own(report: Any) -> list:
    """What the agency planned itself is in the table, whatever else is."""
    own = [m for m in report.facts["measures"] if m["source"] == "own"]
    return [m["measure_no"] for m in own if m["measure_th"] not in report.text]


def _proposed_time(report: Any) -> list:
    proposed = [m for m in report.facts["analysis"]["measures"] if m["source"] != "own"]
    return [m["measure_no"] for m in proposed if not _inside(m, report.facts["measures_year"])]


def _serving(report: Any) -> list:
    """Every measure of ours names the OIT item that its evidence is published under."""
    measures = report.facts["analysis"]["measures"]
    return [m["measure_no"] for m in measures if m["source"] != "own" and not m["oit_items"]]


def _twice(report: Any) -> list:
    """No proposal stands beside a measure of the same words. (What an agency sent twice is its own:
    an officer's rule.)"""
    measures = report.facts["analysis"]["measures"]
    counts = Counter(m["measure_th"] for m in measures)
    twice = [m["measure_th"] for m in measures if m["source"] != "own"]
    return [words for words in dict.fromkeys(twice) if counts[words] > 1]


def _few(report: Any) -> list:
    facts = report.facts
    urgent = {i["item_code"] for i in facts["items"] if i["severity"] == "urgent"}
    own = sum(m["source"] == "own" for m in facts["analysis"]["measures"])
    most = max(MOST_MEASURES, len(urgent), own + TOPICS if own else 0)
    count = len(facts["analysis"]["measures"])
    return [count] if facts["agency"].get("is_small") and count > most else []


def _progress(report: Any) -> list:
    """Where anything was reported, every measure of the year is there; else one sentence is."""
    measures = report.facts["last_measures"]
    if not any(m["progress"] for m in measures):
        return []
    return [m["measure_no"] for m in measures if m["measure_th"] not in report.text]


def _summary(report: Any) -> list:
    return [] if say("summary.title") in report.headings(1) else [say("summary.title")]


MACHINE = {
    "no_instruction": _instructions,
    "no_build": _machine_words,
    "summary": _summary,
    "served": _served,
    "dated": _dated,
    "groups": _groups,
    "explained": _explained,
    "answered": _answered,
    "measures_whole": _every_measure,
    "measures_own": _own,
    "measures_time": _proposed_time,
    "measures_serve": _serving,
    "measures_once": _twice,
    "measures_few": _few,
    "progress_listed": _progress,
}


def _inside(measure: dict, year: int) -> bool:
    first, last = date(year - 544, 10, 1), date(year - 543, 9, 30)
    if not measure["starts_on"] or not measure["ends_on"]:
        return False
    starts, ends = (date.fromisoformat(measure[key]) for key in ("starts_on", "ends_on"))
    return first <= starts <= ends <= last


def _own_measures(facts: dict, passed: Any) -> list:
    measures = (m for m in facts["analysis"]["measures"] if m["source"] == "own")
    return [m["measure_no"] for m in measures if not passed(m)]


def _own_twice(facts: dict) -> list:
    """Numbers of the agency's measures whose words are those of one before."""
    seen: set[str] = set()
    found = []
    for m in facts["analysis"]["measures"]:
        if m["source"] == "own" and m["measure_th"] in seen:
            found.append(m["measure_no"])
        seen.add(m["measure_th"])
    return found


def _unconfirmed(facts: dict) -> Any:
    measures = facts["analysis"]["measures"]
    return dict.fromkeys(responsible(m) for m in measures if m["responsible_status"] != "own")


def _unreported(facts: dict) -> list:
    reported = [m for m in facts["last_measures"] if m["progress"]]
    return [] if reported else [facts["fiscal_year"]]


OFFICER = {
    "responsible": _unconfirmed,
    "own_twice": _own_twice,
    "steps": lambda facts: _own_measures(facts, lambda m: m["steps_th"]),
    "time_frame": lambda facts: _own_measures(facts, lambda m: _inside(m, facts["measures_year"])),
    "constraints": lambda facts: [] if facts["constraints"] else [facts["measures_year"]],
    "progress": _unreported,
}
