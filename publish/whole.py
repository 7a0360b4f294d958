"""Is a build still what was made? Who has the owner's rights can change its tables."""

import psycopg
from psycopg import sql

from warehouse.connect import one


def counts(connection: psycopg.Connection, schema: str, names: list[str]) -> dict[str, int]:
    """Table or view of a build's schema -> its rows; without those that are not there."""
    there = connection.execute(
        "select relname from pg_class where relnamespace = to_regnamespace(%s)"
        " and relkind in ('r', 'v') and relname = any (%s)",
        [schema, names],
    ).fetchall()
    return {name: _rows(connection, schema, name) for (name,) in there}


def changed(connection: psycopg.Connection, schema: str, counted: dict[str, int]) -> list[str]:
    """The tables that are gone, or have other numbers of rows than were counted when they were
    made (ops.build.counts)."""
    now = counts(connection, schema, list(counted))
    return sorted(name for name in counted if now.get(name) != counted[name])


def _rows(connection: psycopg.Connection, schema: str, name: str) -> int:
    statement = sql.SQL("select count(*) from {}").format(sql.Identifier(schema, name))
    return int(one(connection.execute(statement))[0])
