"""Publish: show the audited candidate by giving the name `mart` to views of it, in one transaction.

No reader is waited for, and none waits (docs/decisions/0008).
"""

import os
import shutil
import subprocess
from datetime import datetime

import psycopg
from psycopg.types.json import Jsonb

from publish import (
    access,
    build,
    dependents,
    item_scores,
    preview,
    readers,
    retire,
    rollback,
    settle,
    views,
)
from publish.candidate import take_place, to_publish
from warehouse import events, settings


def run(connection: psycopg.Connection, at: datetime) -> str | None:
    """Publish the candidate that passed its audit, unless somebody refused it; give its build id,
    None when there is none.

    Raises BadInput when so much changes that a person must look first (preview.hold). A kill before
    the commit changes nothing.
    """
    candidate = to_publish(connection)
    if not candidate:
        return None
    preview.hold(connection, candidate)
    access.apply(connection, passwords="new")
    readers.let_work(connection, lambda: _flip(connection, candidate, at), readers.VIEWS_ON_MART)
    settle.run(connection, at)
    return candidate["build_id"]


def _flip(connection: psycopg.Connection, candidate: dict, at: datetime) -> None:
    """One transaction. The views of the build before stay beside the new ones: a query that is
    being planned reads either all of the one or all of the other (views.script_of_mart)."""
    before = views.number_shown(connection)
    number = before + 1
    own_views = dependents.locked(connection)
    connection.execute(views.script_of_build(connection, number, "candidate"))
    numbers = [number, before] if retire.is_there(connection, f"shown_{before}") else [number]
    connection.execute(views.script_of_mart(connection, numbers, "candidate"))
    dependents.point_again(connection, own_views, at)
    take_place(connection)
    rollback.end_by_approval(connection, candidate["build_id"], at)
    connection.execute(
        """
        with shown as (
            insert into access.shown (build_no, rules) values (%s, %s)
            on conflict (only_row) do update
            set build_no = excluded.build_no, rules = excluded.rules)
        insert into ops.publication
            (build_id, published_at, inputs_sha256, inputs, counts, git_revision, run_id)
        values (%s, %s, %s, %s, %s, %s, %s)""",
        [
            number,
            Jsonb(views.rules()),
            candidate["build_id"],
            at,
            candidate["inputs_sha256"],
            Jsonb(candidate["inputs"]),
            Jsonb(candidate["counts"]),
            git_revision(),
            os.environ.get(events.RUN, ""),
        ],
    )


def show_again(connection: psycopg.Connection, at: datetime) -> None:
    """Make `mart` anew over the published build, by views.csv as it stands now."""

    def work() -> None:
        number = views.number_shown(connection) + 1
        own_views = dependents.locked(connection)
        connection.execute(views.script_of_build(connection, number, "published"))
        connection.execute(views.script_of_mart(connection, [number], "published"))
        dependents.point_again(connection, own_views, at)
        connection.execute(
            "update access.shown set build_no = %s, rules = %s", [number, Jsonb(views.rules())]
        )

    readers.let_work(connection, work, readers.VIEWS_ON_MART)


def keep_for_next_night(connection: psycopg.Connection) -> None:
    """Lay the item scores of all years but the newest aside: what a night takes over that brings
    files of the newest alone, as most do. Nothing where nothing is published."""
    row = connection.execute(
        "select inputs, years from ops.build where schema_name = 'published'"
    ).fetchone()
    if not row:
        return
    inputs, years = row
    newest = max((int(year) for year in years if year != "registry"), default=0)
    before = build.fingerprint_before(newest, inputs, years)
    item_scores.keep(connection, newest, before)


def git_revision() -> str:
    """The commit that this code is: ITA_REVISION, which a deployment sets, else what git says.

    With -dirty when files differ from it; 'unknown' where there is no git or no checkout.
    """
    git = shutil.which("git")
    if told := os.environ.get("ITA_REVISION"):
        return told
    if not git:
        return "unknown"
    done = subprocess.run(
        [
            git,
            # a checkout of root's, run by the service's user, is "of dubious ownership" otherwise
            *("-c", f"safe.directory={settings.REPOSITORY}"),
            "describe",
            "--always",
            "--abbrev=40",
            "--dirty",
            "--exclude=*",
        ],
        cwd=settings.REPOSITORY,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip() or "unknown"
