"""Readers in the way: a transaction that stays open delays our work by ten seconds and is ended."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

import psycopg

from warehouse.errors import Fault

PATIENCE = 10.0
LOCK_TIMEOUT = "1s"  # how long another reader can come to wait behind us
WHY_TH = "ธุรกรรมที่เปิดค้างไว้ขวางการเผยแพร่ผลนานถึง 10 วินาที ระบบจึงปิดการเชื่อมต่อ โปรดสั่งอ่านใหม่"
WHY_EN = "its open transaction had held up a publication for 10 seconds; read again"

# Sessions of logins that hold a lock on one of the relations that a condition names.
HOLDERS = """
    select distinct a.pid, a.usename
    from pg_stat_activity as a
    join pg_locks as l on l.pid = a.pid and l.granted
    join pg_class as c on c.oid = l.relation
    join pg_namespace as n on n.oid = c.relnamespace
    where a.datname = current_database() and a.usename <> current_user
        and l.database = a.datid and """
VIEWS_ON_MART = """
    c.oid in (
        select r.ev_class from pg_rewrite as r
        join pg_depend as d on d.objid = r.oid and d.classid = 'pg_rewrite'::regclass
        join pg_class as m on m.oid = d.refobjid and m.oid <> r.ev_class
        where m.relnamespace = to_regnamespace('mart'))"""
BUILDS_BEFORE = """
    (n.nspname in ('outgoing', 'candidate') or n.nspname like 'mart\\_before\\_%'
     or (n.nspname like 'shown\\_%'
         and n.nspname <> all (select 'shown_' || no from access.shown,
                               generate_series(build_no - 1, build_no) as no))
     or (n.nspname = 'item_scores' and c.oid not in (
            select to_regclass(kept_item_scores) from ops.build
            where kept_item_scores is not null)))"""
# Whose snapshot is older than the last publication: the rows that it shows are none to them.
OLD_SNAPSHOTS = """
    select pid, usename from pg_stat_activity
    where datname = current_database() and usename <> current_user
        and age(backend_xmin) >= (select age(xmin) from access.shown)"""


def let_work(connection: psycopg.Connection, work: Callable[[], None], locked: str) -> None:
    """Do `work` in one transaction, over again while readers hold what it locks, ten seconds long;
    then end their sessions and note why. `locked`: VIEWS_ON_MART or BUILDS_BEFORE.
    Raises Fault when they do not go: on a server where the owner may not end sessions."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with connection.transaction():
                connection.execute(f"set local lock_timeout = '{LOCK_TIMEOUT}'")
                work()
            return
        except psycopg.errors.LockNotAvailable:
            if time.monotonic() > deadline:
                _end(connection, HOLDERS + locked, deadline)
            time.sleep(0.2)


def let_old_snapshots_go(connection: psycopg.Connection) -> None:
    """Wait until no reader's snapshot is older than the last publication; end those that stay."""
    deadline = time.monotonic() + PATIENCE
    while connection.execute(OLD_SNAPSHOTS).fetchone():
        if time.monotonic() > deadline:
            _end(connection, OLD_SNAPSHOTS, deadline)
        time.sleep(0.2)


def note(
    connection: psycopg.Connection, at: datetime, role: str, pid: int | None, th: str, en: str
) -> None:
    """Write down in ops.interference what was ended or undone, and why."""
    connection.execute(
        """
        insert into ops.interference (noted_at, role_name, pid, reason_th, reason_en)
        values (%s, %s, %s, %s, %s)""",
        [at, role, pid, th, en],
    )


def end(connection: psycopg.Connection, pid: int, role: str, th: str, en: str) -> None:
    """End a session, and note why before it can ask. One that we may not end stays."""
    try:
        with connection.transaction():
            note(connection, datetime.now(UTC), role, pid, th, en)
            connection.execute("select pg_terminate_backend(%s)", [pid])
    except psycopg.errors.InsufficientPrivilege:
        return  # `ita status` names the right that is missing


def _end(connection: psycopg.Connection, sessions: str, deadline: float) -> None:
    found = connection.execute(sessions).fetchall()
    if time.monotonic() > deadline + PATIENCE:
        held = ", ".join(f"{role} (pid {pid})" for pid, role in found) or "somebody"
        raise Fault(
            f"{held} holds what the build before consists of, and cannot be ended",
            "see `ita status` for the right that is missing, or end the session",
        )
    for pid, role in found:
        end(connection, pid, role, WHY_TH, WHY_EN)
