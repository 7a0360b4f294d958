"""The logins of persons in PostgreSQL: for each of ITA_HOME/access/logins.csv NAME and desk_NAME.

Both are members of the person's role, and see what it sees. NAME has a password of its own, of
which we keep the verifier only (ITA_HOME/secrets/login-NAME); desk_NAME is for the desk alone
(warehouse/desk_login.py). They outlive publications: what is granted is granted to the role.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass

import psycopg
from psycopg import sql

from publish import access
from warehouse import desk_login, persons, secret
from warehouse.errors import BadInput
from warehouse.persons import Person

# The groups that pg_hba.conf names: who may come from elsewhere, who from the desk's machine only.
PERSONS, DESK = "ita_person", "ita_desk"
LET_IN = """
    select coalesce(has_database_privilege(to_regrole('ita_analyst'), oid, 'connect'), false)
    from pg_database where datname = current_database()"""
STATE = """
    select r.rolname,
        r.rolcanlogin and r.rolinherit and not (r.rolsuper or r.rolcreatedb or r.rolcreaterole
            or r.rolreplication or r.rolbypassrls),
        array(select g.rolname::text
              from pg_auth_members as m join pg_roles as g on g.oid = m.roleid
              where m.member = r.oid order by g.rolname),
        l.role_name is not null, coalesce(s.verifier, '')
    from pg_roles as r
    left join access.login as l on l.role_name = r.rolname
    left join access.role_secret as s on s.role_name = r.rolname
    where r.rolname = any (%s)"""


@dataclass(frozen=True)
class Login:
    """A login that is to be; verifier '' where the person's password is lost."""

    name: str
    person: Person
    group: str
    verifier: str


@dataclass(frozen=True)
class Plan:
    """What `apply` does: logins to set up (with what is said of each), and to remove."""

    to_set: list[tuple[Login, str]]
    to_remove: list[str]

    def lines(self) -> list[str]:
        return [f"remove {name}" for name in self.to_remove] + [said for _, said in self.to_set]


def new_password(connection: psycopg.Connection, name: str) -> str:
    """A new password for the person's own login. Only its verifier is kept; `apply` sets it."""
    password = secrets.token_urlsafe(24)
    secret.replace(_kept(name), access.verifier(connection, name, password))
    return password


def forget_password(name: str) -> None:
    secret.remove(_kept(name))


def plan(connection: psycopg.Connection) -> Plan:
    """The difference between logins.csv and the server. Changes nothing.

    Raises BadInput for a file that is wrong or lost, a province without a role, and a name that
    somebody else's role has.
    """
    known = [row[0] for row in connection.execute("select role_name from access.login")]
    if known and not persons.path().exists():
        raise BadInput(
            f"{persons.path()} is not there, but the warehouse has {len(known)} logins by it",
            "put it back from the back-up (one with its first line alone removes all)",
        )
    state = {
        name: found
        for name, *found in connection.execute(
            STATE, [[login for person in persons.read() for login in _names(person)]]
        )
    }
    wanted = [login for person in persons.read() for login in _wanted(connection, person, state)]
    to_set = [
        (login, said) for login in wanted if (said := _difference(login, state.get(login.name)))
    ]
    return Plan(to_set, sorted({*known} - {login.name for login in wanted}))


def apply(connection: psycopg.Connection, plan_: Plan) -> None:
    """Do what the plan says; repeatable, one login a transaction."""
    superuser = access.is_superuser(connection)
    for group in (PERSONS, DESK):
        if connection.execute("select to_regrole(%s)", [group]).fetchone() == (None,):
            _make_group(connection, group)
    for name in plan_.to_remove:
        _remove(connection, name)
    for login, _ in plan_.to_set:
        with connection.transaction():
            connection.execute("lock table ops.access_lock in exclusive mode")
            _set(connection, login)
            access.set_up(connection, login.name, superuser)


def sync(connection: psycopg.Connection) -> list[str]:
    """Bring the server to what logins.csv says; give the changes as lines. Raises what `plan` does.
    The roles of roles.csv are made, and let into this database, where they are not yet."""
    if connection.execute(LET_IN).fetchone() == (False,):
        access.apply(connection, "new")
    found = plan(connection)
    apply(connection, found)
    return found.lines()


def _kept(name: str) -> str:
    return f"login-{name}"


def _names(person: Person) -> tuple[str, str]:
    return person.name, desk_login.login(person.name)


