"""The candidate between its build and its publication."""

import psycopg

from publish.build import idle_schema, latest_publication


def waiting(connection: psycopg.Connection) -> dict | None:
    """The candidate to be audited: schema_name, build_id, published_schema (None before the first publication); None if there is none.

    One that failed is audited again: what it was measured against may have changed since.
    """
    published = latest_publication(connection)
    schema_name = idle_schema(published)
    row = connection.execute("select build_id from ops.candidate where schema_name = %s and state in ('built', 'failed')", [schema_name]).fetchone()
    if not row:
        return None
    return {"schema_name": schema_name, "build_id": row[0], "published_schema": published["schema_name"] if published else None}


def judged(connection: psycopg.Connection, schema_name: str, passed: bool) -> None:
    """Write down how the audit ended."""
    connection.execute("update ops.candidate set state = %s where schema_name = %s", ["audited" if passed else "failed", schema_name])
