"""The fiscal years of a build: none comes in by halves."""

import psycopg

from warehouse import reference
from warehouse.errors import BadInput


def check(connection: psycopg.Connection) -> None:
    """Raises BadInput, before anything is built, where a year is whole in name only.

    A year that is marked complete and lacks reference rows; a year that has scores in the warehouse
    and is not marked complete (any more).
    """
    complete = reference.complete_years()
    found = connection.execute(
        """
        select fiscal_year, count(distinct agency_id) from raw.unit
        join raw.submission using (submission_sha256)
        where kind = 'scores' and state in ('accepted', 'accepted_with_warnings')
            and fiscal_year <> all(%s)
        group by fiscal_year order by fiscal_year limit 1""",
        [complete],
    ).fetchone()
    if found:
        raise BadInput(
            f"fiscal_year.csv: fiscal year {found[0]} is not complete and the warehouse has scores "
            f"of it, of {found[1]} agencies",
            "mark it complete with all its rows, or withdraw its scores (ita withdraw)",
        )
