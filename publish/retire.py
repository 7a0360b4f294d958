"""Before a build is made: the one before leaves `mart` and is dropped."""

from datetime import datetime

import psycopg
from psycopg import sql

from publish import dependents, readers, views
from warehouse.connect import one


def run(connection: psycopg.Connection, at: datetime) -> None:
    """Show the published build alone, and drop what was built before it, with a candidate that
    came to nothing. Readers who still look at it have ten seconds (publish/readers.py)."""
    number = views.number_shown(connection)
    if number and is_there(connection, "retired"):
        readers.let_old_snapshots_go(connection)
        readers.let_work(
            connection, lambda: _show_only(connection, number, at), readers.VIEWS_ON_MART
        )
    readers.let_work(connection, lambda: _drop_all_but(connection, number), readers.BUILDS_BEFORE)


def is_there(connection: psycopg.Connection, schema: str) -> bool:
    """Is there a schema of that name?"""
    return one(connection.execute("select to_regnamespace(%s)", [schema]))[0] is not None


def _show_only(connection: psycopg.Connection, number: int, at: datetime) -> None:
    own_views = dependents.locked(connection)
    connection.execute(views.script_of_mart(connection, [number], "published"))
    dependents.point_again(connection, own_views, at)


def _drop_all_but(connection: psycopg.Connection, number: int) -> None:
    connection.execute("delete from ops.build where schema_name <> 'published'")
    schemas = connection.execute(
        """
        select nspname from pg_namespace
        where nspname in ('retired', 'candidate') or nspname like 'mart\\_before\\_%%'
            or (nspname like 'shown\\_%%' and nspname <> %s)""",
        [f"shown_{number}"],
    ).fetchall()
    for (name,) in schemas:
        connection.execute(sql.SQL("drop schema {} cascade").format(sql.Identifier(name)))
