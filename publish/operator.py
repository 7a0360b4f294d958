"""The login by which the operator reads: all that the owner's schemas hold, and nothing else.

The owner of the embedded server is its superuser: SQL as the owner can run programs (COPY … TO
PROGRAM) and read any file, also in a transaction that only reads, and a login that has given its
rights up for a while can take them back.
"""

import psycopg
from psycopg import sql

from publish import access
from warehouse import secret

OPERATOR = "ita_operator"
READS_LIKE = "ita_analyst"

# Is it there, and let in where readers have taken all other connections (PostgreSQL 16 and later,
# and only a superuser can give it that)?
IS_READY = """
    select owner.rolsuper is false or pg_has_role(
        o.oid, coalesce(to_regrole('pg_use_reserved_connections')::oid, o.oid), 'usage')
    from pg_roles as o, pg_roles as owner
    where o.rolname = %s and owner.rolname = current_user"""


def login(connection: psycopg.Connection) -> str:
    """The name of the operator's role, made where it is not there; `connection` is the owner's.

    What the owner makes later (a build's schemas and tables) it reads, too.
    """
    known = connection.execute(IS_READY, [OPERATOR]).fetchone()
    if not known or not known[0] or not secret.exists(f"role-{OPERATOR}"):
        with connection.transaction():
            connection.execute("lock table ops.access_lock in exclusive mode")
            _make(connection, exists=known is not None)
    return OPERATOR


def _make(connection: psycopg.Connection, exists: bool) -> None:
    role = sql.Identifier(OPERATOR)
    password = access.verifier(connection, OPERATOR, secret.again(f"role-{OPERATOR}"))
    statements = [
        sql.SQL("alter role {} login nocreatedb nocreaterole password {}").format(
            role, sql.Literal(password)
        ),
        sql.SQL("alter role {} set default_transaction_read_only = on").format(role),
        sql.SQL("grant connect on database {} to {}").format(
            sql.Identifier(connection.info.dbname), role
        ),
        sql.SQL("grant {} to {}").format(sql.Identifier(READS_LIKE), role),
        sql.SQL("alter default privileges grant usage on schemas to {}").format(role),
        sql.SQL("alter default privileges grant select on tables to {}").format(role),
    ]
    if access.is_superuser(connection):
        statements.append(sql.SQL("alter role {} set log_min_duration_statement = 0").format(role))
        if connection.info.server_version >= 160000:
            statements.append(sql.SQL("grant pg_use_reserved_connections to {}").format(role))
    if not exists:
        statements.insert(0, sql.SQL("create role {}").format(role))
    for schema in _schemas(connection):
        name = sql.Identifier(schema)
        statements.append(sql.SQL("grant usage on schema {} to {}").format(name, role))
        statements.append(
            sql.SQL("grant select on all tables in schema {} to {}").format(name, role)
        )
    for statement in statements:
        connection.execute(statement)


def _schemas(connection: psycopg.Connection) -> list[str]:
    return [
        name
        for (name,) in connection.execute(
            """
            select nspname from pg_namespace
            where nspowner = to_regrole(current_user::text) and nspname not like 'pg\\_%'
                and nspname not in ('public', 'information_schema')"""
        )
    ]
