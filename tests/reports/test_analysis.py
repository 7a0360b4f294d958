"""Parts 2 and 3: every topic has its three groups, every deficient item its measure, the agency's
own first."""

import pytest

from reports import analysis, checklist, pack
from tests.reports.conftest import NAMES, facts_of


@pytest.mark.parametrize("name", NAMES)
def test_every_topic_is_analysed_and_furthered(name):
    facts = pack.complete(facts_of(name))
    topics, measures = facts["analysis"]["topics"], facts["analysis"]["measures"]
    assert [t["topic_no"] for t in topics] == [1, 2, 3, 4, 5, 6, 7]
    of_item = {i["item_code"]: i["topic_nos"] for i in facts["items"]}
    for topic in topics:
        assert topic["urgent"] or topic["develop"] or topic["keep"] or topic["wholes"]
        assert any(
            m["topic_no"] == topic["topic_no"]
            or any(topic["topic_no"] in of_item[code] for code in m["item_codes"])
            for m in measures
        )


@pytest.mark.parametrize("name", NAMES)
def test_every_deficient_item_has_exactly_one_proposal_or_an_own_measure(name):
    facts = pack.complete(facts_of(name))
    deficient = {i["item_code"] for i in facts["items"] if i["severity"] in ("urgent", "develop")}
    measures = facts["analysis"]["measures"]
    own = {code for m in measures if m["source"] == "own" for code in m["item_codes"]}
    proposed = [code for m in measures if m["source"] == "catalogue" for code in m["item_codes"]]
    assert deficient <= own | set(proposed)
    assert not own & set(proposed)
    assert len(proposed) == len(set(proposed))


@pytest.mark.parametrize("name", NAMES)
def test_numbers_are_those_of_the_mart_and_no_small_agency_gets_more_than_fifteen(name):
    facts = pack.complete(facts_of(name))
    measures = facts["analysis"]["measures"]
    assert {m["measure_no"] for m in measures} == {m["measure_no"] for m in facts["measures"]}
    assert len({m["measure_no"] for m in measures}) == len(measures) <= 15
    assert all(m["measure_key"].startswith(f"{facts['measures_year']}/") for m in measures)


def test_own_measures_come_first_in_their_topic():
    measures = pack.complete(facts_of("s0"))["analysis"]["measures"]
    first = next(m for m in measures if m["topic_no"] == 1)
    assert first["source"] == "own"
    assert first["item_codes"] == ["e1", "e12"]
    assert (first["starts_on"], first["ends_on"]) == ("2023-10-01", "2024-09-30")


def test_an_own_measure_stands_with_the_items_that_its_words_answer():
    facts = facts_of("s0")
    known = next(f for f in facts["findings"] if f["item_code"] == "e2")
    known["answered_by"] = [1]
    own = next(m for m in pack.complete(facts)["analysis"]["measures"] if m["source"] == "own")
    assert own["item_codes"] == ["e1", "e2", "e12"]
    assert known["serves_item_code"] in own["oit_items"]


def test_the_items_of_a_measure_stand_in_the_order_of_the_framework():
    facts = facts_of("s0")
    own = next(m for m in facts["measures"] if m["source"] == "own")
    own["item_codes"] = ["o14", "i11", "e3", "i7"]
    found = next(m for m in analysis.analyse(facts)["measures"] if m["source"] == "own")
    named = [code for code in found["item_codes"] if code in own["item_codes"]]
    assert named == ["i7", "i11", "e3", "o14"]


def test_what_is_not_known_is_not_judged():
    facts = pack.complete(facts_of("s0"))  # o4 is the one item without a score
    o4 = next(n for n, item in enumerate(facts["items"]) if item["item_code"] == "o4")
    assert not any(
        f["item"] == o4
        for t in facts["analysis"]["topics"]
        for kind in analysis.SEVERITIES
        for f in t[kind]
    )


def test_without_items_the_indicators_speak_for_themselves():
    topics = pack.complete(facts_of("s2"))["analysis"]["topics"]
    assert not any(t[kind] for t in topics for kind in analysis.SEVERITIES)
    assert {w["basis"] for t in topics for w in t["wholes"]} <= {"indicator", "relative"}


