"""What is thrown away, and when: everything that grows with the nights and is not needed for ever.

Idempotent. Never touched: the archive, receipts, packs, what was published, who approved what.
PostgreSQL's log of changes (WAL) and builds that are no longer shown need nothing here: the server
keeps the first below its max_wal_size, each build drops the second.
"""

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from warehouse import connect, runs, settings
from warehouse.errors import BadInput, Fault

DAY = 86_400.0
# Setting, default in days (the last: megabytes of a log that is appended to).
LOGS, CHECKS, JUDGED, RUNS, AIRFLOW, QUERIES, LARGEST = (
    ("ITA_KEEP_LOGS_DAYS", "90"),
    ("ITA_KEEP_CHECKS_DAYS", "90"),
    ("ITA_KEEP_JUDGED_DAYS", "30"),
    ("ITA_KEEP_RUNS_DAYS", "400"),
    ("ITA_KEEP_AIRFLOW_DAYS", "90"),
    ("ITA_KEEP_QUERY_LOG_DAYS", "365"),
    ("ITA_KEEP_LOG_MB", "20"),
)
APPENDED = ("airflow/*.log", "dbt/logs/*.log", "postgres/*.log", "*.log")
# letters of the counter that no mail server took: their links are good for 15 minutes
UNSENT = "counter/outbox/*.eml"
OUR_LOGS = ("logs/*.jsonl", "airflow/refresh-*.log", "airflow/logs/**/*", UNSENT)
DRAFT = re.compile(
    r"\.\S+\.\d+"
)  # warehouse/durable.py; one older than two days is of a killed run
FINAL = "('accepted', 'accepted_with_warnings', 'rejected', 'withdrawn')"
# ops table, its time, the setting; what is still shown stays
TABLES = (
    ("failure", "failed_at", RUNS),
    ("interference", "noted_at", RUNS),
    ("query_log", "", QUERIES),
)
CHECK_ROWS = """
    delete from ops.check_result where checked_at < %s and (gate, build_id) not in (
        select distinct on (gate) gate, build_id from ops.check_result
        order by gate, checked_at desc)"""
OLDEST_RUN = "select min(start_date) as oldest from dag_run"
CLEANED_FROM = timedelta(days=7)  # Airflow takes seconds to start: once a week is often enough


def run(connection: psycopg.Connection, at: datetime) -> list[str]:
    """Throw away what is older at `at` than the settings keep; a line for each kind."""
    home, now = settings.home(), at.timestamp()
    done = {
        "logs": _remove(_old(home, OUR_LOGS, now - _number(LOGS) * DAY)),
        "logs cut": sum(_cut(log) for log in _appended(home)),
        "checks": _remove(_old_checks(home, now - _number(CHECKS) * DAY)),
        "judged copies": _judged_copies(connection, home, at - timedelta(days=_number(JUDGED))),
        "runs": _remove(_old(home, ("nights/run-*.json",), now - _number(RUNS) * DAY)),
        "drafts": _remove(_drafts(home, now - 2 * DAY)),
        "rows of ops": _rows(connection, at),
        "runs of Airflow": _airflow(connection, at - timedelta(days=_number(AIRFLOW))),
    }
    _remove_empty_folders(home / "airflow" / "logs")
    said = [f"{what}: {count}" for what, count in done.items() if count]
    return [f"thrown away: {', '.join(said)}"] if said else ["thrown away: nothing"]


def _number(setting: tuple[str, str]) -> int:
    given = settings.option(*setting)
    if not given.isdecimal() or int(given) < 1:
        raise BadInput(f"{setting[0]} is {given!r}", "a whole number from 1")
    return int(given)


def _old(folder: Path, patterns: tuple[str, ...], before: float) -> Iterator[Path]:
    for pattern in patterns:
        for path in folder.glob(pattern):
            if path.is_file() and not path.is_symlink() and path.stat().st_mtime < before:
                yield path


def _old_checks(home: Path, before: float) -> Iterator[Path]:
    """But the last of each gate, which the page of the checks is made of."""
    for gate in ("submissions", "candidate"):
        found = (home / "documents" / "checks").glob(f"{gate}-*.json")
        files = sorted(
            (file for file in found if file.is_file()),
            key=lambda file: file.stat().st_mtime_ns,
        )
        yield from (file for file in files[:-1] if file.stat().st_mtime < before)


