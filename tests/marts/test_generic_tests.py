"""The generic dbt tests find what they are for, and only that: each on a small table."""

import re

import jinja2
import pytest

from warehouse import settings

GENERIC = settings.DBT_PROJECT / "tests" / "generic"
ROWS = """(values
    ('A', 2567, 1.0), ('A', 2568, 1.0), ('A', 2568, 2.0),  -- A of 2568 twice
    (null, 2568, 1.0), (null, 2568, 2.0),                  -- no name twice: null is a value
    ('B', 2566, 1.0), ('B', 2566, 1.0),                    -- twice in a year that stays
    ('C', 2568, null)                                      -- a null where none may be
) as tested (agency_id, fiscal_year, score)"""


def failing(name: str, connection, **arguments) -> set[tuple]:
    """The rows that a generic test of dbt gives; `{% test %}` is a macro under another name."""
    source = (GENERIC / f"{name}.sql").read_text(encoding="utf-8")
    source = re.sub(r"\{% test (\w+)\(", r"{% macro \1(", source).replace("endtest", "endmacro")
    environment = jinja2.Environment(autoescape=False)  # noqa: S701 - SQL of our own, no page
    module = environment.from_string(source).make_module(
        {"is_rebuilt": lambda: "fiscal_year >= 2567"}
    )
    sql = getattr(module, name)(f"(select * from {ROWS}) as model", **arguments)
    return {tuple(row) for row in connection.execute(sql).fetchall()}


@pytest.mark.parametrize(
    ("kept_years", "expected"),
    [
        (
            False,
            {
                ("A", 2568, "occurs 2 times"),
                (None, 2568, "occurs 2 times"),
                ("B", 2566, "occurs 2 times"),
                ("C", 2568, "null in fiscal_year, score"),
            },
        ),
        (
            True,  # B's year was tested when it was built
            {
                ("A", 2568, "occurs 2 times"),
                (None, 2568, "occurs 2 times"),
                ("C", 2568, "null in fiscal_year, score"),
            },
        ),
    ],
)
def test_sound_rows(warehouse, kept_years, expected):
    found = failing(
        "sound_rows",
        warehouse,
        key=["agency_id", "fiscal_year"],
        no_nulls=["fiscal_year", "score"],
        kept_years=kept_years,
    )
    assert found == expected


def test_unique_key(warehouse):
    found = failing("unique_key", warehouse, columns=["agency_id", "fiscal_year"])
    assert found == {("A", 2568, 2), (None, 2568, 2), ("B", 2566, 2)}


def test_unique_key_of_more_columns(warehouse):
    found = failing("unique_key", warehouse, columns=["agency_id", "fiscal_year", "score"])
    assert found == {("B", 2566, 1, 2)}  # the others differ in their scores