def _wanted(connection: psycopg.Connection, person: Person, state: dict) -> list[Login]:
    if person.role not in {row["role_name"] for row in access.roles()}:
        raise BadInput(
            f"{person.name}: there is no province {person.scope}",
            f"a code of publish/roles.csv, or {persons.HEADQUARTERS}",
        )
    for name in _names(person):
        if name in state and not state[name][2]:
            raise BadInput(
                f"the server has a role {name} that is not of logins.csv",
                "take another name, or remove that role first",
            )
    kept, for_desk = _kept(person.name), _names(person)[1]
    own = secret.kept(kept) if secret.exists(kept) else ""
    password = desk_login.password(secret.secret(desk_login.KEY), for_desk)
    set_before = state[for_desk][3] if for_desk in state else ""
    of_desk = (
        set_before
        if matches(set_before, password)
        else access.verifier(connection, for_desk, password)
    )
    return [
        Login(person.name, person, PERSONS, own),
        Login(for_desk, person, DESK, of_desk),
    ]


def _difference(login: Login, found: list | None) -> str:
    """What there is to do for a login, '' for nothing."""
    whose = f"{login.name}: reads as {login.person.role}"
    lost = (
        ""
        if login.verifier
        else f" (its password is lost: `ita login password {login.person.name}`)"
    )
    if found is None:
        return f"add {whose}{lost}"
    plain, member_of, _, verifier = found
    if sorted(member_of) != sorted([login.person.role, login.group]) or not plain:
        others = sorted({*member_of} - {login.group, login.person.role})
        return f"change {whose}, not as {', '.join(others) or 'nobody'}"
    return f"change {login.name}: its password{lost}" if verifier != login.verifier else ""


def _set(connection: psycopg.Connection, login: Login) -> None:
    role, name = sql.Identifier(login.name), login.name
    if not connection.execute("select 1 from pg_roles where rolname = %s", [name]).fetchone():
        connection.execute(sql.SQL("create role {}").format(role))
    rights = "login inherit nocreatedb nocreaterole password {}"
    if access.is_superuser(connection):  # nobody else may say so, or could have given them
        rights = "nosuperuser noreplication nobypassrls " + rights
    connection.execute(
        sql.SQL("alter role {} " + rights).format(role, sql.Literal(login.verifier or None))
    )
    for (group,) in connection.execute(
        """
        select g.rolname from pg_auth_members as m join pg_roles as g on g.oid = m.roleid
        where m.member = %s::regrole and g.rolname <> all (%s)""",
        [name, [login.person.role, login.group]],
    ).fetchall():
        connection.execute(sql.SQL("revoke {} from {}").format(sql.Identifier(group), role))
    # to read as the role, not to become it: what is done stays under the person's name
    options = " with inherit true, set false" if connection.info.server_version >= 160000 else ""
    for group in (login.person.role, login.group):
        connection.execute(sql.SQL("grant {} to {}" + options).format(sql.Identifier(group), role))
    connection.execute(
        """
        insert into access.login (role_name, person, scope) values (%s, %s, %s)
        on conflict (role_name) do update set scope = excluded.scope""",
        [name, login.person.name, login.person.scope],
    )
    connection.execute("delete from access.role_secret where role_name = %s", [name])
    if login.verifier:
        connection.execute(
            "insert into access.role_secret (role_name, verifier) values (%s, %s)",
            [name, login.verifier],
        )


def _remove(connection: psycopg.Connection, name: str) -> None:
    """Nobody logs in by it from now on; its sessions end; then it goes."""
    role = sql.Identifier(name)
    if connection.execute("select 1 from pg_roles where rolname = %s", [name]).fetchone():
        connection.execute(sql.SQL("alter role {} nologin").format(role))
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where usename = %s", [name]
        )
        with connection.transaction():
            connection.execute("lock table ops.access_lock in exclusive mode")
            connection.execute(sql.SQL("drop owned by {}").format(role))
            connection.execute(sql.SQL("drop role {}").format(role))
    connection.execute("delete from access.role_secret where role_name = %s", [name])
    connection.execute("delete from access.login where role_name = %s", [name])


def _make_group(connection: psycopg.Connection, group: str) -> None:
    try:
        connection.execute(sql.SQL("create role {} nologin").format(sql.Identifier(group)))
    except psycopg.errors.DuplicateObject:  # another process makes it in this moment
        return


def matches(verifier: str, password: str) -> bool:
    """Is it PostgreSQL's verifier (SCRAM-SHA-256, RFC 5803) of this password (ASCII)?"""
    try:
        _, rounds_and_salt, keys = verifier.split("$")
        rounds, salt = rounds_and_salt.split(":")
        stored = base64.b64decode(keys.split(":")[0])
    except ValueError:
        return False
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(salt), int(rounds))
    client = hmac.new(salted, b"Client Key", hashlib.sha256).digest()
    return hmac.compare_digest(hashlib.sha256(client).digest(), stored)
