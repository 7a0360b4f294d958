"""What agencies of a national country send beside the official scores, for a realistic share.

Measures of the next year, the progress of this year's at six months, and constraints: one JSON file
a year, as a province would gather them. Most agencies send nothing: theirs are the proposals.
"""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from synth.actions import CONSTRAINTS, STEPS, units
from synth.files import Scores
from synth.framework import Framework
from synth.reference import of_year, random, seed_table

PLANNING = 0.30  # share of the agencies that send measures of their own, in most years
STEADY = 0.9  # share of them that do so in a given year
REPORTING = 0.7  # share of those with measures that report on them
HINDERED = 0.35  # share of all that name constraints
BY_CODE, BY_TOPIC = 0.5, 0.8  # of the plans: half name items, then by topic, the rest by indicator


def write(scores: Scores, folder: Path, first_year: bool, seed: int) -> int:
    """`folder`/plans_<year>.json with what is sent after the results of the year; the number of
    files. In the first year nobody has measures to report on.
    """
    year = scores.framework.fiscal_year
    titles, found = _titles(scores.framework), []
    for row, agency in enumerate(scores.agency_columns().to_dict("records")):
        agency_id = agency["agency_id"]
        sent = {}
        if _plans(agency_id, year + 1, seed):
            sent["measures"] = _measures(scores.cells[row], titles, year + 1, agency, seed)
        if not first_year and _plans(agency_id, year, seed):
            sent["progress"] = _progress(agency_id, year, seed)
        rng = random(seed, "constraints", year, agency_id)
        if rng.random() < HINDERED:
            sent["constraints"] = _constraints(year, rng)
        sent = {kind: rows for kind, rows in sent.items() if rows}
        if sent:
            who = {"agency_id": agency_id, "name": agency["agency_name"]}
            who |= {"type": agency["agency_type"], "province": agency["province"] or ""}
            found.append({"fiscal_year": year, "agency": who, **sent})
    if not found:
        return 0
    folder.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in found)
    (folder / f"plans_{year}.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    return 1


def _plans(agency_id: str, measures_year: int, seed: int) -> bool:
    """Does the agency send measures of that year?"""
    if random(seed, "planning", agency_id).random() >= PLANNING:
        return False
    return bool(random(seed, "plans", measures_year, agency_id).random() < STEADY)


def _count(agency_id: str, measures_year: int, seed: int) -> int:
    return int(random(seed, "plan length", measures_year, agency_id).integers(3, 8))


@dataclass(frozen=True)
class Titles:
    """Of one fiscal year: the item and indicator of each column of `Scores.cells`, the topic of
    each item, and what topics and indicators are called."""

    cells: list[tuple[str, str]]
    topic_of: dict[str, str]
    topics: dict[str, str]
    indicators: dict[str, str]


def _titles(framework: Framework) -> Titles:
    year = framework.fiscal_year
    topics, indicators = seed_table("topic"), of_year(seed_table("indicator"), year)
    of_item = of_year(seed_table("topic_item"), year).drop_duplicates("item_code")
    cells = framework.cells
    return Titles(
        list(zip(cells.item_code, map(str, cells.indicator_no), strict=True)),
        dict(zip(of_item.item_code, of_item.topic_no, strict=True)),
        dict(zip(topics.topic_no, topics.topic_th, strict=True)),
        dict(zip(indicators.indicator_no, indicators.indicator_th, strict=True)),
    )


def _measures(cells: np.ndarray, titles: Titles, year: int, agency: dict, seed: int) -> list:
    """A plan for a year on what the agency lost most by the year before (its `cells`), in one of
    three ways: items, topics, indicators. `agency`: a row of `Scores.agency_columns`.
    """
    agency_id, named = agency["agency_id"], units(agency["agency_type"])
    rng = random(seed, "plan", year, agency_id)
    way = rng.random()
    weakest: dict[str, tuple[str, str]] = {}  # an item, a topic or an indicator once
    for place in np.argsort(cells, kind="stable"):
        item_code, indicator_no = titles.cells[place]
        topic_no = titles.topic_of[item_code]
        about = item_code if way < BY_CODE else topic_no if way < BY_TOPIC else indicator_no
        weakest.setdefault(about, (item_code, indicator_no))
    chosen = list(weakest.values())[: _count(agency_id, year, seed)]
    plan = []
    for number, (item_code, indicator_no) in enumerate(chosen, 1):
        topic_no = titles.topic_of[item_code]
        topic_th = titles.topics[topic_no]
        measure = {
            "fiscal_year": year,
            "measure_no": number,
            "measure": f"ปรับปรุง{topic_th} ตามข้อ {item_code}",
            "steps": STEPS,
            "responsible": str(rng.choice(named)),
            "starts_on": f"{year - 544}-10-01",
            "ends_on": f"{year - 543}-09-30",
            "followup": "รายงานผลรอบ 6 เดือน และ 12 เดือน",
        }
        if way < BY_CODE:
            measure |= {"topic_no": int(topic_no), "item_codes": [item_code]}
        elif way < BY_TOPIC:
            measure |= {"topic_no": int(topic_no), "measure": f"ส่งเสริม{topic_th}"}
        else:
            name = titles.indicators[indicator_no]
            measure |= {"indicator_no": int(indicator_no), "measure": f"พัฒนา{name}"}
        plan.append(measure)
    return plan


def _progress(agency_id: str, year: int, seed: int) -> list[dict]:
    """The report of six months on the plan that the agency sent in the year before."""
    rng = random(seed, "report", year, agency_id)
    if rng.random() >= REPORTING:
        return []
    as_of = date(year - 543, 3, 31)
    reports = []
    for number in range(1, _count(agency_id, year, seed) + 1):
        if rng.random() < 0.1:  # left out of the report
            continue
        report = {"fiscal_year": year, "measure_no": number, "as_of": str(as_of)}
        if rng.random() < 0.5:
            report |= {"result": "อยู่ระหว่างดำเนินการ"}
        else:
            day = as_of - timedelta(days=int(rng.integers(0, 120)))
            report |= {"result": "ดำเนินการแล้วเสร็จและเผยแพร่แล้ว", "completed_on": str(day)}
        reports.append(report)
    return reports


def _constraints(year: int, rng: np.random.Generator) -> list[dict]:
    kinds = [kind for kind in CONSTRAINTS if rng.random() < 0.6]
    return [
        {"fiscal_year": year, "kind": kind, "note_no": 1, "note": CONSTRAINTS[kind]}
        for kind in kinds
    ]
