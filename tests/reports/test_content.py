"""What the report says: whole, without a blank or an instruction, and nothing twice."""

import copy

import pytest

from reports import checklist, content, pack, thai
from reports.blocks import plain
from reports.content import losses, words
from reports.content.sentences import reference
from tests.reports.conftest import NAMES, facts_of

NOTHING_SERVED = {"serves_item_code": None, "oit_item_codes": []}


def results(facts: dict, body: str = "topics") -> dict[str, dict]:
    return {rule["rule"]: rule for rule in pack.complete(facts, body)["checklist"]}


def unmet(facts: dict, by: str) -> set[str]:
    return {name for name, rule in results(facts).items() if rule["by"] == by and not rule["met"]}


def texts(facts: dict) -> str:
    return checklist.Report(pack.complete(facts)).text


@pytest.mark.parametrize("body", pack.BODIES)
@pytest.mark.parametrize("name", NAMES)
def test_the_finished_report_meets_every_rule_that_a_machine_can_meet(name, body):
    failed = [r for r in results(facts_of(name), body).values() if r["by"] == "machine"]
    assert [(r["rule"], r["action_th"]) for r in failed if not r["met"]] == []
    assert len(failed) == len(checklist.MACHINE)


def test_a_plan_names_the_items_of_its_own_year():
    """FY2568 plans for FY2569, whose OIT items are known before its framework is whole."""
    facts = facts_of("s4")
    foreword = "ข้อ o25 การนำผลการประเมิน ITA ไปสู่การพัฒนาองค์กร และ ข้อ o26 รายงานผล"
    assert foreword in texts(facts) and "รหัสข้อของปี" not in texts(facts)
    todo = [plain(b["text"]) for b in content.todo(pack.complete(facts)) if b["t"] == "paragraph"]
    assert any("ตามกรอบการประเมินปีงบประมาณ พ.ศ. 2568" in text for text in todo)
    for served in facts["rules"]["served"].values():  # while those of FY2569 are not known
        served.update(fiscal_year=2568)
    assert "(รหัสข้อของปีงบประมาณ พ.ศ. 2568)" in texts(facts)


def test_a_level_that_is_not_known_is_left_out_and_asked_for():
    facts = facts_of("s0")
    facts["assessment"].update(level_code=None, level_th=None, level_reason_th="คำนวณระดับไม่ได้")
    blocks = content.report(pack.complete(facts))
    cover = next(b for b in blocks if b["t"] == "cover")
    assert cover["badge"] == ["91.15 คะแนน", ""]
    cards = next(b for b in blocks if b["t"] == "figures")["cards"]
    assert "ระดับ" not in [card[0] for card in cards]
    said = texts(facts)
    assert "คำนวณระดับไม่ได้" not in said and "ไม่สามารถระบุได้" not in said
    tasks = content.before.tasks(pack.complete(facts))
    assert "ส่งระดับผลการประเมินที่ประกาศ" in [task["what"] for task in tasks]


def test_officer_rules_say_what_to_confirm_or_add():
    assert unmet(facts_of("s4"), "officer") == {"responsible", "constraints", "progress"}
    facts = facts_of("s0")
    facts["measures"][0].update(ends_on="2024-10-31", steps_th="", responsible_th=None)
    assert {"time_frame", "steps", "responsible"} <= unmet(facts, "officer")
    assert not {"constraints", "progress"} & unmet(facts, "officer")


@pytest.mark.parametrize(
    ("rule", "spoil"),
    [
        ("explained", lambda f: f["items"][0].update(remedies={})),
        ("answered", lambda f: f["measures"].pop(0)),
        ("measures_serve", lambda f: f["measures"][0].update(NOTHING_SERVED)),
        ("served", lambda f: f["rules"]["served"]["plan"].update(item_code="o999x")),
    ],
)
def test_a_machine_rule_fails_where_the_report_does(rule, spoil, monkeypatch):
    facts = facts_of("worst")
    spoil(facts)
    if rule == "served":  # a report that forgets to name its item
        monkeypatch.setattr("reports.content.sections.s30_front.served", lambda *_: "")
    assert rule in unmet(facts, "machine")


def test_what_an_agency_sent_twice_is_the_officers_and_a_proposal_never_stands_twice():
    facts = facts_of("s0")
    facts["measures"].append({**facts["measures"][0], "measure_no": 99})
    assert facts["measures"][0]["source"] == "own"
    assert "own_twice" in unmet(facts, "officer")
    assert "measures_once" not in unmet(facts, "machine")
    proposed = next(m for m in facts["measures"] if m["source"] != "own")
    proposed["measure_th"] = facts["measures"][0]["measure_th"]
    assert "measures_once" in unmet(facts, "machine")


