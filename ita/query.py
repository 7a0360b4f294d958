"""`ita query`: one read-only statement, as a role or a person, in several formats."""

import getpass
import os
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import psycopg
from psycopg.conninfo import make_conninfo

from ita import rows
from publish import access, operator
from warehouse import connect, desk_login, persons, schema, secret, settings
from warehouse.connect import one
from warehouse.errors import BadInput, Fault, ItaError, NotAllowed

AT_ONCE = 500  # rows that are on the way together


@dataclass(frozen=True)
class Output:
    """Where the rows go: a file, or standard output where it is None."""

    format: str
    file: Path | None = None
    bom: bool = False


def run(statement: str, role: str, output: Output) -> None:
    """Run one statement as a role of roles.csv, a person of logins.csv or the owner, with the
    secrets of this ITA_HOME, and write its rows.

    Raises BadInput for SQL that does not run, NotAllowed for what the role may not read or write.
    """
    owner = _owner()
    login, password = _login(role, owner)
    with connect.connect(user=login, password=password) as connection:
        pid = connection.info.backend_pid
        with _errors(
            statement,
            who=role,
            may=f"roles read schema mart only; --as {owner} reads raw and ops",
            ended=lambda: _why_ended(pid, login),
        ):
            _write(connection, statement, output)


def run_as_person(statement: str, dsn: str, output: Output) -> None:
    """As `run`, over the connection of a person (a URI or `key=value …` of PostgreSQL's), with
    their password from where PostgreSQL's programs look for it, or asked for on a terminal."""
    with (
        _connection_of(dsn) as connection,
        _errors(statement, who=connection.info.user, may="a login reads schema mart only"),
    ):
        _write(connection, statement, output)


def _write(connection: psycopg.Connection, statement: str, output: Output) -> None:
    connection.read_only = True
    names = _columns(connection, statement)
    # one statement only goes this way (the extended protocol): nothing can follow a commit; rows
    # come as they are read, so that none is kept
    with (
        connection.cursor(binary=True) as cursor,
        # closed before the session is, or the two would wait for each other
        closing(cast(Generator[Any], cursor.stream(statement, size=AT_ONCE))) as answer,
    ):
        if output.file:
            rows.write_file(names, answer, output.format, output.file)
        else:
            rows.write_to_standard_output(names, answer, output.format, output.bom)


def _columns(connection: psycopg.Connection, statement: str) -> list[str]:
    """The names of the columns, before there are rows. Raises BadInput where there are none."""
    server = connection.pgconn
    result = server.prepare(b"", statement.encode())
    if result.status == psycopg.pq.ExecStatus.COMMAND_OK:
        result = server.describe_prepared(b"")
    if result.status != psycopg.pq.ExecStatus.COMMAND_OK:
        raise psycopg.errors.error_from_result(result)
    if not result.nfields:
        connection.execute(statement, binary=True)  # may it, and what does the server say of it?
        raise BadInput("the statement gives no rows", "write a select")
    return [(result.fname(number) or b"").decode() for number in range(result.nfields)]


def _owner() -> str:
    """The owner's name. Raises BadInput where this account may not read the owner's secrets."""
    folder = settings.home() / "secrets"
    if not settings.external_dsn() and folder.parent.exists() and not _may_read(folder):
        raise BadInput(
            "the secrets of this warehouse are not for this account",
            "ask with a login of your own (`ita login add`): set ITA_QUERY_DSN",
        )
    return str(connect.parameters()["user"])


def _may_read(folder: Path) -> bool:
    try:
        return os.access(folder, os.R_OK | os.X_OK) or not folder.exists()
    except PermissionError:
        return False


