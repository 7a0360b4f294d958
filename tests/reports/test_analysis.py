"""Parts 2 and 3: every topic has its three groups, every deficient item its measure, the agency's
own first."""

import pytest

from reports import analysis, pack
from tests.reports.conftest import NAMES, facts_of


@pytest.mark.parametrize("name", NAMES)
def test_every_topic_is_analysed_and_furthered(name):
    facts = pack.complete(facts_of(name))
    topics, measures = facts["analysis"]["topics"], facts["analysis"]["measures"]
    assert [t["topic_no"] for t in topics] == [1, 2, 3, 4, 5, 6, 7]
    for topic in topics:
        assert topic["urgent"] or topic["develop"] or topic["keep"]
        assert any(m["topic_no"] == topic["topic_no"] for m in measures)
    assert [m["measure_no"] for m in measures] == list(range(1, len(measures) + 1))


@pytest.mark.parametrize("name", ["s0", "worst", "y2564"])
def test_every_deficient_item_has_exactly_one_catalogue_measure_or_an_own_one(name):
    facts = pack.complete(facts_of(name))
    deficient = {i["item_code"] for i in facts["items"] if i["severity"] in ("urgent", "develop")}
    own = {
        code
        for m in facts["analysis"]["measures"]
        if m["source"] == "own"
        for code in m["item_codes"]
    }
    proposed = [
        code
        for m in facts["analysis"]["measures"]
        if m["source"] == "catalogue"
        for code in m["item_codes"]
    ]
    assert deficient <= own | set(proposed)
    assert not own & set(proposed)
    assert len([code for code in proposed if code in deficient]) == len(deficient - own)


def test_own_measures_come_first_in_their_topic():
    measures = pack.complete(facts_of("s0"))["analysis"]["measures"]
    first = next(m for m in measures if m["topic_no"] == 1)
    assert first["source"] == "own"
    assert first["item_codes"] == ["e1", "e12"]
    assert (first["starts_on"], first["ends_on"]) == ("2023-10-01", "2024-09-30")


def test_without_items_an_indicator_speaks_for_its_items_but_a_single_missing_item_is_not_judged():
    without = pack.complete(facts_of("s2"))
    assert {
        f["basis"]
        for t in without["analysis"]["topics"]
        for kind in analysis.SEVERITIES
        for f in t[kind]
    } == {"indicator"}
    facts = pack.complete(facts_of("s0"))  # o4 is the one item without a score
    o4 = next(n for n, item in enumerate(facts["items"]) if item["item_code"] == "o4")
    assert not any(
        f["item"] == o4
        for t in facts["analysis"]["topics"]
        for kind in analysis.SEVERITIES
        for f in t[kind]
    )


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
    facts["measures"][0].update(topic_no=None, indicator_no=6)
    first = pack.complete(facts)["analysis"]["measures"][0]
    assert (first["source"], first["indicator_nos"], first["measure_no"]) == ("own", [6], 1)


def test_time_frames_lie_in_the_measures_year_and_urgent_ones_end_before_the_six_month_report():
    assert analysis.period(2567) == ("2023-10-01", "2024-09-30")
    assert analysis.period(2567, "urgent") == ("2023-10-01", "2024-03-31")


def without_items() -> dict:
    """s2 with a remedy of each severity for every item, as items without scores have them."""
    facts = facts_of("s2")
    facts["measures"] = []
    for item in facts["items"]:
        item["remedies"] = {
            kind: {**item["remedies"]["keep"], "measure_th": f"{kind} {item['item_code']}"}
            for kind in analysis.SEVERITIES
        }
    return facts


def test_with_the_overall_score_only_every_topic_is_still_analysed():
    facts = without_items()
    facts["indicators"], facts["assessment"] = (
        [],
        {
            **facts["assessment"],
            "overall_score": 83.07,
            "iit_score": None,
            "eit_score": None,
            "oit_score": None,
        },
    )
    complete = pack.complete(facts)
    found = [
        f for t in complete["analysis"]["topics"] for kind in analysis.SEVERITIES for f in t[kind]
    ]
    assert {(f["basis"], f["severity"]) for f in found} == {
        ("overall", "develop")
    }  # which item was lost is not known: none is urgent
    assert {m["topic_no"] for m in complete["analysis"]["measures"]} == set(range(1, 8))


def test_an_instrument_speaks_where_its_indicators_are_missing():
    facts = facts_of("s2")
    facts["indicators"] = [i for i in facts["indicators"] if i["instrument"] != "IIT"]
    facts["assessment"]["iit_score"] = 80.0
    complete = pack.complete(facts)
    bases = {
        facts["items"][f["item"]]["instrument"]: (f["basis"], f["severity"])
        for t in complete["analysis"]["topics"]
        for kind in analysis.SEVERITIES
        for f in t[kind]
    }
    assert bases == {
        "IIT": ("instrument", "develop"),
        "EIT": ("indicator", "keep"),
        "OIT": ("indicator", "keep"),
    }


def test_weak_indicators_without_items_each_have_a_measure():
    facts = without_items()
    for indicator in facts["indicators"]:
        indicator["score"] = 60.0
    measures = pack.complete(facts)["analysis"]["measures"]
    assert {no for m in measures for no in m["indicator_nos"]} == set(range(1, 11))


def test_own_measures_say_which_oit_items_they_will_serve():
    facts = facts_of("s0")
    facts["measures"][0]["item_codes"] = ["o30", "o42"]
    for item in facts["items"]:
        if item["item_code"] in ("o30", "o42"):
            item["remedies"] = {
                "urgent": {
                    **next(iter(item["remedies"].values())),
                    "oit_items": {"o30": ["o25", "o7"], "o42": ["o34"]}[item["item_code"]],
                }
            }
    own = next(m for m in pack.complete(facts)["analysis"]["measures"] if m["source"] == "own")
    assert own["oit_items"] == [
        "o25",
        "o34",
    ]  # of each item the first; o25, o34 are what they are called the year after
