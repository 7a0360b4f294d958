"""Gate 2: each check passes on a sound candidate and finds its planted defect."""

import pytest

from expectations import candidate
from expectations.check import CRITICAL
from tests.expectations.conftest import OFFICIAL, OWN, YEAR, failing_rows

SUITES = candidate.suites(first_year=0, published=True)
KEEPING = candidate.suites(
    first_year=YEAR + 1, published=True
)  # a build that took over the one year of the country
CHECKS = [check.name for suite in SUITES for check in suite.checks]
C, P = "candidate", "published"

DEFECTS = {
    "agency_is_unique": f"insert into {C}.agency select * from {C}.agency where agency_id = 'A1'",
    "agency_type_is_known": f"update {C}.agency set agency_type = 'club' where agency_id = 'A1'",
    "province_is_known": f"update {C}.assessment set province_code = '99' where agency_id = 'A1'",
    "agency_is_registered": f"insert into {C}.remark values ('A9')",
    "agency_year_is_unique": f"insert into {C}.assessment select * from {C}.assessment where "
    "agency_id = 'A1'",
    "assessment_in_range": f"update {C}.assessment set oit_score = 100.01 where agency_id = 'A1'",
    "level_is_known": f"update {C}.assessment set level_code = 'AA' where agency_id = 'A1'",
    "pass_fits_score": f"update {C}.assessment set overall_score = 84.99 where agency_id = 'A2'",
    "assessment_counts_no_withdrawn_file": "update raw.submission set state = 'withdrawn' where "
    f"submission_sha256 = '{OFFICIAL}'",
    "accepted_score_is_assessed": f"delete from {C}.assessment where agency_id = 'A2'",
    "recomputed_is_near": f"update {C}.assessment set score_gap = 0.03 where agency_id = 'A1'",
    "indicator_in_range": f"update {C}.indicator_score set score = -1",
    "indicator_has_assessment": f"update {C}.indicator_score set fiscal_year = {YEAR - 1}",
    "item_in_range": f"update {C}.item_score set points_lost = null where item_code = 'i1'",
    "item_in_framework": f"update {C}.item_score set item_code = 'o29', title_th = null where "
    "item_code = 'o28'",
    "item_has_assessment": f"update {C}.item_score set fiscal_year = {YEAR - 1}",
    "items_are_not_more_than_the_framework": f"insert into {C}.item_score select * from "
    f"{C}.item_score where item_code = 'i1'",
    "points_lost_add_up": f"update {C}.item_score set points_lost = 2.49 where item_code = 'o1'",
    "national_ranking_is_whole": f"delete from {C}.national_ranking where agency_id = 'A4'",
    "national_rank_is_right": f"update {C}.national_ranking set national_rank = 3 where agency_id "
    "= 'A4'",
    "type_rank_is_right": f"update {C}.national_ranking set type_rank = 3 where agency_id = 'A3'",
    "provincial_ranking_is_whole": f"update {C}.provincial_ranking set province_code = '10' where "
    "agency_id = 'A3'",
    "province_rank_is_right": f"update {C}.provincial_ranking set province_count = 4",
    "deficiencies_are_counted": f"delete from {C}.agency_deficiency where item_code = 'e1'",
    "deficient_within_assessed": f"update {C}.common_deficiency set deficient_share = 33.32",
    "scopes_add_up": f"update {C}.common_deficiency set agencies_deficient = 2 where scope = "
    "'province_type' and item_code = 'o1'",
    "regions_add_up": f"update {C}.common_deficiency set agencies_assessed = 4 where scope = "
    "'region' and item_code = 'o2'",
    "deficiency_rank_is_right": f"update {C}.common_deficiency set deficiency_rank = 2 where "
    "item_code = 'o2'",
    "national_summary_adds_up": f"update {C}.national_summary set mean_score = 86.93",
    "national_figures_are_as_announced": f"update {C}.national_summary set mean_score = 86.80",
    "province_summary_adds_up": f"update {C}.province_summary set agencies_passed = 2",
    "progress_has_its_measure": f"update {C}.measure_progress set measure_no = 2",
    "kept_years_are_kept": f"update {C}.indicator_score set score = 93.74",
    "agency_year_is_kept": f"delete from {C}.assessment where agency_id = 'A4'",
    "rows_fell_without_cause": f"delete from {C}.item_score where item_code <> 'o1'",
    "rows_fell": f"delete from {C}.national_ranking where agency_id = 'A4'",
    "score_changed_without_cause": f"update {C}.assessment set overall_score = 90.01 where "
    "agency_id = 'A2'",
}


