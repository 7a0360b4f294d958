"""The views of mart follow the tables of the build, also when a release changes their columns, and
what others have built on them follows too."""

from datetime import UTC, datetime

import pytest

from publish import access, dependents, views

VIEW = {"view_name": "flip_case", "rows": "own_province", "hidden_columns": ""}
AT = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture
def shown(warehouse, monkeypatch):
    """shown("score", "level"): publish a build whose flip_case has these columns and one row of
    province 83; the columns of mart.flip_case. Rolled back after the test."""
    access.apply(warehouse)
    monkeypatch.setattr(access, "views", lambda: [VIEW])
    with warehouse.transaction(force_rollback=True):
        warehouse.execute("delete from access.shown")

        def publish(*names: str) -> list[str]:
            number = views.number_shown(warehouse) + 1
            warehouse.execute("drop schema if exists candidate cascade; create schema candidate")
            columns = ", ".join(f"'{name} {number}'::text as {name}" for name in names)
            warehouse.execute(
                f"create table candidate.flip_case as select {columns}, '83' as province_code"
            )
            found = dependents.locked(warehouse)
            warehouse.execute(views.script_of_build(warehouse, number, "candidate"))
            numbers = [number, number - 1] if number > 1 else [number]
            warehouse.execute(views.script_of_mart(warehouse, numbers, "candidate"))
            dependents.point_again(warehouse, found, AT)
            warehouse.execute(
                "insert into access.shown (build_no) values (%s)"
                " on conflict (only_row) do update set build_no = excluded.build_no",
                [number],
            )
            warehouse.execute(f"alter schema candidate rename to build_{number}")
            described = warehouse.execute("select * from mart.flip_case").description
            return [column.name for column in described]

        yield publish


def test_a_view_follows_added_renamed_and_removed_columns(shown):
    for names in (
        ["score", "level"],
        ["score", "level", "note"],
        ["score", "reason", "level"],
        ["score"],
    ):
        assert shown(*names) == [*names, "province_code"]


def test_a_transaction_that_is_older_reads_the_build_before(shown, warehouse):
    shown("score")
    shown("score")
    assert warehouse.execute("select score from mart.flip_case").fetchall() == [("score 2",)]
    warehouse.execute("update access.shown set build_no = 1")
    assert warehouse.execute("select score from mart.flip_case").fetchall() == [("score 1",)]


@pytest.mark.parametrize("schema", ["mart", "of_an_analyst"])
def test_what_others_built_on_a_view_follows_it_with_its_grants(shown, warehouse, schema):
    shown("score", "level")
    warehouse.execute(f"create schema if not exists {schema}")
    warehouse.execute(f"create view {schema}.own as select score from mart.flip_case")
    warehouse.execute(f"grant select on {schema}.own to ita_province_83")
    warehouse.execute(f"grant create, usage on schema {schema} to ita_analyst")
    for number in (2, 3):
        # its owner may read mart and no more
        warehouse.execute(f"alter view {schema}.own owner to ita_analyst")
        shown("score", "level", "note")
        rows = warehouse.execute(f"select score from {schema}.own").fetchall()
        assert rows == [(f"score {number}",)]
        held = "select has_table_privilege('ita_province_83', %s, 'select')"
        assert warehouse.execute(held, [f"{schema}.own"]).fetchone() == (True,)


def test_a_view_that_no_longer_goes_is_noted_and_stops_nothing(shown, warehouse):
    shown("score", "level")
    warehouse.execute("create schema of_an_analyst")
    warehouse.execute("create view of_an_analyst.own as select level from mart.flip_case")
    assert shown("score") == ["score", "province_code"]
    noted = warehouse.execute(  # other tests of the run have noted what they did
        "select reason_en from ops.interference where role_name = 'of_an_analyst.own'"
    ).fetchall()
    assert len(noted) == 1 and "level" in noted[0][0]


def test_a_view_given_by_hand_stays_given(shown, warehouse):
    shown("score")
    warehouse.execute("create role guest_of_this_test")
    warehouse.execute("grant usage on schema mart to guest_of_this_test")
    warehouse.execute("grant select on mart.flip_case to guest_of_this_test")
    shown("score")
    may = "select has_table_privilege('guest_of_this_test', 'mart.flip_case', 'select')"
    assert warehouse.execute(may).fetchone() == (True,)
