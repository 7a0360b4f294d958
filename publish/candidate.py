"""The candidate between its build and its publication."""

import psycopg

from publish.build import idle_schema, latest_publication


def to_audit(connection: psycopg.Connection) -> dict | None:
    """The candidate to be audited, None if there is none: schema_name, build_id, published_schema (None before the first
    publication), first_year (the years before it are taken over from the published build).

    One that failed is audited again: what it was measured against may have changed since.
    """
    return _waiting(connection, ["built", "failed"])


def to_publish(connection: psycopg.Connection) -> dict | None:
    """The candidate that passed its audit, None if there is none; also inputs_sha256 and inputs."""
    return _waiting(connection, ["audited"])


def _waiting(connection: psycopg.Connection, states: list[str]) -> dict | None:
    published = latest_publication(connection)
    with connection.cursor(row_factory=psycopg.rows.dict_row) as cursor:
        candidate = cursor.execute("""select schema_name, build_id, inputs_sha256, inputs, first_year from ops.candidate
                                      where schema_name = %s and state = any(%s)""", [idle_schema(published), states]).fetchone()
    return candidate and {**candidate, "published_schema": published["schema_name"] if published else None}


def judged(connection: psycopg.Connection, schema_name: str, passed: bool) -> None:
    """Write down how the audit ended."""
    connection.execute("update ops.candidate set state = %s where schema_name = %s", ["audited" if passed else "failed", schema_name])