def test_an_instruction_in_a_sentence_of_ours_is_found_and_in_the_agencys_own_it_is_not(
    monkeypatch,
):
    from reports.content import sentences as said

    facts = facts_of("s0")
    facts["measures"][0]["measure_th"] = "โปรดตรวจเอกสารทุกฉบับก่อนลงนาม"
    assert "no_instruction" not in unmet(facts, "machine")
    wrong = {**said.sentences(), "measures.opening": "โปรดกรอกมาตรการ"}
    monkeypatch.setattr(said, "sentences", lambda: wrong)
    assert "no_instruction" in unmet(facts, "machine")


@pytest.mark.parametrize("name", NAMES)
def test_nothing_in_the_report_is_a_blank_or_a_prompt(name):
    blocks = content.report(pack.complete(facts_of(name)))
    fields = [f for b in blocks if b["t"] == "table" for row in b["rows"] for f in _fields(row)]
    assert all(field["text"] for field in fields)
    assert [b["t"] for b in blocks].count("signature") == 1


def _fields(value):
    if isinstance(value, dict) and "field" in value:
        return [value]
    if not isinstance(value, (dict, list)):
        return []
    parts = value.values() if isinstance(value, dict) else value
    return [f for part in parts for f in _fields(part)]


@pytest.mark.parametrize("planned", [False, True])
def test_where_nothing_was_reported_the_last_part_is_one_true_sentence(planned):
    facts = facts_of("s0")
    measures = facts["last_measures"] if planned else []
    facts["last_measures"] = [{**measure, "progress": []} for measure in measures]
    blocks = content.report(pack.complete(facts))
    start = next(
        k for k, b in enumerate(blocks) if b["t"] == "heading" and "ผลการดำเนินการ" in b["text"]
    )
    sentence, following = blocks[start + 1 : start + 3]
    assert sentence["t"] == "paragraph" and "ยังไม่มีผลการดำเนินการ" in sentence["text"]
    assert following["t"] == "heading"


def test_a_finding_is_told_once_and_elsewhere_only_referred_to():
    facts = facts_of("worst")
    shared = next(i for i in facts["items"] if i["severity"] == "urgent")
    shared["topic_nos"] = [2, 5, 7]
    blocks = content.report(pack.complete(facts))
    told = [
        row
        for b in blocks
        if b["t"] == "table" and b["head"][0].startswith("ข้อ / ")
        for row in b["rows"]
        if plain(row[0]).startswith(f"ข้อ {shared['item_code']} ")
    ]
    assert len(told) == 1


def test_both_parts_of_an_eit_item_stand_in_one_row():
    facts = facts_of("s0")
    item = next(i for i in facts["items"] if i["item_code"] == "e1")
    item.update(eit_part="public", score=91.0, severity="develop")
    facts["items"].insert(
        facts["items"].index(item) + 1, {**item, "eit_part": "survey", "score": 80.0}
    )
    blocks = content.report(pack.complete(facts))
    annex = [
        [plain(cell) for cell in row]
        for b in blocks
        if b["t"] == "table" and "EIT ส่วนที่ 1" in b["head"]
        for row in b["rows"]
        if "span" not in row
    ]
    assert [row[2:5] for row in annex if row[0] == "e1"] == [["", "91.00", "80.00"]]


def test_parts_of_different_severity_are_told_together_under_the_worse():
    facts = facts_of("s0")
    item = next(i for i in facts["items"] if i["item_code"] == "e1")
    remedy = {"urgent": {**next(iter(item["remedies"].values())), "deficiency_th": "เร่งด่วน"}}
    item.update(eit_part="public", score=99.0, severity="keep")
    survey = {**item, "eit_part": "survey", "score": 80.0, "severity": "urgent"}
    facts["items"].insert(facts["items"].index(item) + 1, {**survey, "remedies": remedy})
    told = [
        [plain(cell) for cell in row]
        for b in content.report(pack.complete(facts))
        if b["t"] == "table" and b["head"][0].startswith("ข้อ / ")
        for row in b["rows"]
        if plain(row[0]).startswith("ข้อ e1 ")
    ]
    assert [row[1:3] for row in told] == [["ส่วนที่ 1 99.00\nส่วนที่ 2 80.00", "เร่งด่วน"]]


