"""What an agency sends beside its scores.

Measures, the progress of last year's, constraints (keys of the JSON layout).
"""

from datetime import date, timedelta
from functools import cache

import numpy as np

from synth.files import Scores
from synth.reference import of_year, random, seed_table

STEPS = [
    "ประชุมผู้เกี่ยวข้องเพื่อทบทวนผลการประเมินและมอบหมายงาน",
    "ดำเนินการตามแผนและเผยแพร่ผลบนเว็บไซต์ของหน่วยงาน",
    "ติดตามและรายงานผลต่อผู้บริหารทุกไตรมาส",
]
RESPONSIBLE = ("office", "finance", "service", "personnel")  # kinds of responsible_unit.csv
CONSTRAINTS = {
    "staff": "บุคลากรที่รับผิดชอบงานมีจำนวนจำกัด",
    "budget": "งบประมาณที่ได้รับไม่เพียงพอต่อการพัฒนาระบบ",
    "technology": "ระบบสารสนเทศยังไม่รองรับการให้บริการออนไลน์",
}


@cache
def units(agency_type: str) -> list[str]:
    """The units of a kind of agency (code) that measures name."""
    known = seed_table("responsible_unit")
    own = known[known["agency_type"] == agency_type].set_index("responsible_kind")["unit_th"]
    return [own[kind] for kind in RESPONSIBLE]


def of_agency(scores: Scores, seed: int) -> dict[str, list[dict]]:
    """measures (of this year and the next), progress (of this year's at six months) and constraints
    of one agency (`scores` of one).
    """
    fiscal_year, agency_id = scores.framework.fiscal_year, scores.agencies.agency_id[0]
    rng = random(seed, "actions", fiscal_year, agency_id)
    named = units(scores.agencies.agency_type[0])
    topics = seed_table("topic").set_index("topic_no")["topic_th"]
    items = (
        of_year(seed_table("topic_item"), fiscal_year).groupby("topic_no")["item_code"].agg(list)
    )
    worst = scores.framework.cells["item_code"].to_numpy()[
        np.argsort(scores.cells[0], kind="stable")
    ]
    measures, progress = [], []
    for number, (topic_no, topic) in enumerate(topics.items(), 1):
        weakest = [code for code in dict.fromkeys(worst) if code in items.get(topic_no, [])][:2]
        measures += [
            _measure(fiscal_year, number, topic_no, f"ส่งเสริม{topic}", [], str(rng.choice(named))),
            _measure(
                fiscal_year + 1,
                number,
                topic_no,
                f"ปรับปรุง{topic} ตามข้อ {' และ '.join(weakest)}",
                weakest,
                str(rng.choice(named)),
            ),
        ]
        progress.append(_progress(fiscal_year, number, rng))
    notes = [
        {"fiscal_year": fiscal_year, "kind": kind, "note_no": 1, "note": note}
        for kind, note in CONSTRAINTS.items()
    ]
    return {"measures": measures, "progress": progress, "constraints": notes}


def _measure(
    fiscal_year: int,
    number: int,
    topic_no: str,
    measure: str,
    item_codes: list[str],
    responsible: str,
) -> dict:
    """A measure of a fiscal year (B.E.): 1 October of the year before to 30 September."""
    return {
        "fiscal_year": fiscal_year,
        "measure_no": number,
        "topic_no": int(topic_no),
        "item_codes": item_codes,
        "measure": measure,
        "steps": STEPS,
        "responsible": responsible,
        "starts_on": f"{fiscal_year - 544}-10-01",
        "ends_on": f"{fiscal_year - 543}-09-30",
        "followup": "รายงานผลรอบ 6 เดือน และ 12 เดือน",
    }


def _progress(fiscal_year: int, number: int, rng: np.random.Generator) -> dict:
    """Progress at six months: some measures done, a few of them late, the others under way."""
    due = date(fiscal_year - 543, 3, 31)
    report = {
        "fiscal_year": fiscal_year,
        "measure_no": number,
        "as_of": str(due),
        "due_on": str(due),
    }
    if rng.random() < 0.4:
        return report | {"result": "อยู่ระหว่างดำเนินการ"}
    return report | {
        "result": "ดำเนินการแล้วเสร็จและเผยแพร่แล้ว",
        "completed_on": str(due + timedelta(days=int(rng.integers(-90, 30)))),
    }
