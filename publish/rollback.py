"""Back to yesterday: the build before is shown again, and the night is held until a person says so.

The build before stays whole until the next one takes its place (publish/retire.py), so that going
back is a publication like any other: no file is read, no model built.
"""

from collections.abc import Callable
from datetime import datetime

import psycopg
from psycopg import sql

from publish import access, dependents, readers, retire, settle, views, whole
from warehouse.errors import BadInput

HELD = "select held_at, held_by, reason, build_id from ops.rollback where released_at is null"


def to_show(connection: psycopg.Connection) -> tuple[str, str]:
    """The ids of the build that is shown and of the one before, which a rollback would show.

    Raises BadInput where there is none, or one was shown again already.
    """
    if active := held(connection):
        raise BadInput(
            f"the build before is shown already, since {active['by']} took {active['build_id']}"
            " back",
            "`ita release --by NAME` lets the night publish again",
        )
    rows = connection.execute("select schema_name, build_id, counts from ops.build").fetchall()
    known = {schema: (build_id, counts) for schema, build_id, counts in rows}
    if "retired" not in known or not retire.is_there(connection, "retired"):
        raise BadInput(
            "there is no build before: only one was published here",
            "withdraw what is wrong and refresh, or restore a back-up",
        )
    if changed := whole.changed(connection, "retired", known["retired"][1]):
        raise BadInput(
            f"the build before is no longer what it was: {', '.join(changed[:5])}",
            "withdraw what is wrong and refresh, or restore a back-up",
        )
    return known["published"][0], known["retired"][0]


def run(
    connection: psycopg.Connection,
    who: str,
    reason: str,
    at: datetime,
    record: Callable[[str], object] = lambda taken_back: None,
) -> str:
    """Show the build before in one transaction; its id. The night then publishes nothing until
    `release`, or the approval of a build that was looked at. The caller has the lock of the steps.

    record: writes down beside the archive which build is taken back, just before the commit.
    Raises what `to_show` raises. A kill before the commit changes nothing.
    """
    taken_back, shown = to_show(connection)
    access.apply(connection, passwords="new")  # pragma: allowlist secret
    readers.let_old_snapshots_go(connection)

    def flip() -> None:
        _flip(connection, taken_back, who, reason, at)
        record(taken_back)

    readers.let_work(connection, flip, readers.VIEWS_ON_MART)
    settle.run(connection, at)
    return shown


def _flip(
    connection: psycopg.Connection, taken_back: str, who: str, reason: str, at: datetime
) -> None:
    before = views.number_shown(connection)
    number = before + 1
    own_views = dependents.locked(connection)
    connection.execute(views.script_of_build(connection, number, "retired", False))
    connection.execute(views.script_of_mart(connection, [number, before], "retired"))
    dependents.point_again(connection, own_views, at)
    _change_places(connection)
    connection.execute("update access.shown set build_no = %s", [number])
    connection.execute(
        """
        insert into ops.publication
            (build_id, published_at, inputs_sha256, inputs, counts, git_revision)
        select b.build_id, %s, b.inputs_sha256, b.inputs, b.counts, p.git_revision
        from ops.build as b
        join ops.publication as p on p.publication_no = (
            select max(publication_no) from ops.publication as of_build
            where of_build.build_id = b.build_id)
        where b.schema_name = 'published'""",
        [at],
    )
    note(connection, taken_back, who, reason, at)


def _change_places(connection: psycopg.Connection) -> None:
    """The published build and the one before are each what the other was; a candidate, whose audit
    was against the former, is audited again."""
    for old, new in (
        ("published", "changing_places"),
        ("retired", "published"),
        ("changing_places", "retired"),
    ):
        connection.execute(
            sql.SQL("alter schema {} rename to {}").format(sql.Identifier(old), sql.Identifier(new))
        )
    connection.execute("""
        update ops.build
        set schema_name = case schema_name when 'published' then 'retired' else 'published' end
        where schema_name in ('published', 'retired')""")
    connection.execute(
        "update ops.build set state = 'built'"
        " where schema_name = 'candidate' and state in ('audited', 'failed')"
    )


def note(
    connection: psycopg.Connection, build_id: str, who: str, reason: str, at: datetime
) -> None:
    """Hold the night: what `release` ends."""
    connection.execute(
        "insert into ops.rollback (build_id, held_at, held_by, reason) values (%s, %s, %s, %s)"
        " on conflict do nothing",
        [build_id, at, who, reason],
    )


def held(connection: psycopg.Connection) -> dict | None:
    """Who took which build back and why (at, by, reason, build_id), if the night is still held."""
    row = connection.execute(HELD).fetchone()
    return dict(zip(("at", "by", "reason", "build_id"), row, strict=True)) if row else None


def must_be_held(connection: psycopg.Connection) -> dict:
    """What `held` gives. Raises BadInput where nothing is held."""
    active = held(connection)
    if not active:
        raise BadInput("nothing is held: no build was taken back", "see `ita status`")
    return active


def end_by_approval(connection: psycopg.Connection, build_id: str, at: datetime) -> None:
    """The hold ends with the publication of a build that somebody approved since."""
    connection.execute(
        """
        update ops.rollback as r set released_at = %s, released_by = a.approved_by
        from ops.approval as a
        where r.released_at is null and a.build_id = %s and a.approved_at > r.held_at""",
        [at, build_id],
    )


def release(connection: psycopg.Connection, who: str, at: datetime) -> str:
    """Let the night publish again; what was held. Raises BadInput for nothing."""
    active = must_be_held(connection)
    connection.execute(
        "update ops.rollback set released_at = %s, released_by = %s where released_at is null",
        [at, who],
    )
    return f"{active['build_id']}, taken back by {active['by']}; `ita refresh` publishes again"
