"""What agencies of a national country send beside the official scores, for a realistic share.

Measures of the next year, the progress of this year's at six months, and constraints: one JSON file
a year, as a province would gather them. Most agencies send nothing: theirs are the proposals.
"""

import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from synth.actions import CONSTRAINTS, RESPONSIBLE, STEPS
from synth.files import Scores
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
    found = []
    for row, agency in enumerate(scores.agency_columns().to_dict("records")):
        agency_id = agency["agency_id"]
        sent = {}
        if _plans(agency_id, year + 1, seed):
            sent["measures"] = _measures(scores.of(np.array([row])), agency_id, seed)
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


def _measures(scores: Scores, agency_id: str, seed: int) -> list[dict]:
    """A plan on what the agency lost most by, in one of three ways: items, topics, indicators."""
    framework = scores.framework
    year = framework.fiscal_year + 1
    rng = random(seed, "plan", year, agency_id)
    way = rng.random()
    names = of_year(seed_table("indicator"), framework.fiscal_year).set_index("indicator_no")
    topics = seed_table("topic").set_index("topic_no")["topic_th"]
    of_item = of_year(seed_table("topic_item"), framework.fiscal_year)
    topic_of = of_item.drop_duplicates("item_code").set_index("item_code")["topic_no"]
    worst = np.argsort(scores.cells[0], kind="stable")
    cells = framework.cells.iloc[worst].drop_duplicates("item_code")
    if way >= BY_CODE:  # one measure a topic or an indicator
        of_what = cells.item_code.map(topic_of) if way < BY_TOPIC else cells.indicator_no
        cells = cells[~of_what.duplicated()]
    plan = []
    for number, cell in enumerate(cells.head(_count(agency_id, year, seed)).itertuples(), 1):
        topic = topic_of[cell.item_code]
        measure = {
            "fiscal_year": year,
            "measure_no": number,
            "measure": f"ปรับปรุง{topics[topic]} ตามข้อ {cell.item_code}",
            "steps": STEPS,
            "responsible": str(rng.choice(RESPONSIBLE)),
            "starts_on": f"{year - 544}-10-01",
            "ends_on": f"{year - 543}-09-30",
            "followup": "รายงานผลรอบ 6 เดือน และ 12 เดือน",
        }
        if way < BY_CODE:
            measure |= {"topic_no": int(topic), "item_codes": [cell.item_code]}
        elif way < BY_TOPIC:
            measure |= {"topic_no": int(topic), "measure": f"ส่งเสริม{topics[topic]}"}
        else:
            name = names.indicator_th[str(cell.indicator_no)]
            measure |= {"indicator_no": int(cell.indicator_no), "measure": f"พัฒนา{name}"}
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
