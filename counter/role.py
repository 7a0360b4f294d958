"""The role ita_counter: it may call the functions of counter_api, and reads nothing else.

The functions (counter/functions) are put in place anew each time the counter starts, so that they
are those of this release; the tables that they read are a change of warehouse/schema.
"""

from pathlib import Path

import psycopg
from psycopg import sql

from warehouse import secret

ROLE = "ita_counter"
FUNCTIONS = Path(__file__).with_name("functions")
SETTINGS = {
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "10s",
    "max_parallel_workers_per_gather": "0",
}


def apply(connection: psycopg.Connection) -> None:
    """Make the role and the functions, in one transaction; `connection` is the owner's.

    Raises what PostgreSQL raises where the owner may make no roles.
    """
    with connection.transaction():
        connection.execute("lock table ops.access_lock in exclusive mode")
        if not connection.execute("select 1 from pg_roles where rolname = %s", [ROLE]).fetchone():
            connection.execute(sql.SQL("create role {}").format(sql.Identifier(ROLE)))
        for statement in _role(connection):
            connection.execute(statement)
        connection.execute("drop schema if exists counter_api cascade")
        connection.execute("create schema counter_api")
        for file in sorted(FUNCTIONS.glob("*.sql")):
            connection.execute(file.read_text("utf-8"))
        for statement in _grants(connection):
            connection.execute(statement)


def _role(connection: psycopg.Connection) -> list[sql.Composed]:
    role = sql.Identifier(ROLE)
    password = connection.pgconn.encrypt_password(
        secret.again(f"role-{ROLE}").encode(), ROLE.encode(), b"scram-sha-256"
    ).decode()
    return [
        sql.SQL("alter role {} login nocreatedb nocreaterole connection limit 60").format(role),
        sql.SQL("alter role {} password {}").format(role, sql.Literal(password)),
        sql.SQL("alter role {} reset all").format(role),
        *(
            sql.SQL("alter role {} set {} = {}").format(
                role, sql.Identifier(name), sql.Literal(value)
            )
            for name, value in SETTINGS.items()
        ),
    ]


def _grants(connection: psycopg.Connection) -> list[sql.Composed]:
    role, database = sql.Identifier(ROLE), sql.Identifier(connection.info.dbname)
    return [
        sql.SQL("revoke all on all functions in schema counter, counter_api from public").format(),
        sql.SQL("revoke all on database {} from public").format(database),
        sql.SQL("grant connect on database {} to {}").format(database, role),
        sql.SQL("grant usage on schema counter_api to {}").format(role),
        sql.SQL("grant execute on all functions in schema counter_api to {}").format(role),
    ]
