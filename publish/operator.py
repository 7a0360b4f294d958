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

# Is it there, with what only a superuser can give it (_of_superuser)?
IS_READY = """
    select not owner.rolsuper or pg_has_role(o.oid, 'pg_read_all_stats', 'usage')
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
        statements += _of_superuser(connection, role)
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


def _of_superuser(connection: psycopg.Connection, role: sql.Identifier) -> list[sql.Composed]:
    """That its statements are logged, that it sees who holds up whom (publish/fence.py takes that
    from everybody), and is let in where readers have taken all other connections."""
    given = [
        "alter role {} set log_min_duration_statement = 0",
        "grant pg_read_all_stats to {}",
        "grant execute on function pg_stat_get_activity(integer) to {}",
    ]
    if connection.info.server_version >= 160000:
        given.append("grant pg_use_reserved_connections to {}")
    return [sql.SQL(statement).format(role) for statement in given]


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
