"""The subjects of proposed measures: complete for every year, few enough for a small agency."""

import csv
import re

import pytest

from warehouse import settings

YEARS = range(2564, 2569)
TEXTS = (
    "deficiency_th",
    "recommendation_th",
    "measure_th",
    "steps_th",
    "evidence_th",
    "followup_th",
)


def seed(name):
    with (settings.SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def items():
    return seed("framework_item")


@pytest.fixture(scope="module")
def remedies():
    return seed("remedy")


def test_every_item_indicator_and_instrument_has_its_subject(items):
    subjects = {
        (row["instrument"], row["indicator_no"], row["sub_indicator"]): row
        for row in seed("measure_group")
    }
    assert len(subjects) == len(seed("measure_group"))
    for row in items:
        key = (row["instrument"], row["indicator_no"])
        assert (*key, row["sub_indicator"]) in subjects
        assert (*key, "") in subjects  # where no item of the indicator is scored
        assert (row["instrument"], "", "") in subjects
    assert ("", "", "") in subjects


def test_a_small_agency_never_gets_more_than_fifteen_measures(items):
    for year in YEARS:
        found = {
            (row["indicator_no"], row["sub_indicator"])
            for row in items
            if row["fiscal_year"] == str(year)
        }
        assert len(found) == 15


def test_the_number_of_a_subject_begins_with_its_topic():
    for row in seed("measure_group"):
        assert int(row["measure_no"]) // 100 == int(row["topic_no"])
    kept = {row["topic_no"] for row in seed("measure_group") if row["keep_measure_th"]}
    assert kept == {row["topic_no"] for row in seed("topic")}


def test_every_topic_has_a_measure_to_draw_its_proposals_together_to():
    drawn = seed("drawn_measure")
    assert [row["topic_no"] for row in drawn] == [row["topic_no"] for row in seed("topic")]
    assert all(int(row["measure_no"]) == int(row["topic_no"]) * 100 + 50 for row in drawn)
    taken = {row["measure_no"] for row in seed("measure_group")}
    assert not taken & {row["measure_no"] for row in drawn}
    kinds = {row["responsible_kind"] for row in seed("responsible_unit")}
    assert {row["responsible_kind"] for row in drawn} <= kinds


def test_nothing_is_followed_up_more_often_than_quarterly(remedies):
    often = re.compile(r"ทุก(?:วัน|สัปดาห์|สองสัปดาห์|เดือน(?!ตุลาคม)|สิ้นเดือน|สองเดือน)|รายเดือน|รายสัปดาห์")
    subjects = (*seed("measure_group"), *seed("drawn_measure"))
    groups = [row[c] for row in subjects for c in row if c.startswith("followup")]
    assert [
        t for t in [*groups, *(row["followup_th"] for row in remedies)] if often.search(t)
    ] == []


def test_internal_audit_runs_nothing_that_it_audits(remedies):
    assert "audit" not in {row["responsible_kind"] for row in (*remedies, *seed("measure_group"))}


def test_remedies_fit_every_kind_of_agency(remedies):
    local = re.compile("หมู่บ้าน|เสียงตามสาย|หอกระจายข่าว|ผู้ใหญ่บ้าน|กำนัน|ประชาคม")
    assert [r["meaning"] for r in remedies for c in TEXTS if local.search(r[c])] == []


def test_every_meaning_has_words_that_it_is_known_by():
    rows = seed("meaning_keyword")
    assert {row["meaning"] for row in rows} == {row["meaning"] for row in seed("item_meaning")}
    assert all(all(word.strip() for word in row["keywords_th"].split("|")) for row in rows)
