"""What is known of the night when its verdict is given. One look; nothing is judged here."""

import shutil
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import psycopg
from psycopg.rows import dict_row

from operations import kept, schedule
from warehouse import connect, postgres, runs, served, settings, unwritten
from warehouse.errors import Fault, ItaError
from warehouse.thai_dates import BANGKOK

SKEW = timedelta(minutes=5)  # by which clocks of two machines may differ
NIGHT, AFTERWARDS = "nightly_refresh", "packs_refresh"

PUBLISHED = """
    select build_id, published_at, run_id from ops.publication
    order by publication_no desc limit 1"""
CANDIDATE = """
    select b.build_id, b.state, b.held_for, a.build_id is not null as approved,
        r.refused_by, r.reason as refused_for
    from ops.build as b
    left join ops.approval as a using (build_id)
    left join ops.refusal as r on r.subject = b.build_id and b.state = 'audited'
        and (a.approved_at is null or a.approved_at <= r.refused_at)
    where b.schema_name = 'candidate'
    order by r.refused_at desc limit 1"""
FAILURES = """
    select dag_id, run_id, task_id, exit_code, message, failed_at from ops.failure
    where failed_at >= %s or run_id = %s order by failure_no"""
# the last judgement of each gate, what failed in it
CHECKS = """
    select gate, build_id, check_name, severity, message_th, message_en, unexpected_count, named,
           who_fixes, checked_at
    from ops.check_result
    where not success and (gate, build_id) in (
        select distinct on (gate) gate, build_id from ops.check_result
        order by gate, checked_at desc)
    order by severity, gate desc, check_name"""
TAKEN_BACK = """
    select build_id, held_at, held_by, reason from ops.rollback where released_at is null"""
TROUBLES = "select place, message_th, message_en from ops.trouble where serious order by place"
DELIVERY = """
    select began_at, ended_at, cause, said_th, said_en from ops.delivery_run
    order by run_no desc limit 1"""
UNDELIVERED = "select count(*) from ops.delivery_between"
# Not one table for all: that one may be what somebody dropped. The first is made before the others.
SET_UP = """
    select count(*) > 1 from pg_class
    where relnamespace = to_regnamespace('ops') and relkind = 'r'"""
NEWEST_COLUMN = """
    select exists (select from pg_attribute
                   where attrelid = to_regclass('ops.publication') and attname = 'run_id')"""
REFRESHING = """
    select exists (select from pg_locks where relation = 'ops.refresh_lock'::regclass
                   and mode = 'ExclusiveLock' and granted) as alive"""


@dataclass(frozen=True)
class Facts:
    """`database` is the reason for which nothing below it is known, '' where it answered."""

    at: datetime
    since: datetime  # when this warehouse was first looked after: no night before it was missed
    deadline: datetime  # the last that has passed
    next_by: datetime
    free_bytes: int
    database: str = ""
    ended: runs.Run | None = None  # the newest run of the night that has ended, also by a kill
    going: runs.Run | None = None  # a newer one that has not
    refreshing: bool = False  # an `ita refresh` holds its lock
    afterwards: runs.Run | None = None  # the newest ended run of packs_refresh
    published: dict | None = None
    candidate: dict | None = None
    taken_back: dict | None = None  # the build that a person took back, until it is released
    started: datetime | None = None  # when an `ita refresh` began that must have made a run
    said_last: str = ""  # the last words of that
    delivery: dict | None = None
    undelivered: int = 0
    lost: list[str] = field(default_factory=list)  # views of mart that were published
    failures: list[dict] = field(default_factory=list)
    checks: list[dict] = field(default_factory=list)
    troubles: list[dict] = field(default_factory=list)


def gather(at: datetime, started: datetime | None = None, said_last: str = "") -> Facts:
    """Look; nothing is started, and a warehouse that does not answer is a fact as others are."""
    looked: dict[str, Any] = {
        "at": at,
        "since": kept.since(at),
        "deadline": schedule.last_deadline(at),
        "next_by": schedule.next_deadline(at),
        "started": started,
        "said_last": said_last,
        "free_bytes": shutil.disk_usage(settings.home()).free,
    }
    try:
        if not settings.external_dsn() and not postgres.dsn():
            return Facts(**looked, database="it does not run", failures=unwritten.read())
        with connect.connect(connect_timeout=10) as connection:
            return Facts(**looked, **_of_warehouse(connection, at + SKEW))
    except (psycopg.Error, ItaError) as error:
        said = " ".join(str(error).split())[:200]
        return Facts(**looked, database=said, failures=unwritten.read())


def _of_warehouse(connection: psycopg.Connection, until: datetime) -> dict:
    """What began after `until` is of a clock that was wrong, and hides no night."""
    cursor = connection.cursor(row_factory=dict_row)
    if not runs.one_value(cursor, SET_UP):
        return {}  # no schemas yet: nothing was ever due
    if not runs.one_value(cursor, NEWEST_COLUMN):
        raise Fault("its schemas are of an older release", "`ita migrate`")
    night = runs.newest(connection, NIGHT, until=until)
    afterwards = runs.newest(connection, AFTERWARDS, until=until)
    going = night[0] if night and not night[0].ended_at else None
    # an `ita refresh` before the newest run, which has no end, was killed: one waits for the other
    before = [run for run in night if run != going and (run.ended_at or run.by_hand)]
    ended = next(iter(before), None)
    seen_run = going or ended
    began = ended.began_at if ended else datetime.max.replace(tzinfo=BANGKOK)
    failures = cursor.execute(FAILURES, [began, seen_run.run_id if seen_run else ""]).fetchall()
    return {
        "ended": ended,
        "going": going,
        "refreshing": runs.one_value(cursor, REFRESHING),
        "afterwards": next((run for run in afterwards if run.ended_at), None),
        "published": cursor.execute(PUBLISHED).fetchone(),
        "candidate": cursor.execute(CANDIDATE).fetchone(),
        "taken_back": cursor.execute(TAKEN_BACK).fetchone(),
        "delivery": cursor.execute(DELIVERY).fetchone(),
        "undelivered": runs.one_value(cursor, UNDELIVERED),
        "lost": served.lost(connection),
        "failures": failures + unwritten.read(),
        "checks": cursor.execute(CHECKS).fetchall(),
        "troubles": cursor.execute(TROUBLES).fetchall(),
    }
