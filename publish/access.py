"""Who may read what: the roles of roles.csv and the views of views.csv, applied as they stand
there."""

import csv
from pathlib import Path

import psycopg
from psycopg import sql

from warehouse.secret import secret

ROLES = Path(__file__).parent / "roles.csv"
VIEWS = Path(__file__).parent / "views.csv"


def roles() -> list[dict]:
    """Rows of roles.csv: role_name, province_code ('' = the whole country), purpose."""
    with ROLES.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def views() -> list[dict]:
    """Rows of views.csv: view_name, rows (whole, own_province, own_submission, cells) and
    hidden_columns (null outside the own province, |-separated).

    cells: the own province's, and of the others what publish/small_cells.py releases.
    """
    with VIEWS.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def names() -> sql.Composed:
    """The names of all roles of roles.csv, as a list in SQL."""
    return sql.SQL(", ").join(sql.Identifier(row["role_name"]) for row in roles())


def apply(connection: psycopg.Connection, passwords: str = "all") -> int:
    """Create the roles, set their passwords, scopes and grants in one transaction; repeatable.
    Gives the number of roles.

    passwords="new" leaves those of roles that can log in already: to hash one costs the server a
    hundredth of a second.
    A role of ours that roles.csv no longer names loses its grants and its login.
    """
    wanted = roles()
    names = [row["role_name"] for row in wanted]
    with connection.transaction():
        connection.execute("lock table ops.access_lock in exclusive mode")
        existing = dict(
            connection.execute(
                "select rolname, rolcanlogin from pg_roles where rolname like 'ita\\_%%'", []
            ).fetchall()
        )
        for name in names:
            if passwords == "all" or not existing.get(name):
                _role(connection, name, name in existing)
        scopes = connection.execute("select role_name from access.role_scope").fetchall()
        for name in {name for (name,) in scopes} - {*names, connection.info.user}:
            _retire(connection, name)
        connection.execute("delete from access.role_scope")
        connection.cursor().executemany(
            "insert into access.role_scope (role_name, province_codes) values (%s, %s)",
            [
                (row["role_name"], [row["province_code"]] if row["province_code"] else None)
                for row in wanted
            ]
            + [(connection.info.user, None)],
        )
        grant(connection)
    return len(wanted)


def grant(connection: psycopg.Connection) -> None:
    """Give the roles `mart` and nothing else; within the caller's transaction."""
    names = sql.SQL(", ").join(sql.Identifier(row["role_name"]) for row in roles())
    database = sql.Identifier(connection.info.dbname)
    connection.execute(sql.SQL("create schema if not exists mart"))
    connection.execute(sql.SQL("revoke all on database {} from public").format(database))
    connection.execute("revoke all on schema public from public")
    connection.execute(sql.SQL("grant connect on database {} to {}").format(database, names))
    connection.execute(sql.SQL("grant usage on schema mart to {}").format(names))
    connection.execute(sql.SQL("grant select on all tables in schema mart to {}").format(names))
    connection.execute(
        sql.SQL("grant execute on all functions in schema access to {}").format(names)
    )


def _role(connection: psycopg.Connection, name: str, exists: bool) -> None:
    role = sql.Identifier(name)
    if not exists:
        connection.execute(sql.SQL("create role {}").format(role))
    connection.execute(
        sql.SQL("alter role {} login nocreatedb nocreaterole password {}").format(
            role, sql.Literal(secret(f"role-{name}"))
        )
    )
    connection.execute(sql.SQL("alter role {} set default_transaction_read_only = on").format(role))


def _retire(connection: psycopg.Connection, name: str) -> None:
    role = sql.Identifier(name)
    connection.execute(sql.SQL("drop owned by {}").format(role))
    connection.execute(sql.SQL("alter role {} nologin").format(role))
