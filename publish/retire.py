"""Before a build is made: what was shown before the build before is dropped.

The build before (`retired`) stays whole until the next one takes its place, so that one can go back
to it (publish/rollback.py). It is `outgoing` then, and goes here, when its readers have gone.
"""

import psycopg
from psycopg import sql

from publish import readers, views
from warehouse.connect import one


def run(connection: psycopg.Connection) -> None:
    """Drop what no view of `mart` needs, with a candidate that came to nothing. Readers who still
    look at it have ten seconds (publish/readers.py)."""
    number = views.number_shown(connection)
    if number and is_there(connection, "outgoing"):
        readers.let_old_snapshots_go(connection)
    readers.let_work(connection, lambda: _drop(connection, number), readers.BUILDS_BEFORE)


def is_there(connection: psycopg.Connection, schema: str) -> bool:
    """Is there a schema of that name?"""
    return one(connection.execute("select to_regnamespace(%s)", [schema]))[0] is not None


def _drop(connection: psycopg.Connection, number: int) -> None:
    connection.execute("delete from ops.build where schema_name = 'candidate'")
    schemas = connection.execute(
        """
        select nspname from pg_namespace
        where nspname in ('outgoing', 'candidate') or nspname like 'mart\\_before\\_%%'
            or (nspname like 'shown\\_%%' and nspname <> all (%s))""",
        [[f"shown_{number}", f"shown_{number - 1}"]],
    ).fetchall()
    for (name,) in schemas:
        connection.execute(sql.SQL("drop schema {} cascade").format(sql.Identifier(name)))
