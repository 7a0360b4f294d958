"""The schemas that are ours and not dbt's (raw, ops, access), and their versions.

The version of a warehouse is the number of the last change that it has. Each change is a file
`NNNN_what_it_does.sql` in this folder (version 1, the folder `0001_baseline/`, is the schema of
release 0.1.0 and also brings over warehouses older than it). To change raw, ops or access:

- add a file with the next number; two that landed with one number are refused by a test. Never edit
  a file that is on main: warehouses have run it. There is no way back; what was wrong is mended by
  the next file.
- the file runs once in every warehouse, in one transaction with all others that are missing, as the
  owner: no `create index concurrently`, no `vacuum`, no psql commands, no parameters; `%` is plain.
- it must keep what is there: a new column of a table with rows has a default or may be null, and is
  filled from what the row says already (raw holds years of submissions).
- add what must be true of an old warehouse's rows to tests/warehouse/test_schema.py.
"""

import re
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg.rows import tuple_row

from warehouse.connect import one
from warehouse.errors import Fault

FOLDER = Path(__file__).parent
VERSIONS = """
    create schema if not exists ops;
    -- Grain: change of the schemas that this warehouse has run (a file of warehouse/schema).
    create table if not exists ops.schema_version (
        version    integer primary key,
        name       text not null,
        applied_at timestamptz not null
    )"""


def changes() -> list[tuple[int, str, str]]:
    """(version, name, SQL) of every change in this folder, in order."""
    found = []
    for path in sorted(FOLDER.glob("[0-9]*_*")):
        named = re.fullmatch(r"(\d{4})_(\w+?)(?:\.sql)?", path.name)
        if not named:
            raise Fault(f"{path.name} is no change of the schemas", "name it NNNN_what_it_does.sql")
        version, name = named.groups()
        # the baseline's files in the order in which they need each other
        files = [path] if path.is_file() else [path / f"{s}.sql" for s in ("raw", "ops", "access")]
        found.append((int(version), name, "\n".join(file.read_text("utf-8") for file in files)))
    return found


def apply(connection: psycopg.Connection) -> list[str]:
    """Bring the schemas to the newest version; the names of the changes that were missing.

    One transaction: all of them or none. Nothing but a look where none is missing. Two at once: the
    second waits. Raises Fault for a warehouse of a newer release than this code.
    """
    files = changes()
    if _version(connection) == files[-1][0]:
        return []
    _make_table_of_versions(connection)
    done = []
    with connection.transaction():
        # a table of the owner's, not an advisory lock: those are free for every user to take
        connection.execute("lock table ops.schema_version in exclusive mode")
        has = _version(connection)
        if has > files[-1][0]:
            raise Fault(
                f"the warehouse has schema version {has}, this code knows {files[-1][0]}",
                "use the release that set it up, or a later one: there is no way back",
            )
        for version, name, statements in files:
            if version > has:
                connection.execute(statements)
                connection.execute(
                    "insert into ops.schema_version values (%s, %s, %s)",
                    [version, name, datetime.now(UTC)],
                )
                done.append(f"{version:04} {name}")
    return done


def _version(connection: psycopg.Connection) -> int:
    """The last change that the warehouse has; 0 for an empty one and one older than versions."""
    cursor = connection.cursor(row_factory=tuple_row)  # whatever rows the caller wants
    if not one(cursor.execute("select to_regclass('ops.schema_version')"))[0]:
        return 0
    return one(cursor.execute("select coalesce(max(version), 0) from ops.schema_version"))[0]


def _make_table_of_versions(connection: psycopg.Connection) -> None:
    try:
        with connection.transaction():
            connection.execute(VERSIONS)
    except psycopg.errors.UniqueViolation:  # another process makes it in this moment
        with connection.transaction():
            connection.execute(VERSIONS)
