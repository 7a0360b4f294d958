"""Gate 1: each check passes on a sound schema raw and finds its planted defect."""

import json

import pytest

from expectations import submissions
from tests.expectations.conftest import OFFICIAL, OWN, REGISTRY, YEAR, failing_rows
from warehouse import settings

CHECKS = [check.name for suite in submissions.suites() for check in suite.checks]
UNKNOWN = "9" * 64

DEFECTS = {
    "rows_add_up": "alter table raw.submission drop constraint submission_check; update "
    "raw.submission set rows_read = 56 where layout = 'long_table'",
    "state_fits_rows": "update raw.submission set state = 'accepted' where submission_sha256 = "
    f"'{OWN}'",
    "accepted_is_loaded": f"delete from raw.agency where submission_sha256 = '{REGISTRY}'",
    "agencies_add_up": "update raw.submission set agencies = 5 where submission_sha256 = "
    f"'{OFFICIAL}'",
    "agency_is_registered": "delete from raw.agency where agency_id = 'A2'",
    "rows_have_their_unit": "update raw.measure set fiscal_year = 2570",
    "score_in_range": "update raw.score set score = 100.01 where agency_id = 'A2'",
    "code_in_framework": "update raw.score set code = 'o29' where code = 'o28' and "
    f"submission_sha256 = '{OFFICIAL}'",
    "part_only_in_eit": "update raw.score set part = 'public' where code = 'i1' and "
    f"submission_sha256 = '{OFFICIAL}'",
    "score_is_unique": "insert into raw.score select * from raw.score where code = 'e1' and part "
    f"= 'public' and submission_sha256 = '{OWN}'",
    "official_instrument_is_whole": "delete from raw.score where code = 'o28' and "
    f"submission_sha256 = '{OFFICIAL}'",
    "template_is_whole": "update raw.submission set layout = 'template' where submission_sha256 "
    f"= '{OWN}'",
    "score_has_its_unit": "delete from raw.unit where agency_id = 'A3' and submission_sha256 = "
    f"'{OFFICIAL}'",
    "score_has_its_submission": "insert into raw.score (submission_sha256, agency_id, "
    f"fiscal_year, level, score) values ('{UNKNOWN}', 'A1', {YEAR}, 'overall', 1)",
    "unit_has_scores": "delete from raw.score where agency_id = 'A4'",
    "oit_item_is_0_or_100": "update raw.score set score = 50 where code = 'o2' and "
    f"submission_sha256 = '{OFFICIAL}'",
    "measure_ends_after_it_starts": "update raw.measure set ends_on = '2025-09-30'",
}


def failing(country, name, passed_before=()):
    return failing_rows(country, submissions.prepared(passed_before), submissions.suites(), name)


@pytest.mark.parametrize("name", CHECKS)
def test_sound_data_pass(country, name):
    assert failing(country, name) == []


@pytest.mark.parametrize("name", CHECKS)
def test_a_planted_defect_is_found(country, name):
    country.execute(DEFECTS[name])
    assert failing(country, name)


def test_failing_rows_carry_their_keys_and_place(country):
    country.execute(
        "update raw.score set score = -0.01, source_place = 'row 7' where agency_id = 'A2'"
    )
    (row,) = failing(country, "score_in_range")
    assert (
        row["submission_sha256"],
        row["agency_id"],
        row["fiscal_year"],
        row["source_place"],
    ) == (OFFICIAL, "A2", YEAR, "row 7")


def test_what_has_passed_before_is_not_read_again(country):
    country.execute("update raw.score set score = 101")
    assert {row["submission_sha256"] for row in failing(country, "score_in_range", [OFFICIAL])} == {
        OWN
    }


def test_a_unit_that_has_passed_before_does_not_lack_its_scores(country):
    assert failing(country, "unit_has_scores", [OFFICIAL]) == []


def test_not_a_number_is_out_of_range(country):
    country.execute("update raw.score set score = 'NaN' where agency_id = 'A2'")
    assert len(failing(country, "score_in_range")) == 1


def test_an_official_file_without_any_item_is_whole(country):
    country.execute(
        f"delete from raw.score where level = 'item' and submission_sha256 = '{OFFICIAL}'"
    )
    assert failing(country, "official_instrument_is_whole") == []


def test_what_is_withdrawn_is_not_judged(country):
    country.execute(
        "update raw.score set score = 500 where submission_sha256 in (select submission_sha256 "
        "from raw.submission where state = 'withdrawn')"
    )
    assert failing(country, "score_in_range") == []


def test_the_gate_opens_for_sound_data(country_url):
    url, connection = country_url
    assert submissions.run(url, "sound", [])
    rows = connection.execute(
        "select check_name, success from ops.check_result where build_id = 'sound' and gate = "
        "'submissions'"
    ).fetchall()
    assert dict(rows) == dict.fromkeys(CHECKS, True)


def test_the_gate_closes_on_a_critical_failure_and_says_what_failed(country_url):
    url, connection = country_url
    connection.execute("update raw.score set score = 101 where agency_id = 'A2'")
    assert not submissions.run(url, "spoilt", [])
    severity, count, sample, who, thai = connection.execute("""
        select severity, unexpected_count, sample, who_fixes, message_th from ops.check_result
        where build_id = 'spoilt' and check_name = 'score_in_range' and not success""").fetchone()
    assert (severity, count, sample[0]["agency_id"], who) == (
        "critical",
        1,
        "A2",
        "agency",
    ) and "คะแนน" in thai
    written = json.loads(
        (settings.home() / "documents" / "checks" / "submissions-spoilt.json").read_text(
            encoding="utf-8"
        )
    )
    assert not written["success"]
    assert {check["check_name"] for check in written["checks"] if not check["success"]} == {
        "score_in_range"
    }


def test_a_warning_leaves_the_gate_open(country_url):
    url, connection = country_url
    connection.execute("update raw.measure set ends_on = '2025-09-30'")
    assert submissions.run(url, "warned", [])
    assert connection.execute(
        "select check_name from ops.check_result where build_id = 'warned' and not success"
    ).fetchall() == [("measure_ends_after_it_starts",)]


def test_a_check_that_cannot_run_closes_the_gate(country_url):
    url, connection = country_url
    connection.execute("alter table raw.measure rename ends_on to finishes_on")
    assert submissions.run(url, "broken", [])  # its only check is a warning
    (sample,) = connection.execute(
        "select sample from ops.check_result where build_id = 'broken' and not success"
    ).fetchone()
    assert "ends_on" in sample[0]["error"]
    connection.execute("alter table raw.unit rename kind to sort")
    assert not submissions.run(url, "broken", [])
