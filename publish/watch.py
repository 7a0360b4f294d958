"""The watcher: what PostgreSQL lets every login do to itself and to others is undone or ended.

One process beside the server, with the owner's rights. It looks every two seconds, ends with the
embedded server, and writes what it did to ops.interference.
"""

import fcntl
import itertools
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg import sql

from publish import access, query_log, readers, settle
from warehouse import connect, postgres, settings
from warehouse.connect import one
from warehouse.errors import ItaError

PAUSE = 2.0  # seconds; a look costs 0.05 of a processor's
LONGEST_STATEMENT = 300.0  # seconds; the roles' own statement_timeout is the same
LONGEST_IDLE = 60.0  # seconds that a transaction may stay open unused
MOST_MEMORY = 1_000_000  # KB of its own that a session may hold
STEPS_BACK = 10  # by which readers' processes are nicer than a step of the night

# What bounds a session: a session that sets one of these is ended, whatever it sets it to.
BOUNDS = re.compile(
    r"\b(set|reset|set_config)\b[^;]*\b(statement_timeout|transaction_timeout|work_mem"
    r"|idle_in_transaction_session_timeout|hash_mem_multiplier|temp_buffers|maintenance_work_mem"
    r"|max_parallel_workers_per_gather)\b",
    re.IGNORECASE,
)
SESSIONS = """
    select a.pid, a.usename, a.state, a.query,
        extract(epoch from clock_timestamp() - a.query_start)::float8,
        extract(epoch from clock_timestamp() - a.state_change)::float8
    from pg_stat_activity as a
    join pg_roles as r on r.oid = a.usesysid
    where a.backend_type = 'client backend' and not r.rolsuper and r.rolname <> 'ita_pack'
        and r.rolname <> current_user
        and exists (select from access.role_scope as s
                    where pg_has_role(r.oid, s.role_name, 'member'))"""
STEP_AT_WORK = """
    select exists (
        select from pg_locks
        where relation = 'ops.step_lock'::regclass and mode = 'ExclusiveLock' and granted
            and database = (select oid from pg_database where datname = current_database()))"""
# Roles of ours whose settings, limits or rights are not what we gave them.
NOT_OUR_SETTINGS = """
    select r.rolname,
        (select array_agg(distinct c order by c)
         from pg_db_role_setting as s, unnest(s.setconfig) as c where s.setrole = r.oid) as settings
    from pg_roles as r
    where r.rolname = any (%s)"""
# Roles of ours whose password is not the one that we set.
NOT_OUR_VERIFIER = """
    select s.role_name, s.verifier from access.role_secret as s
    join pg_authid as a on a.rolname = s.role_name
    where a.rolpassword is distinct from s.verifier"""
# Logins of persons have no limit of connections of their own yet.
UNLIMITED = """
    select r.rolname from pg_roles as r
    where r.rolcanlogin and not r.rolsuper and r.rolconnlimit = -1 and r.rolname <> current_user
        and exists (select from access.role_scope as s
                    where s.role_name <> current_user and pg_has_role(r.oid, s.role_name, 'member'))
    """


