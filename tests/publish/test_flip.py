"""The views of mart follow the tables of the build, also when a release changes their columns."""

import pytest

from publish import flip

VIEW = {"view_name": "flip_case", "rows": "whole", "hidden_columns": ""}


@pytest.fixture
def columns(warehouse):
    """columns("score", "level"): the columns of mart.flip_case after it was made of a table with these. Rolled back after the test."""
    with warehouse.transaction(force_rollback=True):
        warehouse.execute(
            "create schema if not exists mart; drop schema if exists candidate cascade; create schema candidate"
        )

        def shown(*names: str) -> list[str]:
            warehouse.execute(
                "drop table if exists candidate.old; alter table if exists candidate.flip_case rename to old"
            )
            warehouse.execute(
                f"create table candidate.flip_case ({', '.join(f'{name} text' for name in names)})"
            )
            flip._show(warehouse, VIEW)
            return [
                column.name
                for column in warehouse.execute("select * from mart.flip_case").description
            ]

        yield shown


def test_a_view_follows_added_renamed_and_removed_columns(columns):
    for names in (
        ["score", "level"],
        ["score", "level", "note"],
        ["score", "reason", "level"],
        ["score"],
    ):
        assert columns(*names) == names


def test_what_others_built_on_a_view_stays_when_its_columns_do(columns, warehouse):
    columns("score", "level")
    warehouse.execute("create view mart.of_an_analyst as select score from mart.flip_case")
    columns("score", "level", "note")
    assert warehouse.execute("select count(*) from mart.of_an_analyst").fetchone() == (0,)
