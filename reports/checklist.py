"""The checklist of an assessor: would this pack, published as it stands, win its OIT items? (domain of the plan and the progress report)"""

from datetime import date


def check(facts: dict) -> list[dict]:
    """In: facts with `analysis`. Out: [{"rule", "rule_th", "met", "action_th"}] in a fixed order; action_th says what to add."""
    measures, topics = facts["analysis"]["measures"], facts["analysis"]["topics"]
    year = facts["measures_year"]
    first, last = date(year - 544, 10, 1), date(year - 543, 9, 30)
    numbers = {
        rule: [m["measure_no"] for m in measures if not passed(m)]
        for rule, passed in {
            "steps": lambda m: bool(m["steps_th"]),
            "responsible": lambda m: m["responsible_status"] == "own",
            "time_frame": lambda m: _inside(m, first, last),
            "followup": lambda m: bool(m["followup_th"] or m["evidence_th"]),
            "items": lambda m: bool(m["item_codes"] or m["indicator_nos"] or m["topic_no"]),
        }.items()
    }
    without = {
        kind: [
            t["topic_no"]
            for t in topics
            if not any(m["topic_no"] == t["topic_no"] for m in measures)
        ]
        for kind in ("measures",)
    }
    silent = [t["topic_no"] for t in topics if not (t["urgent"] or t["develop"] or t["keep"])]
    unexplained = sorted(
        {
            facts["items"][f["item"]]["item_code"]
            for t in topics
            for kind in ("urgent", "develop")
            for f in t[kind]
            if not f["deficiency_th"] or not f["recommendation_th"]
        }
    )
    reported = [
        m
        for m in facts["last_measures"]
        if any(p["status"] != "not_reported" for p in m["progress"])
    ]
    return [
        _rule(
            "topics",
            "วิเคราะห์ครบทั้งเจ็ดประเด็น",
            len(topics) == 7 and not silent,
            f"ประเด็นที่ยังไม่มีผลให้วิเคราะห์: {number_runs(silent) or 'ไม่ครบเจ็ดประเด็น'} โปรดเพิ่มคะแนนรายข้อหรือรายตัวชี้วัด",
        ),
        _rule(
            "groups",
            "แต่ละประเด็นแยกเป็นจุดอ่อนเร่งด่วน ประเด็นที่ต้องพัฒนา และมาตรฐานที่ต้องรักษา พร้อมข้อบกพร่องและข้อเสนอแนะ",
            not unexplained,
            f"โปรดเพิ่มข้อบกพร่องและข้อเสนอแนะของข้อ {number_runs(unexplained)}",
        ),
        _rule(
            "measures",
            "ทุกประเด็นมีมาตรการ",
            not without["measures"],
            f"โปรดเพิ่มมาตรการของประเด็นที่ {number_runs(without['measures'])}",
        ),
        _rule(
            "items",
            "ทุกมาตรการระบุประเด็น ตัวชี้วัด หรือข้อที่เกี่ยวข้อง",
            not numbers["items"],
            f"โปรดระบุในมาตรการที่ {number_runs(numbers['items'])}",
        ),
        _rule(
            "steps",
            "ทุกมาตรการมีขั้นตอนหรือวิธีปฏิบัติ",
            not numbers["steps"],
            f"โปรดเพิ่มขั้นตอนของมาตรการที่ {number_runs(numbers['steps'])}",
        ),
        _rule(
            "responsible",
            "ทุกมาตรการมีผู้รับผิดชอบที่หน่วยงานยืนยันแล้ว",
            not numbers["responsible"],
            f"โปรดยืนยันหรือแก้ไขผู้รับผิดชอบของมาตรการที่ {number_runs(numbers['responsible'])}",
        ),
        _rule(
            "time_frame",
            f"ทุกมาตรการมีระยะเวลาภายในปีงบประมาณ พ.ศ. {year}",
            not numbers["time_frame"],
            f"โปรดแก้ไขระยะเวลาของมาตรการที่ {number_runs(numbers['time_frame'])} ให้อยู่ระหว่าง 1 ต.ค. {year - 1} – 30 ก.ย. {year}",
        ),
        _rule(
            "followup",
            "ทุกมาตรการมีการกำกับติดตาม",
            not numbers["followup"],
            f"โปรดเพิ่มการกำกับติดตามของมาตรการที่ {number_runs(numbers['followup'])}",
        ),
        _rule(
            "constraints",
            "มีข้อจำกัดของหน่วยงาน",
            bool(facts["constraints"]),
            "โปรดกรอกข้อจำกัดของหน่วยงานในส่วนที่ 4",
        ),
        _rule(
            "progress",
            f"มีผลการดำเนินการตามมาตรการปีงบประมาณ พ.ศ. {facts['fiscal_year']}",
            bool(reported),
            "โปรดกรอกผลการดำเนินการของปีที่ผ่านมาในส่วนที่ 5",
        ),
    ]


def missing(checklist: list[dict]) -> list[str]:
    """What the agency must add before it publishes, one Thai sentence each."""
    return [rule["action_th"] for rule in checklist if not rule["met"]]


def _rule(rule, rule_th, met, action_th):
    return {
        "rule": rule,
        "rule_th": rule_th,
        "met": bool(met),
        "action_th": None if met else action_th,
    }


def _inside(measure, first, last):
    if not measure["starts_on"] or not measure["ends_on"]:
        return False
    return (
        first
        <= date.fromisoformat(measure["starts_on"])
        <= date.fromisoformat(measure["ends_on"])
        <= last
    )


def number_runs(values):
    """1–3, 7 for runs of numbers; else the values as they are."""
    if not values or not all(isinstance(v, int) for v in values):
        return ", ".join(map(str, values))
    runs = []
    for v in values:
        if runs and v == runs[-1][1] + 1:
            runs[-1][1] = v
        else:
            runs.append([v, v])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in runs)
