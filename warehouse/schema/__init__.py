"""The schemas that are ours and not dbt's: raw, ops, access."""

from pathlib import Path

import psycopg

FILES = [Path(__file__).parent / f"{name}.sql" for name in ("raw", "ops", "access")]


def apply(connection: psycopg.Connection) -> None:
    """Create schemas raw, ops, access and all their tables where they are absent; one transaction, repeatable."""
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(hashtext('ita schema'))")
        for file in FILES:
            connection.execute(file.read_text())