def test_nobody_is_accused_on_the_strength_of_a_title_that_is_not_certain():
    facts = facts_of("worst")
    item = next(i for i in facts["items"] if i["instrument"] == "IIT" and i["severity"] == "urgent")
    item["meaning"] = "iit_bribe_demand"
    item["remedies"]["urgent"]["deficiency_th"] = "มีการเรียกรับสินบน"
    item["title_status"] = "unverified"
    assert "มีการเรียกรับสินบน" not in texts(facts)
    item["title_status"] = "confirmed"
    assert "มีการเรียกรับสินบน" in texts(facts)


def test_what_is_said_of_an_uncertain_title_is_said_of_no_other_item():
    subjects = reference("neutral_subject")
    for instrument in ("iit_", "eit_"):
        said = [words for meaning, words in subjects.items() if meaning.startswith(instrument)]
        assert said and len(said) == len(set(said))


def test_every_sentence_is_data_of_the_project_that_no_program_has_reviewed():
    from reports.content.sentences import rows

    for name in ("sentences", "reference"):
        found = rows(name)
        assert all(row["text_th"] for row in found)
        assert {(row["author"], row["checked_by"], row["checked_on"]) for row in found} == {
            ("project", "", "")
        }
    keys = [row["key"] for row in rows("sentences")]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("name", NAMES)
def test_the_todo_orders_by_points_and_says_where_and_for_which_item(name):
    facts = pack.complete(facts_of(name))
    tasks = content.before.tasks(facts)
    points = [task["points"] or 0 for task in tasks]
    assert points == sorted(points, reverse=True)
    assert all(task["what"] and task["how"] and task["where"] for task in tasks)
    codes = {served["item_code"] for served in facts["rules"]["served"].values()}
    assert {task["item"] for task in tasks} - {None} <= codes
    ticked = [b for b in content.todo(facts) if b["t"] == "ticks"]
    assert len(ticked) == (0 if facts["constraints"] else 5)


def test_best_and_weakest_do_not_overlap():
    facts = facts_of("s0")
    best, weakest = words.best_and_weakest(facts)
    assert [i["indicator_no"] for i in best] == [1, 4, 3]
    assert [i["indicator_no"] for i in weakest] == [10, 8, 6]
    few = copy.deepcopy(facts)
    few["indicators"] = few["indicators"][:3]
    best, weakest = words.best_and_weakest(few)
    assert len(best) == 1 and len(weakest) == 2
    assert not {i["indicator_no"] for i in best} & {i["indicator_no"] for i in weakest}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (84.995, "85.00"),
        (99.345, "99.35"),
        (0, "0.00"),
        (100, "100.00"),
        (None, "–"),
        (1234.5, "1,234.50"),
    ],
)
def test_scores_are_rounded_half_up(value, text):
    assert thai.score(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(1.2, "+1.20"), (-0.5, "−0.50"), (0, "0.00"), (-0.001, "0.00"), (None, "–")]
)
def test_differences_have_their_sign(value, text):
    assert thai.signed(value) == text


def test_places_and_dates():
    assert (
        thai.place({"province_th": "กรุงเทพมหานคร", "province_code": "10", "district_th": "ดุสิต"})
        == "เขตดุสิต กรุงเทพมหานคร"
    )
    assert (
        thai.place({"province_th": "ตาก", "province_code": "63", "district_th": "เมืองตาก"})
        == "อำเภอเมืองตาก จังหวัดตาก"
    )
    assert thai.place({"province_th": None, "ministry_th": "กระทรวงการคลัง"}) == "กระทรวงการคลัง"
    assert thai.long_date("2026-11-20") == "20 พฤศจิกายน 2569"
    assert thai.short_date("2024-03-31") == "31\u00a0มี.ค.\u00a02567"


def test_how_common_a_finding_is_is_not_told_of_few_agencies():
    facts = facts_of("worst")
    for item in facts["items"]:
        if item["shared"]:
            item["shared"] = {"province": None, "type": {"deficient": 2, "assessed": 4}}
    assert "2/4" not in texts(facts)
    for item in facts["items"]:
        if item["shared"]:
            item["shared"]["type"]["assessed"] = 5
    assert "ประเภท 2/5" in texts(facts)