def _drafts(home: Path, before: float) -> Iterator[Path]:
    folders = (home, *(home / n for n in ("nights", "documents", "receipts", "metrics")))
    for folder in folders:
        for path in folder.glob(".*"):
            if DRAFT.fullmatch(path.name) and path.is_file() and path.stat().st_mtime < before:
                yield path


def _remove(paths: Iterator[Path]) -> int:
    count = 0
    for path in list(paths):
        path.unlink(missing_ok=True)
        count += 1
    return count


def _appended(home: Path) -> list[Path]:
    found = {path for pattern in APPENDED for path in home.glob(pattern)}
    return sorted(path for path in found if not path.name.startswith("refresh-"))


def _cut(log: Path) -> int:
    """Where a log has grown over its bound, keep it as NAME.1 and begin anew; 1 if so.

    It is emptied in its place: whoever has it open goes on appending to it.
    """
    if not log.is_file() or log.stat().st_size < _number(LARGEST) * 1024 * 1024:
        return 0
    shutil.copyfile(log, log.with_name(f"{log.name}.1"))
    with log.open("r+b") as file:
        file.truncate(0)
    return 1


def _judged_copies(connection: psycopg.Connection, home: Path, before: datetime) -> int:
    """The tables of files that are loaded or refused; what the receipt says stays beside them."""
    rows = connection.execute(
        f"select submission_sha256 from raw.submission where state in {FINAL}"  # noqa: S608
        " and coalesce(seen_at, received_at) < %s",
        [before],
    ).fetchall()
    count = 0
    for (sha256,) in rows:
        for table in (home / "judged" / sha256).glob("*.csv"):
            if table.stat().st_mtime < before.timestamp():
                table.unlink(missing_ok=True)
                count += 1
    return count


def _rows(connection: psycopg.Connection, at: datetime) -> int:
    count = connection.execute(CHECK_ROWS, [at - timedelta(days=_number(CHECKS))]).rowcount
    for table, column, setting in TABLES:
        name = column or _time_of(connection, table)
        if not name:
            continue  # a warehouse without that table
        count += connection.execute(
            sql.SQL("delete from {} where {} < %s").format(
                sql.Identifier("ops", table), sql.Identifier(name)
            ),
            [at - timedelta(days=_number(setting))],
        ).rowcount
    return count


def _time_of(connection: psycopg.Connection, table: str) -> str:
    """The first column of a table of ops that is a moment; '' where there is none."""
    row = connection.execute(
        """
        select attname from pg_attribute
        where attrelid = to_regclass('ops.' || %s) and attnum > 0 and not attisdropped
            and atttypid = 'timestamptz'::regtype order by attnum limit 1""",
        [table],
    ).fetchone()
    return row[0] if row else ""


def _airflow(connection: psycopg.Connection, before: datetime) -> int:
    """Old runs in Airflow's own database, by Airflow's own command; 1 where it ran."""
    name = runs.airflow_database()
    if not connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone():
        return 0
    with connect.connect(dbname=name) as airflow:
        cursor = airflow.cursor(row_factory=dict_row)
        if not runs.one_value(cursor, "select to_regclass('dag_run') is not null"):
            return 0
        oldest = runs.one_value(cursor, OLDEST_RUN)
    if not oldest or oldest > before - CLEANED_FROM:
        return 0
    # Without --skip-archive Airflow (3.3) keeps what it deletes in tables beside, for ever.
    cleaned = ("db", "clean", "--clean-before-timestamp", before.isoformat(), "--yes")
    done = subprocess.run(
        [Path(sys.executable).parent / "ita", "airflow", *cleaned, "--skip-archive"],
        capture_output=True,
        text=True,
        timeout=1800,
    )
    if done.returncode:
        said = next(iter(done.stderr.strip().splitlines()[-1:]), "nothing")
        raise Fault(f"Airflow did not throw away its old runs: {said}", "see Airflow's database")
    return 1


def _remove_empty_folders(top: Path) -> None:
    long_ago = time.time() - DAY
    for folder in sorted(top.glob("**/"), key=lambda path: -len(path.parts)):
        if folder != top and folder.stat().st_mtime < long_ago and not any(folder.iterdir()):
            try:
                folder.rmdir()
            except OSError:
                pass  # somebody has written into it in this moment