def failing(country, name):
    return failing_rows(
        country,
        candidate._framework_size(),
        KEEPING if name == "kept_years_are_kept" else SUITES,
        name,
    )


@pytest.mark.parametrize("name", CHECKS)
def test_a_sound_build_passes(country, name):
    assert failing(country, name) == []


@pytest.mark.parametrize("name", CHECKS)
def test_a_planted_defect_is_found(country, name):
    country.execute(DEFECTS[name])
    assert failing(country, name)


def test_checks_speak_thai_and_english_and_name_who_fixes():
    for suite in SUITES:
        for check in suite.checks:
            assert any("\u0e01" <= letter <= "\u0e2e" for letter in check.message_th), check.name
            assert (
                check.message_en.isascii() or "−" in check.message_en or "≤" in check.message_en
            ), check.name
            assert check.who_fixes in ("agency", "data team", "developer", "a person looks"), (
                check.name
            )


@pytest.mark.parametrize(
    "defect",
    [
        f"update {C}.national_ranking set national_rank = national_rank - 1",  # does not start at 1
        f"update {C}.national_ranking set national_rank = 3 where agency_id = 'A4'",  # 1, 2, 2, 3
        f"update {C}.national_ranking set national_rank = 3 where agency_id = 'A3'",  # a tie broken
        f"update {C}.national_ranking set national_count = 5",
    ],
)
def test_ranks_are_1_2_2_4(country, defect):
    country.execute(defect)
    assert failing(country, "national_rank_is_right")


@pytest.mark.parametrize(
    "defect",
    [
        f"update {C}.province_summary set mean_score = 92.51",
        f"update {C}.province_summary set pass_share = 99.99",
        f"update {C}.province_summary set agencies = 2",
        f"""update {C}.province_summary set level_counts = '{{"good": 2}}'""",
        f"delete from {C}.province_summary",
    ],
)
def test_every_figure_of_a_summary_is_checked(country, defect):
    country.execute(defect)
    assert failing(country, "province_summary_adds_up")


def test_a_gap_of_two_hundredths_passes_from_items_but_not_from_indicators(country):
    country.execute(f"update {C}.assessment set score_gap = 0.02 where agency_id = 'A1'")
    assert failing(country, "recomputed_is_near") == []
    country.rollback()
    country.execute(
        f"update {C}.assessment set score_gap = -0.02, recomputed_basis = 'indicators' where "
        "agency_id = 'A1'"
    )
    assert failing(country, "recomputed_is_near")


def test_points_lost_are_not_asked_of_an_incomplete_submission(country):
    country.execute(f"delete from {C}.item_score where item_code = 'o1'")
    assert failing(country, "points_lost_add_up") == []


def test_points_lost_of_both_parts_count_as_one_item(country):
    country.execute(
        f"update {C}.item_score set eit_part = 'public', points_lost = 1.5 where item_code = 'e1'"
    )
    country.execute(f"""insert into {C}.item_score
                        select agency_id, fiscal_year, item_code, 'survey', score, 0, title_th
                            from {C}.item_score where item_code = 'e1'""")
    assert failing(country, "points_lost_add_up")
    country.execute(
        f"drop table batch, framework_size; update {C}.assessment set recomputed_score = 96 where "
        "agency_id = 'A1'"
    )
    assert failing(country, "points_lost_add_up") == []


