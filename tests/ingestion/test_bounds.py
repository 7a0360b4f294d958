"""Free text has bounds by field; what is beyond rejects its unit with the rule text_too_long."""

import json

import pytest

from ingestion.judging.bounds import bounds
from ingestion.submission import COLUMNS


@pytest.mark.parametrize("table", COLUMNS)
def test_bounds_are_of_fields_that_there_are(table):
    assert {bound.field for bound in bounds(table)} <= set(COLUMNS[table])


MEASURE = {"measure_no": 1, "measure": "ก", "starts_on": "2024-10-01", "ends_on": "2025-09-30"}


def judged_measure(judge_bytes, **fields):
    units = [
        {"fiscal_year": 2568, "agency": {"agency_id": agency}, "measures": [measure]}
        for agency, measure in (("S1", MEASURE | fields), ("S2", MEASURE))
    ]
    return judge_bytes(json.dumps(units))


def test_a_text_at_its_bound_is_taken_and_one_character_more_rejects_its_unit(judge_bytes):
    assert judged_measure(judge_bytes, measure="ก" * 4000).state == "accepted"
    judged = judged_measure(judge_bytes, measure="ก" * 4001)
    assert judged.counted == {"text_too_long": 1}
    assert judged.tables["measure"]["agency_id"].tolist() == ["S2"]
    (found,) = judged.findings
    assert "4,001 characters" in found.message_en and "at most 4,000 characters" in found.message_en
    assert "4,001 ตัวอักษร" in found.message_th and "measures[0]" in found.place


def test_lines_are_bounded_too(judge_bytes):
    assert judged_measure(judge_bytes, steps="\n".join("ก" * 100)).state == "accepted"
    judged = judged_measure(judge_bytes, steps="\n".join("ก" * 101))
    assert judged.counted == {"text_too_long": 1} and "101 lines" in judged.findings[0].message_en


def test_a_remark_beside_a_score(judge_rows):
    judged = judge_rows(f"2568,S1,item,o1,,0,,{'ก' * 4001}", "2568,S2,overall,,,90")
    assert judged.counted["text_too_long"] == 1
    assert judged.tables["score"]["agency_id"].tolist() == ["S2"]


def test_a_name_in_the_registry(judge_bytes):
    head = "agency_id,name_th,agency_type,province_code,valid_from\n"
    judged = judge_bytes(head + f"A,{'ก' * 301},sao,56,2560\nB,{'ก' * 300},sao,56,2560\n")
    assert judged.counted == {"registry_row": 1}
    assert judged.tables["agency"]["agency_id"].tolist() == ["B"]
    assert "the bound is 300 characters" in judged.findings[0].message_en
