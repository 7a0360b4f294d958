"""Logins and roles: they belong to the server, not to a database, and no dump has them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from warehouse.errors import BadInput

# Roles of ours (ita_…), who is in them, and whoever owns or may read something of this database.
ROLES = """
    select r.rolname as name, r.rolcanlogin as login, r.rolinherit as inherits,
        r.rolconnlimit as connections, r.rolvaliduntil::text as valid_until,
        {verifier} as verifier,
        coalesce((select s.setconfig from pg_db_role_setting as s
                  where s.setrole = r.oid and s.setdatabase = 0), '{{}}') as settings,
        array(select m.roleid::regrole::text from pg_auth_members as m
              where m.member = r.oid and not m.roleid::regrole::text like 'pg\\_%%'
              order by 1) as member_of
    from pg_roles as r {authid}
    where not r.rolsuper and r.rolname not like 'pg\\_%%' and r.rolname <> current_user
        and (r.rolname like 'ita\\_%%'
             or exists (select from pg_auth_members as m
                        where m.member = r.oid and m.roleid::regrole::text like 'ita\\_%%')
             or exists (select from pg_shdepend as d
                        where d.refobjid = r.oid and d.refclassid = 'pg_authid'::regclass
                            and d.dbid = (select oid from pg_database
                                          where datname = current_database())))
    order by 1"""

# Settings of a role that only a superuser may give; `ita up` gives them where it may.
OF_SUPERUSERS = ("temp_file_limit", "log_min_duration_statement")

SUPERUSER = "select 1 from pg_roles where rolname = current_user and rolsuper"


def of_server(connection: psycopg.Connection) -> list[dict[str, Any]]:
    """Each role: name, login, inherits, connections, valid_until, verifier, settings, member_of.

    The verifier of its password (null: none, or an owner who may not see it) is no password, but
    belongs where only the owner reads.
    """
    superuser = connection.execute(SUPERUSER).fetchone()
    verifier, authid = (
        ("a.rolpassword", "join pg_authid as a on a.oid = r.oid") if superuser else ("null", "")
    )
    with connection.cursor(row_factory=dict_row) as cursor:
        statement = ROLES.format(verifier=verifier, authid=authid)
        return cursor.execute(statement, []).fetchall()


def bring_back(connection: psycopg.Connection, roles: list[dict[str, Any]]) -> list[str]:
    """Make these roles on this server, with their passwords, bounds and memberships.

    Gives the logins that have no password now. What a role of the same name has is replaced.
    """
    for role in roles:
        name = sql.Identifier(role["name"])
        known = connection.execute("select 1 from pg_roles where rolname = %s", [role["name"]])
        if not known.fetchone():
            connection.execute(sql.SQL("create role {}").format(name))
        connection.execute(
            sql.SQL("alter role {} {} {} connection limit {} valid until {}").format(
                name,
                sql.SQL("login" if role["login"] else "nologin"),
                sql.SQL("inherit" if role["inherits"] else "noinherit"),
                sql.Literal(role["connections"]),
                sql.Literal(role["valid_until"] or "infinity"),
            )
        )
        if role["verifier"]:
            connection.execute(
                sql.SQL("alter role {} password {}").format(name, sql.Literal(role["verifier"]))
            )
        for setting in role["settings"]:
            parameter, _, value = setting.partition("=")
            if parameter in OF_SUPERUSERS:
                continue
            connection.execute(
                sql.SQL("alter role {} set {} = {}").format(
                    name, sql.Identifier(parameter), sql.Literal(value)
                )
            )
    ours = {role["name"] for role in roles}
    for role in roles:
        for group in ours.intersection(role["member_of"]):
            connection.execute(
                sql.SQL("grant {} to {}").format(
                    sql.Identifier(group), sql.Identifier(role["name"])
                )
            )
    return [role["name"] for role in roles if role["login"] and not role["verifier"]]


def stand_in(connection: psycopg.Connection, owner: str) -> None:
    """A role with the name of the back-up's owner, for what it owned while that is restored.

    Raises BadInput where the server has a role of that name that is not ours to stand in for it.
    """
    known = connection.execute("select 1 from pg_roles where rolname = %s", [owner]).fetchone()
    name = sql.Identifier(owner)
    try:
        if not known:
            connection.execute(sql.SQL("create role {}").format(name))
        connection.execute(sql.SQL("grant {} to current_user").format(name))
    except psycopg.errors.InsufficientPrivilege:
        raise BadInput(
            f"the server has a role {owner} already, which owned what is in the back-up",
            f"connect as {owner}, or restore on a server without it",
        ) from None


@contextmanager
def held(connection: psycopg.Connection, roles: list[dict[str, Any]]) -> Iterator[None]:
    """Be in these roles while what they own is made: no superuser has to ask for that."""
    names = sql.SQL(", ").join(sql.Identifier(role["name"]) for role in roles)
    superuser = connection.execute(SUPERUSER).fetchone()
    if roles and not superuser:
        connection.execute(sql.SQL("grant {} to current_user").format(names))
    yield
    if roles and not superuser:
        connection.execute(sql.SQL("revoke {} from current_user").format(names))


def take_over(connection: psycopg.Connection, owner: str) -> None:
    """Own in this database what the back-up's owner did."""
    name = sql.Identifier(owner)
    connection.execute(sql.SQL("reassign owned by {} to current_user").format(name))
    connection.execute(sql.SQL("drop owned by {}").format(name))


def drop(connection: psycopg.Connection, owner: str) -> None:
    """Drop the stand-in, which owns nothing any more."""
    connection.execute(sql.SQL("drop role {}").format(sql.Identifier(owner)))