def without_parts(instruments: bool) -> dict:
    """S2 as if only its overall score were known, or its instruments as well."""
    facts = facts_of("s2") | {"indicators": [], "findings": [], "history": [], "measures": []}
    facts["items"] = [
        {**item, "score": None, "points_lost": None, "severity": None} for item in facts["items"]
    ]
    if not instruments:
        facts["assessment"] |= dict.fromkeys(
            ("iit_score", "eit_score", "eit_public_score", "eit_survey_score", "oit_score")
        )
    return facts


def costliest(facts: dict) -> list[list[str]]:
    """The rows of what cost most, as the summary tells them."""
    shown = next(
        b
        for b in content.report(pack.complete(facts))
        if b["t"] == "table" and plain(b["head"][-1]) == "คะแนนภาพรวม\nที่เสียไป"
    )
    return [[plain(cell) for cell in row[1:]] for row in shown["rows"]]


def test_what_is_known_of_instruments_alone_is_what_costs_most():
    """By points of the overall score: OIT weighs 40, and costs more than a lower EIT."""
    facts = without_parts(instruments=True)
    facts["assessment"].update(iit_score=98.79, eit_score=95.68, oit_score=95.83)
    assert [(row[0][:3], row[1]) for row in costliest(facts)] == [
        ("OIT", "1.67"),
        ("EIT", "1.30"),
        ("IIT", "0.36"),
    ]
    text = texts(facts)
    assert "แสดงเฉพาะคะแนนภาพรวม" not in text and "แสดงถึงระดับเครื่องมือ" in text


def test_what_is_known_of_indicators_alone_is_what_costs_most():
    """Two indicators share the 40 points of OIT, five the 30 of IIT."""
    facts = facts_of("s2")
    scores = {1: 90.0, 6: 82.52, 9: 78.33, 10: 87.5}
    for indicator in facts["indicators"]:
        indicator["score"] = scores.get(indicator["indicator_no"], 100.0)
    found = [(row[0].split()[1], row[1]) for row in costliest(facts)]
    assert found == [("9", "4.33"), ("10", "2.50"), ("6", "1.75")]


def lost(facts: dict) -> list[tuple[str, float]]:
    """(item or figure above the items, points) of what cost points, dearest first."""
    return [
        (loss.item_code or losses.figure_name(facts, loss), round(loss.points, 2))
        for loss in losses.losses(facts)
    ]


def test_what_the_known_items_do_not_account_for_is_lost_by_the_figure_above():
    """Indicator 9 lost 2 points of the overall score (20 × 0.1), its known items half a point."""
    facts = facts_of("s0")
    for item in facts["items"]:
        item.update(points_lost=0, score=100)
    known, unknown = [i for i in facts["items"] if i["indicator_no"] == 9][:2]
    known["points_lost"], unknown["score"] = 0.5, None
    nine = next(i for i in facts["indicators"] if i["indicator_no"] == 9)
    nine["score"] = 90.0
    rest = f"ตัวชี้วัดที่ 9 {nine['indicator_th']} ส่วนที่ไม่มีคะแนนรายข้อ"
    assert lost(facts) == [(rest, 1.5), (known["item_code"], 0.5)]


def test_of_an_overall_score_that_nothing_explains_the_rest_comes_first():
    """IIT alone is known, in order: 30 points are lost elsewhere, and so says the first measure."""
    facts = without_parts(instruments=True)
    facts["assessment"].update(overall_score=70.0, iit_score=99.0, eit_score=None, oit_score=None)
    overall = {"item_code": None, "indicator_no": None, "instrument": None, "measure_no": 706}
    facts["findings"] = [overall | {"answered_by": []}]
    shown = {"source": "catalogue", "item_codes": []}
    facts["analysis"] = {
        "measures": [
            shown | {"measure_no": 101, "severity": "urgent"},
            shown | {"measure_no": 706, "severity": "develop"},
        ]
    }
    iit = f"IIT {reference('instrument')['IIT']}"
    assert lost(facts) == [("ภาพรวม ส่วนที่ไม่มีคะแนนรายข้อ", 29.7), (iit, 0.3)]
    found = losses.measures_by_gain(facts)
    assert [(m["measure_no"], round(gain, 2)) for m, gain in found] == [(706, 29.7), (101, 0)]


def test_where_no_indicator_is_known_topics_are_told_whatever_was_asked_for():
    facts = without_parts(instruments=True)
    complete = pack.complete(facts, "indicators")
    assert complete["analysis"]["body"] == "topics"
    assert "groups" not in unmet(facts, "machine")
    told = {**complete, "analysis": {**complete["analysis"], "body": "indicators"}}
    failed = {r["rule"] for r in checklist.check(told) if not r["met"]}
    assert "groups" in failed  # a report without any group fails it