def oit_below(score: float, **more) -> dict:
    """s2, its indicator 9 at a score that proves items at 0."""
    facts = facts_of("s2")
    facts["indicators"][8]["score"] = score
    found = {
        "measure_no": 303,
        "basis": "indicator",
        "severity": "urgent",
        "instrument": "OIT",
        "indicator_no": 9,
        "item_code": None,
        "score": score,
        "least_zero_items": 2,
        "likely_item_codes": ["o10", "o13"],
        "because_th": "ตัวชี้วัดที่ 9 แสดงว่ามีข้อที่ได้ 0 คะแนนอย่างน้อย 2 ข้อ",
        "serves_item_code": "o10",
        "answered_by": [],
    }
    proposal = {**facts["measures"][0], "measure_no": 303, "item_codes": [], "indicator_no": 9}
    proposal |= {"topic_no": 3, "measure_th": "ค้นหาข้อที่ขาด", "severity": "urgent"}
    facts["findings"] = [{**found, **more}]
    facts["measures"] = [*facts["measures"], proposal]
    return pack.complete(facts)


def test_an_oit_indicator_below_100_is_urgent_and_names_what_is_likely_as_likely():
    facts = oit_below(87.5)
    wholes = {w["indicator_no"]: w for t in facts["analysis"]["topics"] for w in t["wholes"]}
    assert (wholes[9]["severity"], wholes[9]["least_zero_items"]) == ("urgent", 2)
    assert [i["item_code"] for i in wholes[9]["likely"]] == ["o10", "o13"]
    text = "\n".join(checklist.Report(facts).texts)
    assert "อย่างน้อย 2 ข้อ" in text
    assert "น่าจะได้ 0 คะแนน" in text
    assert {r["rule"] for r in facts["checklist"] if r["by"] == "machine" and not r["met"]} == set()


def test_the_checklist_finds_a_figure_that_no_measure_answers():
    rules = {r["rule"]: r["met"] for r in oit_below(87.5, measure_no=999)["checklist"]}
    assert not rules["answered"]


def test_where_nothing_is_below_a_threshold_the_relatively_weakest_stands_in_b():
    facts = facts_of("s4")
    weak = next(i for i in facts["items"] if i["severity"] == "keep" and i["instrument"] == "IIT")
    weak["remedies"] = {"develop": next(iter(weak["remedies"].values()))}
    because = "ไม่มีคะแนนใดต่ำกว่าเกณฑ์ แต่ต่ำกว่าค่าเฉลี่ย"
    known = {**facts["findings"][0], "item_code": weak["item_code"], "basis": "relative"}
    facts["findings"] = [{**known, "because_th": because}]
    topics = pack.complete(facts)["analysis"]["topics"]
    found = [f for t in topics for f in t["develop"] if f["basis"] == "relative"]
    assert found and {f["deficiency_th"] for f in found} == {because}


def test_remarks_are_quoted_with_the_part_that_they_name():
    facts = facts_of("worst")
    facts["remarks"] = [
        {"item_code": "e1", "eit_part": "public", "topic_no": 1, "remark_th": "ส่วนที่ 1 เท่านั้น"},
        {"item_code": "e2", "eit_part": None, "topic_no": 1, "remark_th": "ทั้งสองส่วน"},
    ]
    facts = pack.complete(facts)
    found = {
        (facts["items"][f["item"]]["item_code"], facts["items"][f["item"]]["eit_part"]): f[
            "remarks_th"
        ]
        for kind in analysis.SEVERITIES
        for f in facts["analysis"]["topics"][0][kind]
    }
    assert found["e1", "public"] == ["ส่วนที่ 1 เท่านั้น"]
    assert found["e1", "survey"] == []
    assert found["e2", "public"] == found["e2", "survey"] == ["ทั้งสองส่วน"]


def test_a_remark_on_a_part_belongs_to_an_item_whose_part_is_not_stated():
    facts = pack.complete(facts_of("s0"))
    e3 = next(
        f
        for f in facts["analysis"]["topics"][0]["develop"]
        if facts["items"][f["item"]]["item_code"] == "e3"
    )
    assert len(e3["remarks_th"]) == 1


def test_measures_by_indicator_come_before_all_topics():
    facts = facts_of("s0")
    own = next(m for m in facts["measures"] if m["source"] == "own")
    own.update(topic_no=None, indicator_no=6)
    first = pack.complete(facts)["analysis"]["measures"][0]
    assert (first["source"], first["indicator_nos"], first["measure_no"]) == ("own", [6], 1)
