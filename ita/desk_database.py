"""What the desk needs of the warehouse, made by its owner: a database for the desk's own records,
a login for it, and the login of its administrator. Repeatable."""

import psycopg
from psycopg import sql

from publish import access
from warehouse import desk_login
from warehouse.secret import secret

RECORDS = "superset"  # the database of the desk's own records, and the login that owns it
ADMINISTRATOR = "admin"
ADMINISTRATOR_READS = "ita_analyst"
CONNECTIONS = 40  # of the desk to its own records
GROUP = "ita_desk"  # whom the server lets in from the desk's machine only


def make(connection: psycopg.Connection) -> None:
    """Make what is missing; `connection` is the owner's, in autocommit."""
    _records(connection)
    _administrator(connection)


def _records(connection: psycopg.Connection) -> None:
    """The database `superset`, owned by a login that may do nothing anywhere else."""
    name = sql.Identifier(RECORDS)
    _role(connection, RECORDS, secret("desk_records"))
    connection.execute(
        sql.SQL("alter role {} connection limit {}").format(name, sql.Literal(CONNECTIONS))
    )
    if not _exists(connection, "pg_database", "datname", RECORDS):
        if not access.is_superuser(connection):
            connection.execute(sql.SQL("grant {} to current_user").format(name))
        connection.execute(sql.SQL("create database {0} owner {0}").format(name))
    connection.execute(sql.SQL("revoke all on database {} from public").format(name))


def _administrator(connection: psycopg.Connection) -> None:
    """The login with which the desk's administrator reads: as the analysts at headquarters."""
    login = desk_login.login(ADMINISTRATOR)
    name = sql.Identifier(login)
    _role(connection, login, desk_login.password(secret(desk_login.KEY), login))
    if not _exists(connection, "pg_roles", "rolname", GROUP):
        connection.execute(sql.SQL("create role {} nologin").format(sql.Identifier(GROUP)))
    options = " with inherit true, set false" if connection.info.server_version >= 160000 else ""
    for group in (ADMINISTRATOR_READS, GROUP):
        connection.execute(sql.SQL("grant {} to {}" + options).format(sql.Identifier(group), name))
    access.set_up(connection, login, access.is_superuser(connection))


def _role(connection: psycopg.Connection, role: str, password: str) -> None:
    """A login without any right over the server."""
    name = sql.Identifier(role)
    if not _exists(connection, "pg_roles", "rolname", role):
        connection.execute(sql.SQL("create role {}").format(name))
    connection.execute(
        sql.SQL("alter role {} login nocreatedb nocreaterole password {}").format(
            name, sql.Literal(password)
        )
    )


def _exists(connection: psycopg.Connection, table: str, column: str, value: str) -> bool:
    statement = sql.SQL("select from {} where {} = %s").format(
        sql.Identifier(table), sql.Identifier(column)
    )
    return connection.execute(statement, [value]).fetchone() is not None