def start() -> None:
    """Have a watcher beside the embedded server, if there is none yet."""
    if settings.external_dsn():
        return  # a service of its own there: `ita watch`
    with _alone() as free:
        if not free:
            return
    with (settings.home() / "watch.log").open("a") as log:
        subprocess.Popen(
            [Path(sys.executable).with_name("ita"), "watch"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            start_new_session=True,
        )


def run() -> None:
    """Watch until the embedded server is stopped; one watcher at a time."""
    # asyncio and certificates, which `start` in each step has no need of
    from warehouse import door

    with _alone() as free:
        if not free:
            return
        while settings.external_dsn() or postgres.dsn():
            try:
                with connect.connect(autocommit=True, application_name="ita watch") as connection:
                    for turn in itertools.count():
                        look(connection)
                        if turn % 15 == 0:
                            door.start()
                        if turn % 30 == 0:
                            query_log.load(connection, datetime.now(UTC))
                        time.sleep(PAUSE)
            except (psycopg.Error, ItaError) as error:  # the server is gone, or somebody was faster
                print(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {error}", flush=True)
                time.sleep(PAUSE)


def look(connection: psycopg.Connection) -> None:
    """Once: undo what logins changed of themselves, end the sessions that are over a bound."""
    superuser = access.is_superuser(connection)
    if any(_changed(connection, superuser)):
        with connection.transaction():  # a publication may be setting the roles up: look again
            connection.execute("lock table ops.access_lock in exclusive mode")
            _undo(connection, superuser, *_changed(connection, superuser))
    for pid, role, th, en in _over_a_bound(connection):
        readers.end(connection, pid, role, th, en)
    _let_go_first(connection)
    if settle.is_due(connection):
        _settle(connection)


def _settle(connection: psycopg.Connection) -> None:
    try:
        with connection.transaction():
            connection.execute("lock table ops.step_lock in exclusive mode nowait")
            settle.run(connection, datetime.now(UTC))
    except psycopg.errors.LockNotAvailable:
        return  # a step is at work, and may be publishing: the next time


def _changed(connection: psycopg.Connection, superuser: bool) -> tuple[list, list, list]:
    """Roles whose settings are not ours; (role, our verifier) of those whose password is not ours;
    logins of persons without a limit of connections."""
    names = [row["role_name"] for row in access.roles()]
    names += [row[0] for row in connection.execute("select role_name from access.login")]
    settings_ = [
        name
        for name, found in connection.execute(NOT_OUR_SETTINGS, [names]).fetchall()
        if set(found or []) != set(access.settings_of(name, superuser))
    ]
    verifiers = connection.execute(NOT_OUR_VERIFIER).fetchall() if superuser else []
    return settings_, verifiers, [row[0] for row in connection.execute(UNLIMITED).fetchall()]


def _undo(
    connection: psycopg.Connection,
    superuser: bool,
    settings_: list,
    verifiers: list,
    unlimited: list,
) -> None:
    for name in settings_:
        access.set_up(connection, name, superuser)
        _undone(connection, name, "การตั้งค่าของตนเอง", "its own settings")
    for name, verifier in verifiers:
        connection.execute(
            sql.SQL("alter role {} password {}").format(sql.Identifier(name), sql.Literal(verifier))
        )
        _undone(connection, name, "รหัสผ่านของตนเอง", "its own password")
    for name in unlimited:
        connection.execute(
            sql.SQL("alter role {} connection limit {}").format(
                sql.Identifier(name), sql.Literal(access.PERSONAL_CONNECTIONS)
            )
        )


def _undone(connection: psycopg.Connection, role: str, th: str, en: str) -> None:
    readers.note(
        connection,
        datetime.now(UTC),
        role,
        None,
        f"ผู้ใช้เปลี่ยน{th} ระบบจึงตั้งกลับคืน",
        f"it had changed {en}: set back",
    )


def _over_a_bound(connection: psycopg.Connection) -> Iterator[tuple[int, str, str, str]]:
    for pid, role, state, query, running, unchanged in connection.execute(SESSIONS).fetchall():
        if state == "active" and running > LONGEST_STATEMENT + 5:
            yield pid, role, "คำสั่งใช้เวลาเกิน 5 นาที", "its statement ran longer than five minutes"
        elif state.startswith("idle in transaction") and unchanged > LONGEST_IDLE + 5:
            yield (
                pid,
                role,
                "เปิดธุรกรรมค้างไว้โดยไม่ใช้งานเกิน 1 นาที",
                "its transaction was open and unused for more than a minute",
            )
        elif BOUNDS.search(query):
            yield (
                pid,
                role,
                "เปลี่ยนขีดจำกัดเวลาหรือหน่วยความจำของตนเอง",
                "it had changed its own bounds of time or memory",
            )
        elif _memory(pid) > MOST_MEMORY:
            yield pid, role, "ใช้หน่วยความจำเกิน 1 กิกะไบต์", "it held more than a gigabyte of memory"


def _let_go_first(connection: psycopg.Connection) -> None:
    """While a step is at work, readers' processes have less of the processors than it has, where
    they are processes of this machine; else as much as anybody."""
    if settings.external_dsn():
        return
    at_work = one(connection.execute(STEP_AT_WORK))[0]
    for pid, *_ in connection.execute(SESSIONS).fetchall():
        _step_back(pid, STEPS_BACK if at_work else 0)


def _step_back(pid: int, steps: int) -> None:
    nice = min(19, os.getpriority(os.PRIO_PROCESS, 0) + steps)
    try:
        # Outside a control group Linux shares the processors among sessions first, and each process
        # of PostgreSQL is a session: there its own nice value weighs against nobody else.
        group = Path(f"/proc/{pid}/autogroup")
        if os.getsid(pid) == pid and not group.read_text().endswith(f" nice {nice}\n"):
            group.write_text(str(nice))
        if os.getpriority(os.PRIO_PROCESS, pid) != nice:  # only root can take it back
            os.setpriority(os.PRIO_PROCESS, pid, nice)
    except OSError:  # it ended, is another user's, or Linux is asked too often or keeps no sessions
        return


def _memory(pid: int) -> int:
    """KB that the process holds for itself alone; 0 where the server is not of this machine."""
    if settings.external_dsn():
        return 0
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    found = re.search(r"RssAnon:\s+(\d+)", status)
    return int(found[1]) if found else 0


@contextmanager
def _alone() -> Iterator[bool]:
    """Is no watcher of this ITA_HOME at work? While the block runs, none starts."""
    with (settings.home() / ".watch.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