def test_a_measure_without_items_names_the_figure_that_it_answers():
    facts = pack.complete(facts_of("s2"))
    measure = facts["analysis"]["measures"][0]
    measure.update(item_codes=[], indicator_nos=[], source="catalogue")
    whole = {"measure_no": measure["measure_no"], "indicator_no": None, "instrument": "OIT"}
    found = facts["analysis"]["topics"][0]["wholes"][0]
    for topic in facts["analysis"]["topics"]:
        topic["wholes"] = [{**found, **whole}]
    shown = next(b for b in content.report(facts) if b["t"] == "table" and "ข้อที่แก้ไข" in b["head"])
    rows = {row[0]: row[1] for row in shown["rows"] if "span" not in row}
    assert rows[str(measure["measure_no"])] == "เครื่องมือ OIT"


def test_of_an_overall_score_alone_nothing_else_is_judged_or_left_blank():
    text = texts(without_parts(instruments=False))
    assert "แสดงถึงระดับเครื่องมือ" not in text and "แสดงเฉพาะคะแนนภาพรวม" in text
    assert "ไม่อยู่ในเกณฑ์ที่ต้องแก้ไขโดยเร่งด่วน" not in text
    assert "แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายใน" not in text


def test_a_later_report_that_leaves_a_measure_out_takes_nothing_back():
    report = {"as_of": "2025-03-31", "result_th": "ประกาศแล้ว", "due_on": None}
    done = {**report, "completed_on": "2025-02-10", "status": "done"}
    silent = {"as_of": "2025-09-30", "result_th": None, "due_on": None, "completed_on": None}
    silent["status"] = "not_reported"
    measure = {"progress": [done, silent]}
    assert words.progress_status(measure) == "done"
    assert words.told_before(measure).startswith("(รายงาน ณ 31")
    assert words.told_before({"progress": [done]}) == ""
    assert words.progress_status({"progress": [silent]}) == "not_reported"
    assert words.last_told({"progress": []}) == {}


def test_who_is_above_nobody_is_not_told_so_beside_the_rank():
    facts = facts_of("worst")
    assert "ตำแหน่งเทียบทั้งประเทศ" in texts(facts)
    facts["ranking"]["percentile"] = 0
    assert "ตำแหน่งเทียบทั้งประเทศ" not in texts(facts)


def test_a_lone_agency_has_no_rank():
    facts = facts_of("s0")
    facts["ranking"].update(province_rank=1, province_count=1)
    cells = [
        plain(c)
        for b in content.report(pack.complete(facts))
        if b["t"] == "table"
        for row in b["rows"]
        if "span" not in row
        for c in row
    ]
    assert not any("1 จาก 1 " in cell or "ค่าเฉลี่ย\nจังหวัด" in cell for cell in cells)


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        (-1.41, "สูงกว่าคะแนนที่ประกาศ 1.41 คะแนน"),
        (0.01, "ต่ำกว่าคะแนนที่ประกาศ 0.01 คะแนน"),
        (0.0, "เท่ากับคะแนนที่ประกาศ"),
    ],
)
def test_the_recomputed_score_is_said_to_be_higher_or_lower(gap, words):
    facts = facts_of("s0")
    facts["assessment"]["score_gap"] = gap
    listed = [
        plain(item)
        for b in content.report(pack.complete(facts))
        if b["t"] == "list"
        for item in b["items"]
    ]
    assert any(item.endswith(words) for item in listed)


@pytest.mark.parametrize(
    ("name", "bands"),
    [
        (
            "s0",
            [
                "ตั้งแต่ 95.00 ขึ้นไป",
                "ตั้งแต่ 85.00 ขึ้นไป",
                "ตั้งแต่ 85.00 ขึ้นไป",
                "ตั้งแต่ 70.00 แต่ต่ำกว่า 85.00",
                "ต่ำกว่า 70.00",
            ],
        ),
        (
            "y2564",
            [
                "ตั้งแต่ 95.00 ขึ้นไป",
                "ตั้งแต่ 85.00 แต่ต่ำกว่า 95.00",
                "ตั้งแต่ 75.00 แต่ต่ำกว่า 85.00",
                "ตั้งแต่ 65.00 แต่ต่ำกว่า 75.00",
                "ตั้งแต่ 55.00 แต่ต่ำกว่า 65.00",
                "ตั้งแต่ 50.00 แต่ต่ำกว่า 55.00",
                "ต่ำกว่า 50.00",
            ],
        ),
    ],
)
def test_the_levels_of_the_year(name, bands):
    levels = next(
        b
        for b in content.report(pack.complete(facts_of(name)))
        if b["t"] == "table" and b["head"][1] == "คะแนนภาพรวม"
    )
    assert [plain(row[1]) for row in levels["rows"]] == bands
    assert sum("(หน่วยงานนี้)" in plain(row[0]) for row in levels["rows"]) == 1