def _login(role: str, owner: str) -> tuple[str, str]:
    """The login by which `role` is asked as, and its password.

    A person's own password is not ours to know: who runs the warehouse asks by the desk's login.
    """
    if role == owner:
        login = _operator()
        return login, connect.password(login)
    known = [row["role_name"] for row in access.roles()]
    if role in known:
        return role, connect.password(role)
    if persons.find(role):
        login = desk_login.login(role)
        return login, desk_login.password(secret.kept(desk_login.KEY), login)
    raise BadInput(
        f"--as {role}: no such role",
        f"one of {', '.join(known[:3])} …, {owner}, or a person of `ita login list`",
    )


def _connection_of(dsn: str) -> psycopg.Connection:
    try:
        conninfo = make_conninfo(dsn, application_name="ita query")
    except psycopg.ProgrammingError:
        raise BadInput(
            "ITA_QUERY_DSN is no connection string of PostgreSQL",
            "write it as postgresql://name@host:port/ita or service=ita",
        ) from None
    try:
        return psycopg.connect(conninfo)
    except psycopg.OperationalError as error:
        asked = error.pgconn and error.pgconn.needs_password and sys.stdin.isatty()
        if not asked:
            raise _not_let_in(error) from None
    try:
        return psycopg.connect(conninfo, password=getpass.getpass())
    except psycopg.OperationalError as error:
        raise _not_let_in(error) from None


def _not_let_in(error: psycopg.Error) -> ItaError:
    said = " ".join(str(error).split())
    if "password" in said or "pg_hba" in said:
        return NotAllowed(
            f"the warehouse does not let you in: {said}",
            "see that ~/.pgpass (mode 600) has your line; `ita login password` gives another",
        )
    return Fault(f"the warehouse does not answer: {said}", "see that host and port are right")


@contextmanager
def _errors(
    statement: str, who: str, may: str, ended: Callable[[], str] = lambda: ""
) -> Iterator[None]:
    """What the server says as one line of ours; `ended`: why, where we ended the session."""
    try:
        yield
    except (
        psycopg.errors.InsufficientPrivilege,
        psycopg.errors.ReadOnlySqlTransaction,
        psycopg.errors.ObjectNotInPrerequisiteState,  # to write to a view that is a union
    ) as error:
        raise NotAllowed(f"{who}: {_said(error, statement)}", may) from error
    except psycopg.errors.QueryCanceled as error:
        raise Fault(
            f"{who}: {_said(error, statement)}", "a statement has five minutes: ask for less"
        ) from error
    except psycopg.OperationalError as error:
        if why := ended():
            raise Fault(f"{who}: the session was ended: {why}", "ask again") from error
        raise Fault(_said(error, statement), "see `ita status`") from error
    except psycopg.Error as error:
        hint = error.diag.message_hint
        raise BadInput(
            _said(error, statement),
            hint or "check the SQL; the columns are in the data dictionary",
        ) from error


def _said(error: psycopg.Error, statement: str) -> str:
    """What was wrong, its detail, and where in the statement."""
    first = (str(error).splitlines() or [type(error).__name__])[0]
    said = " — ".join(
        filter(None, (error.diag.message_primary or first, error.diag.message_detail))
    )
    if not error.diag.statement_position:
        return said
    before = statement[: int(error.diag.statement_position) - 1]
    line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
    text = statement.splitlines()[line - 1].strip() if statement.splitlines() else ""
    return f"{said}, line {line}, character {column}: {text[:120]}"


def _why_ended(pid: int, login: str) -> str:
    """Why we ended the session, '' where we did not."""
    with connect.connect() as owner:
        noted = owner.execute(
            """
            select reason_en || ' (' || reason_th || ')' from ops.interference
            where role_name = %s and pid = %s order by interference_no desc limit 1""",
            [login, pid],
        ).fetchone()
    return noted[0] if noted else ""


def _operator() -> str:
    """The login that reads what the owner does, without the rights of a superuser."""
    with connect.connect(autocommit=True) as connection:
        schema.apply(connection)
        if not one(connection.execute("select to_regrole(%s)", [operator.READS_LIKE]))[0]:
            access.apply(connection)  # a server on which `ita up` was never said
        return operator.login(connection)
