"""Is a build still what was made? Who has the owner's rights can change its tables."""

import psycopg
from psycopg import sql

from warehouse.connect import one

KINDS = """
    select relname, relkind = 'r' from pg_class
    where relnamespace = to_regnamespace(%s) and relkind in ('r', 'v')"""


def changed(connection: psycopg.Connection, schema: str, counted: dict[str, int]) -> list[str]:
    """What is gone of a build's tables and views, and tables with other numbers of rows than were
    counted when they were made (ops.build.counts). Some views show what has happened since."""
    is_table: dict[str, bool] = dict(connection.execute(KINDS, [schema]).fetchall())
    return sorted(
        name
        for name, rows in counted.items()
        if name not in is_table or (is_table[name] and rows_of(connection, schema, name) != rows)
    )


def rows_of(connection: psycopg.Connection, schema: str, name: str) -> int:
    """The number of rows of a table or view."""
    statement = sql.SQL("select count(*) from {}").format(sql.Identifier(schema, name))
    return int(one(connection.execute(statement))[0])
