"""Who may read what: the roles of roles.csv and the views of views.csv, applied as they stand
there."""

import csv
from pathlib import Path

import psycopg
from psycopg import sql

from publish import fence
from warehouse.connect import one
from warehouse.secret import again

ROLES = Path(__file__).parent / "roles.csv"
VIEWS = Path(__file__).parent / "views.csv"

# Connections at a time: of the national roles, of a province, of the login of a person.
CONNECTIONS, PROVINCE_CONNECTIONS, PERSONAL_CONNECTIONS = 80, 20, 10
# What bounds a session of a role. A login may set all of it otherwise, but temp_file_limit
# and what is logged: publish/watch.py ends or undoes it.
READ_ONLY = "default_transaction_read_only=on"
BOUNDS = (
    "statement_timeout=5min",
    "idle_in_transaction_session_timeout=1min",
    "max_parallel_workers_per_gather=0",  # one processor a reader
)
TEMP_FILES = "temp_file_limit=1GB"
LOGGED = "log_min_duration_statement=0"  # every statement: publish/query_log.py


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
    superuser = is_superuser(connection)
    with connection.transaction():
        # The night, `ita login` and the watcher all change roles, which are rows of one catalogue:
        # of two at once the server fails one ("tuple concurrently updated") instead of waiting.
        connection.execute("lock table ops.access_lock in exclusive mode")
        existing: dict[str, bool] = dict(
            connection.execute(
                "select rolname, rolcanlogin from pg_roles where rolname like 'ita\\_%%'", []
            ).fetchall()
        )
        for name in names:
            if passwords == "all" or not existing.get(name):
                _role(connection, name, name in existing)
                set_up(connection, name, superuser)
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
        if superuser:
            if connection.info.server_version >= 160000:
                connection.execute("grant pg_use_reserved_connections to ita_pack")
            _remember_passwords(connection, names)
        fence.close(connection)
    return len(wanted)


def is_superuser(connection: psycopg.Connection) -> bool:
    """Has the owner all rights, as on the embedded server?"""
    return one(connection.execute("select rolsuper from pg_roles where rolname = current_user"))[0]


def settings_of(name: str, superuser: bool) -> list[str]:
    """What stands in pg_db_role_setting for a role of ours: parameter=value."""
    bounds = () if name == "ita_pack" else BOUNDS
    of_superuser = [TEMP_FILES] if name == "ita_pack" else [TEMP_FILES, LOGGED]
    return [READ_ONLY, *bounds, *(of_superuser if superuser else [])]


def limit_of(name: str) -> int:
    """Connections at a time of a role of roles.csv, or of a login of a person or of the desk."""
    if name.startswith("ita_province_"):
        return PROVINCE_CONNECTIONS
    return CONNECTIONS if name.startswith("ita_") else PERSONAL_CONNECTIONS


def set_up(connection: psycopg.Connection, name: str, superuser: bool) -> None:
    """Give a role of ours its settings and its limit of connections, and no others."""
    role = sql.Identifier(name)
    of_databases = connection.execute(
        """
        select d.datname from pg_db_role_setting as s join pg_database as d on d.oid = s.setdatabase
        where s.setrole = %s::regrole""",
        [name],
    ).fetchall()
    statements = [
        sql.SQL("alter role {} in database {} reset all").format(role, sql.Identifier(database))
        for (database,) in of_databases
    ]
    statements.append(sql.SQL("alter role {} reset all").format(role))
    for setting in settings_of(name, superuser):
        parameter, _, value = setting.partition("=")
        statements.append(
            sql.SQL("alter role {} set {} = {}").format(
                role, sql.Identifier(parameter), sql.Literal(value)
            )
        )
    limit = sql.Literal(limit_of(name))
    statements.append(sql.SQL("alter role {} connection limit {}").format(role, limit))
    connection.execute(sql.SQL("; ").join(statements))


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
    shown = connection.execute("select nspname from pg_namespace where nspname ~ '^shown_[0-9]+$'")
    # A role that a release brings reads the build that is shown, before the next one comes.
    for schema in ("access", *(name for (name,) in shown.fetchall())):
        functions = sql.SQL("all functions in schema {}").format(sql.Identifier(schema))
        connection.execute(sql.SQL("grant execute on {} to {}").format(functions, names))


def _role(connection: psycopg.Connection, name: str, exists: bool) -> None:
    role = sql.Identifier(name)
    if not exists:
        connection.execute(sql.SQL("create role {}").format(role))
    connection.execute(
        sql.SQL("alter role {} login nocreatedb nocreaterole password {}").format(
            role, sql.Literal(verifier(connection, name, again(f"role-{name}")))
        )
    )


def verifier(connection: psycopg.Connection, login: str, password: str) -> str:
    """What PostgreSQL keeps of the password. Made here: a statement with the password itself
    could get into the server's log."""
    return connection.pgconn.encrypt_password(
        password.encode(), login.encode(), b"scram-sha-256"
    ).decode()


def _remember_passwords(connection: psycopg.Connection, names: list[str]) -> None:
    """Keep the verifiers that PostgreSQL has of them: what differs later was not set by us."""
    connection.execute(
        """
        insert into access.role_secret (role_name, verifier)
        select rolname, rolpassword from pg_authid where rolname = any (%s)
        on conflict (role_name) do update set verifier = excluded.verifier""",
        [names],
    )


def _retire(connection: psycopg.Connection, name: str) -> None:
    role = sql.Identifier(name)
    connection.execute(sql.SQL("drop owned by {}").format(role))
    connection.execute(sql.SQL("alter role {} nologin").format(role))
