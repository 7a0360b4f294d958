"""Each rule of the receipts finds what its page's example holds, where the page says."""

import csv

import pytest

from checks import rule_pages
from tests.ingestion.conftest import judge_bytes, registry  # noqa: F401 - fixtures
from tests.rules.examples import file_of

NOTES = rule_pages.notes("receipts")


def test_every_rule_has_notes_and_every_note_a_rule():
    with (rule_pages.ROOT / "ingestion" / "rules.csv").open(encoding="utf-8") as lines:
        assert {row["rule"] for row in csv.DictReader(lines)} == set(NOTES)


EXECUTED = [rule for rule, note in NOTES.items() if "shown_by" not in note["example"]]


@pytest.mark.parametrize("rule", sorted(set(NOTES) - set(EXECUTED)))
def test_what_no_small_file_shows_has_a_test_of_its_own(rule):
    shown = rule_pages.ROOT / NOTES[rule]["example"]["shown_by"]
    files = sorted(shown.rglob("test_*.py")) if shown.is_dir() else [shown]
    assert any(rule in file.read_text(encoding="utf-8") for file in files)


@pytest.mark.parametrize("rule", EXECUTED)
def test_the_example_is_found(rule, judge_bytes):  # noqa: F811 - the fixture
    example = NOTES[rule]["example"]
    judged = judge_bytes(file_of(example), authority=example.get("authority", "agency"))
    found = [finding for finding in judged.findings if finding.rule == rule]
    assert found, [finding.rule for finding in judged.findings]
    for what, expected in (NOTES[rule].get("finds") or {}).items():
        assert getattr(found[0], what) == expected


def test_ours_compared_says_what_the_warehouse_holds(judge_bytes):  # noqa: F811 - the fixture
    page = (
        "<html><head><meta name='generator' content='ITA warehouse: report'></head><body>"
        "<h1>รายงานผลการประเมินคุณธรรมและความโปร่งใสในการดำเนินงาน ปีงบประมาณ พ.ศ. 2568</h1>"
        "<p>องค์การบริหารส่วนตำบลสามพร้าว อำเภอเมืองอุดรธานี จังหวัดอุดรธานี</p>"
        "<p>คะแนนภาพรวมของหน่วยงาน 91.15 คะแนน</p>"
        "<p>ใช้คะแนนที่ประกาศเป็นหลักในการจัดระดับและลำดับ</p></body></html>"
    )
    judged = judge_bytes(page, last={("S1", 2568): 90.15})
    [found] = [finding for finding in judged.findings if finding.rule == "ours_compared"]
    assert found.value == "91.15" and "90.15" in found.message_en