def test_an_agency_year_may_go_by_a_recorded_withdrawal(country):
    country.execute(
        f"update raw.submission set state = 'withdrawn' where submission_sha256 = '{OFFICIAL}'"
    )
    country.execute(f"delete from {C}.assessment where agency_id = 'A4'")
    assert failing(country, "agency_year_is_kept")  # the withdrawal is not on record
    country.execute("drop table batch, framework_size")
    country.execute(
        f"insert into ops.withdrawal values ('{OFFICIAL}', '2025-09-01', 'sent by mistake')"
    )
    assert failing(country, "agency_year_is_kept") == []


def test_an_agency_year_may_go_by_a_newer_submission_without_scores_only(country):
    country.execute("""insert into raw.submission (submission_sha256, file_name, authority, layout,
        received_at, state)
                       values (repeat('5', 64), 'newer.json', 'nacc', 'json', '2025-09-01',
                           'accepted')""")
    country.execute(f"insert into raw.unit values ('{'5' * 64}', 'A4', {YEAR}, 'scores', 1, 1)")
    country.execute(f"delete from {C}.assessment where agency_id = 'A4'")
    assert failing(country, "agency_year_is_kept") == []
    country.execute("drop table batch, framework_size")
    country.execute(
        "insert into raw.score (submission_sha256, agency_id, fiscal_year, level, score) values "
        f"('{'5' * 64}', 'A4', {YEAR}, 'overall', 71)"
    )
    assert failing(country, "agency_year_is_kept")


def test_rows_may_fall_when_a_submission_has_gone(country):
    country.execute(f"delete from {C}.item_score where item_code <> 'o1'")
    (row,) = failing(country, "rows_fell_without_cause")
    assert (row["table_name"], row["last_build"], row["this_build"]) == ("item_score", 52, 1)
    country.execute(
        'drop table batch, framework_size; update ops.build set inputs = \'{"submissions": ["1"]}\''
    )
    assert failing(country, "rows_fell_without_cause") == []


def test_a_score_from_a_newer_file_may_change(country):
    country.execute(
        f"update {C}.assessment set overall_score = 91, submission_sha256 = '{OWN}' where "
        "agency_id = 'A2'"
    )
    assert failing(country, "score_changed_without_cause") == []


def test_the_first_build_is_compared_with_nothing():
    names = {check.name for suite in candidate.suites(0, published=False) for check in suite.checks}
    assert not names & {"agency_year_is_kept", "rows_fell"}
    assert "published." not in str(candidate.suites(0, published=False))


def test_the_gate_opens_for_a_sound_build(country_url):
    url, connection = country_url
    assert candidate.run(url, "b1", first_year=0, published=True)
    rows = connection.execute(
        "select success, severity from ops.check_result where build_id = 'b1' and gate = "
        "'candidate'"
    ).fetchall()
    assert rows and all(success for success, _ in rows)


def test_the_gate_closes_for_a_spoilt_build(country_url):
    url, connection = country_url
    connection.execute(f"update {C}.national_ranking set national_rank = 3 where agency_id = 'A4'")
    assert not candidate.run(url, "b2", first_year=0, published=True)
    failed = connection.execute(
        "select check_name, severity, sample from ops.check_result where build_id = 'b2' and not "
        "success"
    ).fetchall()
    assert [(name, severity) for name, severity, _ in failed] == [
        ("national_rank_is_right", CRITICAL)
    ]
    assert failed[0][2][0]["expected_rank"] == 4


def test_items_of_kept_years_are_not_read_again(country):
    country.execute(f"update {C}.item_score set score = 101")
    assert failing(country, "item_in_range")
    country.execute("drop table batch, framework_size")
    assert failing_rows(country, candidate._framework_size(), KEEPING, "item_in_range") == []


def test_a_kept_year_that_is_lost_is_found(country):
    country.execute(f"delete from {C}.agency_deficiency")
    assert [row["table_name"] for row in failing(country, "kept_years_are_kept")] == [
        "agency_deficiency"
    ]
