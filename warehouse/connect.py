"""Connections to the warehouse: one way, whether the server is embedded or ITA_WAREHOUSE_DSN's."""

import os
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import pq, sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from warehouse import postgres, settings
from warehouse.errors import BadInput, Fault
from warehouse.secret import exists, kept

GRACE = 0.5  # seconds
# PostgreSQL's words for it: of the server, of a role, of all but those that may use the rest.
ALL_TAKEN = ("too many clients", "too many connections", "connection slots are reserved")


def dsn() -> str:
    """The owner's DSN.

    ITA_WAREHOUSE_DSN, else the embedded server, started if it is not running.
    """
    return settings.external_dsn() or postgres.dsn() or postgres.up()


def connect(
    role: str | None = None, dbname: str | None = None, **options: Any
) -> psycopg.Connection:
    """A connection as the owner, or logged in as `role` (a role of publish/roles.csv).

    Raises Fault when the server does not answer, is older than PostgreSQL 15, or the database is
    not in UTF-8.
    """
    login = {"user": role, "password": password(role)} if role else {}
    where = {"dbname": dbname} if dbname else {}
    try:
        conninfo = make_conninfo(**{**_given(), **login, **where})
        connection = psycopg.connect(conninfo, **options)
    except psycopg.OperationalError as error:
        raise Fault(
            f"the warehouse does not answer: {str(error).strip()}", _way_out(str(error))
        ) from error
    if connection.info.server_version < 150000:
        raise Fault(
            f"PostgreSQL {connection.info.server_version // 10000} is too old",
            "use PostgreSQL 15 or later",
        )
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise Fault(
            f"the database {connection.info.dbname} is in {encoding}, which has no place for Thai",
            "use one that was made with `encoding 'UTF8' template template0`",
        )
    return connection


def _way_out(said: str) -> str:
    """What to do where the server answers, and lets nobody in."""
    if "password authentication failed" in said:
        return "see *Lost passwords* in docs/operations/access.md"
    if any(words in said for words in ALL_TAKEN):
        return "see *All connections are taken* in docs/operations/database.md"
    return "see `ita status`"


def password(role: str) -> str:
    """The password of a role of publish/roles.csv. Raises Fault where there is none here."""
    if not exists(f"role-{role}"):
        raise Fault(f"{role} has no password in this ITA_HOME", "`ita up` gives it one")
    return kept(f"role-{role}")


def address(user: str | None = None, secret: str | None = None) -> str:
    """The warehouse as a DSN of the user (default: the owner), without a password but `secret`."""
    from urllib.parse import quote

    given = parameters()
    login = quote(user or given["user"]) + (f":{quote(secret, safe='')}" if secret else "")
    return f"postgresql://{login}@{given['host']}:{given['port']}/{quote(given['dbname'])}"


def parameters() -> dict:
    """The owner's connection for programs that want it apart (dbt, Airflow).

    host, port, user, password, dbname. Raises what `_given` raises.
    """
    return {"host": "127.0.0.1", "port": "5432", "password": "", **_given()}


def _given() -> dict[str, str]:
    """What the owner's DSN says.

    Raises BadInput for one that is none; its text, which may hold a password, is not told.
    """
    try:
        given = conninfo_to_dict(dsn())
    except psycopg.ProgrammingError:
        raise BadInput(
            "ITA_WAREHOUSE_DSN is no connection string of PostgreSQL",
            "write it as postgresql://user:password@host:5432/database",
        ) from None
    found = {key: str(value) for key, value in given.items() if value is not None}
    if settings.external_dsn() and (kept_apart := settings.external_password()):
        found["password"] = kept_apart
    return found


def wait(seconds: float, on_wait: Callable[[], None] | None = None) -> None:
    """Return as soon as the server takes connections, after `seconds` in any case.

    For a server that is not ours to start: it may be starting anew. What is wrong with it after
    that, the next connection says. `on_wait` is called once where there is something to wait for.
    """
    asked = make_conninfo(**{**_given(), "connect_timeout": "5"}).encode()
    deadline = time.monotonic() + seconds
    while pq.PGconn.ping(asked) != pq.Ping.OK and time.monotonic() < deadline:
        if on_wait:
            on_wait()
            on_wait = None
        time.sleep(1)


def sqlalchemy_url(driver: str = "psycopg", database: str | None = None) -> str:
    """The owner's connection as an SQLAlchemy URL, with the password in clear."""
    from sqlalchemy import URL

    given = parameters()
    url = URL.create(
        f"postgresql+{driver}",
        given["user"],
        given["password"],
        given["host"],
        int(given["port"]),
        database or given["dbname"],
    )
    return url.render_as_string(hide_password=False)


@contextmanager
def lock(name: str, on_wait: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold the lock `name` (step, refresh, airflow) until the block ends; one holder at a time.

    Waits for another holder, after a call of `on_wait`. It is the lock of a table that only the
    owner may lock (advisory locks are everybody's), in a session of its own, and goes with it, also
    after kill -9. The warehouse must have its schemas.
    """
    statement = sql.SQL("lock table {} in exclusive mode").format(
        sql.Identifier("ops", f"{name}_lock")
    )
    with connect(application_name=f"ita {name} lock") as holder:
        holder.execute("set idle_in_transaction_session_timeout = 0")
        holder.commit()
        try:
            holder.execute(statement + sql.SQL(" nowait"))
        except psycopg.errors.LockNotAvailable:
            holder.rollback()
            if on_wait:
                on_wait()
            holder.execute(statement)
        if name != "step":  # `ita refresh` outlives the embedded server, and begins again
            yield
            return
        with _end_without(holder):
            yield


@contextmanager
def _end_without(holder: psycopg.Connection) -> Iterator[None]:
    """End this process where the session that holds the lock is ended by others: the next holder
    must not work beside it. What fails by itself over the same has GRACE to say so."""
    ours, theirs = socket.socketpair()

    def watch() -> None:
        while not select.select([holder, ours], [], [])[0].count(ours):
            try:
                holder.pgconn.consume_input()  # the end of the session, or news of a setting
            except psycopg.OperationalError:
                if select.select([ours], [], [], GRACE)[0]:
                    return
                said = "the warehouse does not answer: the session with the lock of the steps ended"
                os.write(2, f"ita: {said} — the step is to be run again\n".encode())
                os._exit(1)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        theirs.send(b".")  # closing is not enough: a process forked meanwhile has it open, too
        watcher.join()
        theirs.close()
        ours.close()


def one(cursor: psycopg.Cursor[Any]) -> Any:
    """The first row of a query that always has one (an aggregate, a key that is there).

    Raises Fault where there is none.
    """
    row = cursor.fetchone()
    if row is None:
        raise Fault("a query that always gives a row gave none", "tell the developers")
    return row
