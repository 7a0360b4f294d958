"""`ita access sync`: what differs between the server and roles.csv, views.csv and logins.csv."""

from dataclasses import dataclass
from datetime import datetime

import psycopg

from publish import access, flip, logins, views
from warehouse import connect


@dataclass(frozen=True)
class Changes:
    roles: list[str]
    views: list[str]
    waiting: list[str]  # views of views.csv that the published build does not have yet
    logins: logins.Plan

    def lines(self) -> list[str]:
        """What `apply` changes, a line each."""
        return [*self.roles, *self.views, *self.logins.lines()]


def plan(connection: psycopg.Connection) -> Changes:
    """The difference between the files and the server; changes nothing. Raises BadInput for a
    logins.csv that is wrong or lost."""
    changed, waiting = _views(connection)
    return Changes(_roles(connection), changed, waiting, logins.plan(connection))


def apply(connection: psycopg.Connection, changes: Changes, at: datetime) -> None:
    """Do it; repeatable, and killed at any point to be run again. Waits for a running step where
    the views change."""
    if changes.roles:
        access.apply(connection, "new")
    if changes.views:
        with connect.lock("step"):
            flip.show_again(connection, at)
    logins.apply(connection, changes.logins)


def _roles(connection: psycopg.Connection) -> list[str]:
    """What access.apply would change: roles that are to come, to see other provinces, to go."""
    wanted = {row["role_name"]: row["province_code"] for row in access.roles()}
    scopes = connection.execute(
        """
        select s.role_name, coalesce(s.province_codes[1], '')
        from access.role_scope as s join pg_roles as r on r.rolname = s.role_name
        where r.rolcanlogin and s.role_name <> current_user"""
    ).fetchall()
    found: dict[str, str] = dict(scopes)
    lines = [
        f"{'change' if name in found else 'add'} role {name}: sees {code or 'the whole country'}"
        for name, code in wanted.items()
        if found.get(name) != code
    ]
    return lines + [f"remove role {name}" for name in sorted(found.keys() - wanted.keys())]


def _views(connection: psycopg.Connection) -> tuple[list[str], list[str]]:
    """Views of `mart` whose rule is another than the one by which they were made; views that only
    the next build has."""
    row = connection.execute("select rules from access.shown").fetchone()
    if not row:  # nothing is published: the first publication goes by the file
        return [], []
    before, rules = row[0], views.rules()
    waiting = sorted(rules.keys() - views.columns_of(connection, "published").keys())
    if waiting:
        return [], waiting
    if before is None:
        return ["make the views of mart by views.csv: a release before made them"], []
    changed = [
        f"change view {name}: {before.get(name, 'unknown')} -> {rules.get(name, 'not shown')}"
        for name in sorted(before.keys() | rules.keys())
        if before.get(name) != rules.get(name)
    ]
    return changed, []
