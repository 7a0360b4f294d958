"""Figures as people call them, and that no finding says them in Thai as programs do."""

import re

import pytest

from ingestion import figure_names
from ingestion.rules import finding, rules


@pytest.mark.parametrize(
    ("code", "thai"),
    [
        ("overall", "คะแนนรวม"),
        ("EIT", "EIT"),
        ("EIT.public", "EIT ส่วนที่ 1"),
        ("9", "ตัวชี้วัดที่ 9"),
        ("9.1", "ตัวชี้วัดย่อยที่ 9.1"),
        ("6.survey", "ตัวชี้วัดที่ 6 ส่วนที่ 2"),
        ("o3, e3.public, …", "o3, e3 ส่วนที่ 1, …"),
        ("province_rank", "ลำดับในจังหวัด"),
        ("measure 3", "มาตรการที่ 3"),
        ("อะไรก็ได้", "อะไรก็ได้"),
        ("", ""),
    ],
)
def test_a_figure_in_thai(code, thai):
    assert figure_names.in_thai(code) == thai


def test_a_figure_with_its_title_of_the_year():
    assert figure_names.titled("10", "2568") == "ตัวชี้วัดที่ 10 “การป้องกันการทุจริต”"
    assert figure_names.titled("overall", "2568") == "คะแนนรวม"
    assert figure_names.titled("e3.public", "2568") == "e3 ส่วนที่ 1"
    item = figure_names.titled("i1", "2564")
    assert item.startswith("i1 “บุคลากรในหน่วยงาน") and item.endswith("…”")
    assert figure_names.titled("o99", "2568") == "o99"
    assert figure_names.titled("9", "ปีใด") == "ตัวชี้วัดที่ 9"


@pytest.mark.parametrize("rule", [rule for rule, row in rules().items() if "code" in str(row)])
def test_no_finding_says_a_code_of_programs_in_thai(rule):
    found = finding(rule, value="91", fiscal_year="2568", code="EIT.public")
    assert not re.search(r"overall|public|survey|_", found.message_th + found.action_th)
    assert "EIT.public" in found.message_en or "{code}" not in rules()[rule]["message_en"]
