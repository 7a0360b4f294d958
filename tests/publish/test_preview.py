"""What a publication would change, and when a person must look first."""

from datetime import UTC, datetime, timedelta

import pytest

from publish import candidate, preview
from warehouse.errors import BadInput

AT = datetime(2026, 11, 20, tzinfo=UTC)
CANDIDATE = {"build_id": "b-test", "published": True}


@pytest.fixture
def builds(warehouse):
    """Two builds of 100 agencies each, scores 1 to 100 in FY2568. Rolled back after the test."""
    with warehouse.transaction(force_rollback=True):
        for schema in ("published", "candidate"):
            warehouse.execute(f"""
                drop schema if exists {schema} cascade; create schema {schema};
                create table {schema}.assessment as
                    select 'A' || n as agency_id, 2568 as fiscal_year, n::numeric
                        as overall_score, 'urgent' as level_code from generate_series(1, 100) as n;
                create table {schema}.national_ranking as
                    select agency_id, fiscal_year, rank() over (order by overall_score desc)
                        as national_rank from {schema}.assessment;
                create table {schema}.provincial_ranking as
                    select agency_id, fiscal_year, national_rank as province_rank
                        from {schema}.national_ranking;
                create table {schema}.publication_rule (fiscal_year integer, rule text,
                    value numeric);
                insert into {schema}.publication_rule values (2568, 'hold_above_share', 0.10),
                    (2568, 'hold_from_agency_years', 5)""")
        warehouse.execute(
            """insert into ops.build (schema_name, build_id, inputs_sha256, inputs, state, built_at)
                             values ('candidate', 'b-test', 'x', '{}', 'audited', %s)""",
            [AT],
        )
        yield warehouse


def held_for(connection) -> str | None:
    (said,) = connection.execute("select held_for from ops.build").fetchone()
    return said


def changes(connection) -> dict:
    return dict(
        connection.execute("select change, count(*) from ops.change_preview group by 1").fetchall()
    )


def test_equal_builds_change_nothing(builds):
    assert preview.write(builds, CANDIDATE) == 0
    preview.hold(builds, CANDIDATE)


def test_one_better_score_moves_its_own_row_and_the_ranks_that_it_passes(builds):
    builds.execute("update candidate.assessment set overall_score = 98.5 where agency_id = 'A90'")
    builds.execute("""update candidate.national_ranking as r set national_rank = n.rank from
                      (select agency_id, rank() over (order by overall_score desc)
                          from candidate.assessment) as n where n.agency_id = r.agency_id""")
    assert preview.write(builds, CANDIDATE) == 9
    assert changes(builds) == {"score": 1, "rank": 8}  # A90 passes A91 … A98
    row = builds.execute(
        "select overall_before, overall_after, national_rank_before, national_rank_after from "
        "ops.change_preview "
        "where agency_id = 'A90'"
    ).fetchone()
    assert row == (90, 98.5, 11, 3)
    preview.hold(builds, CANDIDATE)


def test_new_and_gone_agency_years_are_told_apart(builds):
    builds.execute("delete from candidate.assessment where agency_id = 'A1'")
    builds.execute("insert into candidate.assessment values ('A101', 2568, 50, 'urgent')")
    preview.write(builds, CANDIDATE)
    assert changes(builds)["gone"] == 1 and changes(builds)["new"] == 1


def test_ten_of_a_hundred_pass_and_eleven_wait_for_a_person(builds):
    builds.execute(
        "update candidate.assessment set overall_score = overall_score + 0.5 where "
        "overall_score <= 10"
    )
    preview.write(builds, CANDIDATE)
    preview.hold(builds, CANDIDATE)
    assert held_for(builds) is None
    builds.execute(
        "update candidate.assessment set overall_score = overall_score + 0.5 where "
        "overall_score = 11"
    )
    preview.write(builds, CANDIDATE)
    with pytest.raises(BadInput, match="FY2568: 11 of 100"):
        preview.hold(builds, CANDIDATE)
    assert held_for(builds) == "FY2568: 11 of 100 published agency-years"  # no night need know
    preview.approve(builds, "b-test", "a person", AT)
    preview.hold(builds, CANDIDATE)


def test_a_refused_build_is_not_shown_until_somebody_approves_it_after_all(builds):
    assert candidate.to_publish(builds)["build_id"] == "b-test"
    assert preview.refuse(builds, "b-test", "a person", "wrong year", AT)
    assert candidate.to_publish(builds) is None
    said = {"build_id": "b-test", "at": AT, "by": "a person", "reason": "wrong year"}
    assert candidate.refused(builds) == said
    assert not preview.refuse(builds, "b-test", "another", "twice is as once", AT)
    assert candidate.refused(builds) == said
    preview.approve(builds, "b-test", "a person", AT + timedelta(hours=1))
    assert candidate.refused(builds) is None
    assert candidate.to_publish(builds)["build_id"] == "b-test"


def test_the_last_word_counts_though_the_clock_was_set_back_between_two(builds):
    for hours in (3, 6):  # each word is given three hours before the one before
        at = AT - timedelta(hours=hours)
        preview.refuse(builds, "b-test", "a person", "wrong year", at)
        assert candidate.to_publish(builds) is None
        preview.approve(builds, "b-test", "another", at - timedelta(hours=1))
        assert candidate.to_publish(builds)["build_id"] == "b-test"
    builds.execute("insert into ops.rollback values ('b-test', %s, 'a person', 'wrong')", [AT])
    with pytest.raises(BadInput, match="took b-test back"):
        preview.hold(builds, CANDIDATE)
    preview.approve(builds, "b-test", "another", AT - timedelta(hours=9))
    preview.hold(builds, CANDIDATE)


def test_a_refusal_is_of_one_build_only(builds):
    preview.refuse(builds, "b-test", "a person", "wrong year", AT)
    builds.execute("update ops.build set build_id = 'b-next' where schema_name = 'candidate'")
    assert candidate.to_publish(builds)["build_id"] == "b-next"


def test_few_changes_never_hold_however_large_their_share(builds):
    builds.execute(
        "update candidate.publication_rule set value = 20 where rule = 'hold_from_agency_years'"
    )
    builds.execute("update candidate.assessment set overall_score = 99 where overall_score <= 19")
    preview.write(builds, CANDIDATE)
    preview.hold(builds, CANDIDATE)


def test_the_first_publication_is_never_held(builds):
    first = {**CANDIDATE, "published_schema": None}
    assert preview.write(builds, first) == 0
    preview.hold(builds, first)


def test_only_an_audited_candidate_can_be_approved(builds):
    with pytest.raises(BadInput, match="no audited candidate"):
        preview.approve(builds, "b-other", "a person", AT)
