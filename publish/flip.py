"""Publish: show the audited candidate by flipping every view of `mart` in one transaction."""

import subprocess
import time
from datetime import datetime

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from publish import access, build, item_scores, preview
from publish.candidate import take_place, to_publish
from warehouse import settings
from warehouse.errors import Fault

LOCK_TIMEOUT = "5s"
TRIES = 12

# Who sees a row. The scope is looked up once a query (a scalar subquery), and no setting of the user's decides it.
OWN_PROVINCE = "((select access.sees_all(current_user)) or province_code = any ((select access.provinces_of(current_user))::text[]))"
OWN_SUBMISSION = "((select access.sees_all(current_user)) or (province_codes <> '{}' and province_codes <@ (select access.provinces_of(current_user))))"
ROWS = {"whole": "true", "own_province": OWN_PROVINCE, "own_submission": OWN_SUBMISSION}


def run(connection: psycopg.Connection, at: datetime) -> str | None:
    """Publish the candidate whose audit it passed; give its build id, None when there is none.

    Waits for readers a few seconds and tries again; raises Fault when they never let go, BadInput
    when so much changes that a person must look first (preview.hold). A kill before the commit changes nothing.
    """
    candidate = to_publish(connection)
    if not candidate:
        return None
    preview.hold(connection, candidate)
    access.apply(connection, passwords="new")
    counts = _counts(connection)
    for _ in range(TRIES):
        try:
            with connection.transaction():
                _flip(connection, candidate, counts, at)
            keep_for_next_night(connection)
            return candidate["build_id"]
        except psycopg.errors.LockNotAvailable:
            time.sleep(2)
    raise Fault(
        "a reader holds the views of mart", "look at pg_stat_activity, then run `ita publish` again"
    )


def _counts(connection) -> dict[str, int]:
    """View -> its rows in the candidate; taken before the flip, which nobody should wait for."""
    return {
        view["view_name"]: connection.execute(
            sql.SQL("select count(*) from {}").format(
                sql.Identifier("candidate", view["view_name"])
            )
        ).fetchone()[0]
        for view in access.views()
    }


def _flip(connection, candidate: dict, counts: dict[str, int], at: datetime) -> None:
    connection.execute(f"set local lock_timeout = '{LOCK_TIMEOUT}'")
    connection.execute("create schema if not exists mart")
    for view in access.views():
        _show(connection, view)
    _copy_comments(connection)
    access.grant(connection)
    take_place(connection)
    connection.execute(
        """
        insert into ops.publication (build_id, published_at, inputs_sha256, inputs, counts, git_revision)
        values (%s, %s, %s, %s, %s, %s)""",
        [
            candidate["build_id"],
            at,
            candidate["inputs_sha256"],
            Jsonb(candidate["inputs"]),
            Jsonb(counts),
            git_revision(),
        ],
    )


def keep_for_next_night(connection: psycopg.Connection) -> None:
    """Lay the item scores of all years but the newest aside: what a night takes over that brings files of the newest alone, as most do."""
    inputs, years = connection.execute(
        "select inputs, years from ops.build where schema_name = 'published'"
    ).fetchone()
    newest = max((int(year) for year in years if year != "registry"), default=0)
    item_scores.keep(connection, newest, build.fingerprint_before(newest, inputs, years))


def _show(connection, view: dict) -> None:
    """Make mart.<view>. In place where its columns stay as they are: replacing keeps what others have built on it."""
    statement = _view(connection, view)
    try:
        with connection.transaction():
            connection.execute(statement)
    except psycopg.errors.InvalidTableDefinition:  # a release renamed, moved or retyped a column
        connection.execute(
            sql.SQL("drop view {}").format(sql.Identifier("mart", view["view_name"]))
        )
        connection.execute(statement)


def _view(connection, view: dict) -> sql.Composed:
    """The statement that makes mart.<view> a filtered select of the candidate's table."""
    columns = [
        name
        for (name,) in connection.execute(
            """
        select attname from pg_attribute
        where attrelid = to_regclass(format('candidate.%%I', %s::text)) and attnum > 0 and not attisdropped order by attnum""",
            [view["view_name"]],
        ).fetchall()
    ]
    if not columns:
        raise Fault(
            f"the build has no table {view['view_name']}",
            "views.csv names a mart that dbt does not build",
        )
    hidden = view["hidden_columns"].split("|") if view["hidden_columns"] else []
    selected = [
        sql.SQL("case when {} then {c} end as {c}").format(
            sql.SQL(OWN_PROVINCE), c=sql.Identifier(name)
        )
        if name in hidden
        else sql.Identifier(name)
        for name in columns
    ]
    return sql.SQL(
        "create or replace view mart.{} with (security_barrier = true) as select {} from {} where {}"
    ).format(
        sql.Identifier(view["view_name"]),
        sql.SQL(", ").join(selected),
        sql.Identifier("candidate", view["view_name"]),
        sql.SQL(ROWS[view["rows"]]),
    )


def _copy_comments(connection) -> None:
    """The views carry the descriptions that dbt wrote on the tables."""
    comments = connection.execute("""
        select c.relname, a.attname, d.description
        from pg_description d
        join pg_class c on c.oid = d.objoid and d.classoid = 'pg_class'::regclass
        left join pg_attribute a on a.attrelid = c.oid and a.attnum = d.objsubid and d.objsubid > 0
        where c.relnamespace = to_regnamespace('candidate')""").fetchall()
    names = {view["view_name"] for view in access.views()}
    for table, column, text in comments:
        if table in names:
            target = (
                sql.SQL("column {}").format(sql.Identifier("mart", table, column))
                if column
                else sql.SQL("view {}").format(sql.Identifier("mart", table))
            )
            connection.execute(sql.SQL("comment on {} is {}").format(target, sql.Literal(text)))


def git_revision() -> str:
    """The commit that this code is, with -dirty when files differ from it; 'unknown' outside a checkout."""
    done = subprocess.run(
        [
            "git",
            "-C",
            settings.REPOSITORY,
            "describe",
            "--always",
            "--abbrev=40",
            "--dirty",
            "--exclude=*",
        ],
        capture_output=True,
        text=True,
    )
    return done.stdout.strip() or "unknown"
