"""Logging in as headquarters and as two provinces: what each sees in every view, and what nobody
but the owner sees.
"""

import contextlib

import psycopg
import pytest

from publish import access

PHAYAO, TAK = "56", "63"
# The samples hold one year of each of five agencies: nothing to compare with a year before. What
# these hold of a country with a past is tested in tests/marts.
EMPTY_ON_THE_SAMPLES = {"level_change", "neighbour"}
OWN = [row["view_name"] for row in access.views() if row["rows"] == "own_province"]
WHOLE = [row["view_name"] for row in access.views() if row["rows"] == "whole"]


def count(connection, view: str, where: str = "true") -> int:
    return connection.execute(f"select count(*) from mart.{view} where {where}").fetchone()[0]


@pytest.fixture(scope="module")
def logins(night):
    names = ["ita_analyst", "ita_pack", f"ita_province_{PHAYAO}", f"ita_province_{TAK}"]
    connections = {name: night.connect(name) for name in names} | {"owner": night.connect()}
    yield connections
    for connection in connections.values():
        connection.close()


@pytest.mark.parametrize("view", [row["view_name"] for row in access.views()])
def test_headquarters_and_the_pack_writer_see_every_row(logins, view):
    assert (
        count(logins["ita_analyst"], view)
        == count(logins["ita_pack"], view)
        == count(logins["owner"], view)
    )


@pytest.mark.parametrize("view", WHOLE)
def test_provinces_see_national_views_whole(logins, view):
    rows = count(logins[f"ita_province_{PHAYAO}"], view)
    assert rows == count(logins["owner"], view)
    assert (rows == 0) == (view in EMPTY_ON_THE_SAMPLES)


@pytest.mark.parametrize("province", [PHAYAO, TAK])
@pytest.mark.parametrize("view", OWN)
def test_provinces_see_their_own_rows_only(logins, view, province):
    own = count(logins["owner"], view, f"province_code = '{province}'")
    assert count(logins[f"ita_province_{province}"], view) == own
    assert count(logins[f"ita_province_{province}"], view, f"province_code <> '{province}'") == 0


def test_phayao_has_rows_and_tak_has_rows(logins):
    """The counts above are no comparison of nothing with nothing."""
    assert count(logins[f"ita_province_{PHAYAO}"], "item_score") == 87
    assert count(logins[f"ita_province_{TAK}"], "indicator_score") == 10


def test_submissions_of_other_provinces_are_hidden(logins):
    own = (
        logins["owner"]
        .execute("select count(*) from mart.submission where province_codes = array['56']")
        .fetchone()[0]
    )
    assert (
        count(logins[f"ita_province_{PHAYAO}"], "submission")
        == own
        < count(logins["owner"], "submission")
    )


def test_where_a_score_came_from_is_null_outside_the_own_province(logins):
    rows = (
        logins[f"ita_province_{PHAYAO}"]
        .execute(
            "select province_code, submission_sha256 is not null, received_at is not null from "
            "mart.assessment"
        )
        .fetchall()
    )
    assert (
        sorted(rows)
        == sorted((province, province == PHAYAO, province == PHAYAO) for province, _, _ in rows)
        and len(rows) == 3
    )


@pytest.mark.parametrize(
    "statement",
    [
        "select * from raw.score",
        "select * from ops.publication",
        "select * from access.role_scope",
        "select * from published.assessment",
        "select access.sees_all('ita_owner')",
        "set role ita_owner",
        "set session authorization ita_owner",
        "create table mine (a int)",
        "create temporary table mine (a int)",
        "select pg_read_file('/etc/passwd')",
        "copy (select 1) to program 'true'",
        "create view mart.mine as select 1",
        "delete from mart.assessment",
        "select lo_import('/etc/passwd')",
    ],
)
@pytest.mark.parametrize("role", ["ita_analyst", f"ita_province_{PHAYAO}"])
def test_nothing_outside_mart_and_no_way_to_write(logins, role, statement):
    connection = logins[role]
    connection.execute("set default_transaction_read_only = off")
    # there is no schema that a role could create in: "no schema has been selected" is a refusal
    # too, and "cannot delete from view" of one that is a union
    refusals = (
        psycopg.errors.InsufficientPrivilege,
        psycopg.errors.InvalidSchemaName,
        psycopg.errors.ObjectNotInPrerequisiteState,
    )
    with pytest.raises(refusals):
        connection.execute(statement)


@pytest.mark.parametrize(
    "setting",
    [
        "set search_path = published, access, mart",
        "set row_security = off",
        "select set_config('role', 'none', false)",
        "set session_replication_role = default",
    ],
)
def test_no_setting_widens_what_a_province_sees(logins, setting):
    connection = logins[f"ita_province_{PHAYAO}"]
    before = count(connection, "item_score")
    with contextlib.suppress(psycopg.errors.InsufficientPrivilege):
        connection.execute(setting)
    assert count(connection, "item_score") == before
    connection.execute("reset all")


def test_a_function_of_the_users_own_sees_no_hidden_row(logins):
    """A cheap function in the where clause must not be run before the filter (security_barrier)."""
    plan = (
        logins[f"ita_province_{PHAYAO}"]
        .execute("select count(*) from mart.item_score where length(format('%s', agency_id)) > 0")
        .fetchone()[0]
    )
    assert plan == 87


def test_a_personal_login_sees_what_its_role_sees(night, logins):
    owner = logins["owner"]
    owner.execute("drop role if exists somchai")
    owner.execute(
        f"create role somchai login password 'only-for-this-test' in role ita_province_{PHAYAO}"
    )
    try:
        with psycopg.connect(
            night.dsn(), user="somchai", password="only-for-this-test"
        ) as connection:
            assert count(connection, "item_score") == 87
    finally:
        owner.execute("drop role somchai")


def test_every_view_and_column_says_what_it_is_in_both_languages(logins):
    """Thai — English, as a comment that any program shows beside the column."""
    said = (
        logins[f"ita_province_{TAK}"]
        .execute("""
            select c.relname, a.attname, coalesce(col_description(c.oid, a.attnum), '')
            from pg_class as c
            join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            where c.relnamespace = 'mart'::regnamespace
            union all
            select relname, '', coalesce(obj_description(oid), '') from pg_class
            where relnamespace = 'mart'::regnamespace""")
        .fetchall()
    )
    assert {view for view, _, _ in said} == {row["view_name"] for row in access.views()}
    halves = {(view, column): text.split(" — ", 1) for view, column, text in said}
    thai = {
        where for where, text in halves.items() if any("ก" <= letter <= "๛" for letter in text[0])
    }
    english = {where for where, text in halves.items() if len(text) == 2 and text[1].strip()}
    assert set(halves) - (thai & english) == set()