@pytest.mark.parametrize(
    ("codes", "text"),
    [
        (["i1", "i2", "i3", "o11"], "i1–i3, o11"),
        (["e9", "e10", "o1"], "e9–e10, o1"),
        (["o4", "o4"], "o4"),
        ([], ""),
    ],
)
def test_neighbouring_codes_are_drawn_together(codes, text):
    assert words.runs(codes) == text


def test_an_indicator_with_the_full_score_is_never_weak():
    facts = facts_of("s0")
    for indicator in facts["indicators"]:
        indicator["score"] = 100.0
    assert words.best_and_weakest(facts)[1] == []
    assert "จึงมุ่งรักษามาตรฐาน" in texts(facts)


def test_a_measure_of_which_nothing_was_reported_is_one_line():
    facts = facts_of("s0")
    told, silent = facts["last_measures"][:2]
    told["progress"] = [{**told["progress"][-1], "status": "done", "result_th": "เผยแพร่แล้ว"}]
    silent["progress"] = []
    facts["last_measures"] = [told, silent]
    tables = [b for b in content.report(pack.complete(facts)) if b["t"] == "table"]
    reported = next(b for b in tables if "สถานะ" in b["head"])
    assert [row[0] for row in reported["rows"]] == [str(told["measure_no"])]
    listed = next(b for b in tables if b["head"][-1] == "กำหนดแล้วเสร็จ")
    assert [row[:2] for row in listed["rows"]] == [
        [str(silent["measure_no"]), silent["measure_th"]]
    ]


def test_parts_of_eit_are_named_once_for_all_their_items():
    facts = facts_of("s0")
    items = [i for i in facts["items"] if i["item_code"] in ("e1", "e2")]
    for item in items:
        item.update(eit_part="public", score=100.0, severity="keep", topic_nos=[1])
        other = {**item, "eit_part": "survey", "score": 99.5}
        facts["items"].insert(facts["items"].index(item) + 1, other)
    told = texts(facts)
    assert "ส่วนที่ 1 ข้อ e1–e2 (100.00)" in told and "ส่วนที่ 2 ข้อ e1–e2 (99.50)" in told


def test_measures_that_win_no_points_are_not_said_to_win_most():
    facts = facts_of("s0")
    assert "มาตรการที่ช่วยเพิ่มคะแนนได้มากที่สุด" in texts(facts)
    for item in facts["items"]:
        item["points_lost"] = 0
    assert "มาตรการที่ช่วยเพิ่มคะแนนได้มากที่สุด" not in texts(facts)


def test_where_no_points_are_known_the_urgent_measures_come_first():
    facts = pack.complete(facts_of("s2")) | {"findings": []}
    measures = facts["analysis"]["measures"]
    assert len(measures) > 2
    for m in measures:
        m["severity"] = "keep"
    measures[-1]["severity"] = "urgent"
    assert losses.measures_by_gain(facts)[0][0] is measures[-1]


def test_a_column_that_says_nothing_is_left_out():
    facts = facts_of("s0")
    for indicator in facts["indicators"]:
        indicator["change"] = None
    for item in facts["items"]:
        item.update(shared=None, years_running=None)
    tables = [b for b in content.report(pack.complete(facts)) if b["t"] == "table"]
    heads = [head for b in tables for head in b["head"]]
    assert "เทียบ\nปีก่อน" not in heads and "หน่วยงานที่พบข้อนี้" not in heads


def test_who_has_no_level_is_not_told_to_be_at_the_highest():
    facts = facts_of("s0")
    facts["level_path"].update(next_level_code=None, next_level_th=None, item_codes=None)
    assert "อยู่ในระดับสูงสุดแล้ว" in texts(facts)
    facts["assessment"].update(level_code=None, level_th=None, level_reason_th=None)
    assert "อยู่ในระดับสูงสุดแล้ว" not in texts(facts)
