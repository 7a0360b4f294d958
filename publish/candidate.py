"""The candidate between its build and its publication."""

import psycopg
from psycopg import sql

from publish import whole
from publish.build import latest_publication, same_rules
from warehouse import served
from warehouse.connect import one
from warehouse.errors import Fault

REFUSED = """
    select r.subject, r.refused_at, r.refused_by, r.reason
    from ops.build as b
    join ops.refusal as r on r.subject = b.build_id
    where b.schema_name = 'candidate' and b.state = 'audited'
        and not exists (
            select from ops.approval as a
            where a.build_id = b.build_id and a.approved_at > r.refused_at)
    order by r.refused_at desc limit 1"""


def to_audit(connection: psycopg.Connection) -> dict | None:
    """The candidate to be audited, None if there is none: build_id, first_year (the years before it
    are taken over from the published build), published (is there one to compare with?),
    passed_before (SHA-256 of the submissions in it, where it has the same rules).

    One that failed is audited again: what it was measured against may have changed since.
    """
    return _waiting(connection, ["built", "failed"])


def to_publish(connection: psycopg.Connection) -> dict | None:
    """The candidate that passed its audit and that nobody refused, None if there is none; also
    inputs_sha256, inputs, counts. Raises Fault where its tables are not what was built."""
    if refused(connection) or not (found := _waiting(connection, ["audited"])):
        return None
    if changed := whole.changed(connection, "candidate", found["counts"]):
        raise Fault(
            f"{found['build_id']} was changed after it was built: {', '.join(changed[:5])}",
            "`ita refresh` builds it anew",
        )
    return found


def refused(connection: psycopg.Connection) -> dict | None:
    """Who refused the audited candidate and why (build_id, at, by, reason); None where nobody did,
    or somebody approved it since."""
    row = connection.execute(REFUSED).fetchone()
    return dict(zip(("build_id", "at", "by", "reason"), row, strict=True)) if row else None


def _waiting(connection: psycopg.Connection, states: list[str]) -> dict | None:
    with connection.cursor(row_factory=psycopg.rows.dict_row) as cursor:
        candidate = cursor.execute(
            """select build_id, inputs_sha256, inputs, first_year, counts from ops.build
                                      where schema_name = 'candidate' and state = any(%s)""",
            [states],
        ).fetchone()
    if not candidate:
        return None
    published = latest_publication(connection)
    passed_before = (
        published["inputs"]["submissions"]
        if published and same_rules(published["inputs"], candidate["inputs"])
        else []
    )
    # with what was dropped nothing can be compared
    compared = published is not None and not served.lost(connection)
    return {**candidate, "published": compared, "passed_before": passed_before}


def judged(connection: psycopg.Connection, passed: bool) -> None:
    """Write down how the audit ended."""
    connection.execute(
        "update ops.build set state = %s where schema_name = 'candidate'",
        ["audited" if passed else "failed"],
    )


def take_place(connection: psycopg.Connection) -> None:
    """Make the candidate the published build, the published build the retired one, and that the
    outgoing one, which the next build drops (publish/retire.py); in the caller's transaction.

    Views stay with the tables that they were made of, whatever the schema is called.
    """
    connection.execute("delete from ops.build where schema_name = 'retired'")
    for schema_name, becomes in (
        ("retired", "outgoing"),
        ("published", "retired"),
        ("candidate", "published"),
    ):
        if becomes != "outgoing":
            connection.execute(
                "update ops.build set schema_name = %s, state = 'published' where schema_name = %s",
                [becomes, schema_name],
            )
        if one(connection.execute("select to_regnamespace(%s)", [schema_name]))[0]:
            connection.execute(
                sql.SQL("alter schema {} rename to {}").format(
                    sql.Identifier(schema_name), sql.Identifier(becomes)
                )
            )
