"""No build begins with a fiscal year that is whole in name only."""

from datetime import UTC, datetime

import pytest

from publish import years
from warehouse import reference
from warehouse.errors import BadInput

AT = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)


def put(connection, fiscal_year: int, kind: str, state: str = "accepted") -> None:
    """One submission with a unit of that year."""
    sha256 = f"{fiscal_year}".rjust(64, "0")
    connection.execute(
        "insert into raw.submission (submission_sha256, file_name, authority, received_at, state) "
        "values (%s, 'a.csv', 'agency', %s, %s)",
        [sha256, AT, state],
    )
    connection.execute(
        "insert into raw.unit (submission_sha256, agency_id, fiscal_year, kind) "
        "values (%s, 'S1', %s, %s)",
        [sha256, fiscal_year, kind],
    )


@pytest.fixture
def raw(warehouse):
    """The warehouse in a transaction that is undone."""
    with warehouse.transaction(force_rollback=True):
        warehouse.execute("truncate raw.submission cascade")
        yield warehouse


def provisional_year() -> int:
    return next(
        year for year, state in reference.states().items() if state == reference.PROVISIONAL
    )


def test_scores_of_a_year_that_is_not_complete_stop_the_build(raw):
    put(raw, max(reference.complete_years()), "scores")
    years.check(raw)
    put(raw, provisional_year(), "scores")
    with pytest.raises(BadInput, match=f"fiscal year {provisional_year()} is not complete"):
        years.check(raw)


@pytest.mark.parametrize(("kind", "state"), [("measures", "accepted"), ("scores", "withdrawn")])
def test_measures_and_withdrawn_scores_do_not(raw, kind, state):
    put(raw, provisional_year(), kind, state)
    years.check(raw)
