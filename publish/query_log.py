"""What logins asked: from the server's own log to ops.query_log, without passwords.

The server writes its log as JSON (warehouse/cluster.py), in which each statement of a login stands
with how long it took (log_min_duration_statement, which no login can turn off), and each that
failed. The watcher brings them here once a minute; what else the server said goes to server.log.
"""

import json
import re
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from warehouse import cluster, settings

KEPT = timedelta(days=365)
LONGEST = 10_000  # letters of a statement and of its parameters that are kept
MOST = 5_000_000  # statements that are kept
# `duration: 1.234 ms  statement: select 1`; parse and bind are steps to an execute, which follows
DONE = re.compile(r"duration: ([\d.]+) ms  (statement|execute [^:]*): (.*)", re.DOTALL)
STEP = re.compile(r"duration: [\d.]+ ms  (parse|bind) ")
# Whatever stands in quotes in a statement that gives a password, also where it is not closed.
SECRET = re.compile(r"\b(password|alter\s+(role|user)|create\s+(role|user))\b", re.IGNORECASE)
QUOTED = re.compile(r"'(?:[^']|'')*(?:'|$)|(\$\w*\$).*?(?:\1|$)", re.DOTALL)
IN_URI = re.compile(r"(://[^\s:@/]*:)[^\s@]+@")
ROW = """
    insert into ops.query_log (logged_at, login, address, application, duration_ms, sqlstate, error,
        statement, parameters, session_id, line_no)
    values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
    on conflict do nothing"""


def load(connection: psycopg.Connection, at: datetime) -> int:
    """Bring what the embedded server has logged; give the number of statements. Repeatable, killed
    at any point nothing is lost and nothing counted twice. 0 on a server that is not ours."""
    if settings.external_dsn() or not cluster.json_log().exists():
        return 0
    current = cluster.json_log()
    if current.stat().st_size:
        current.rename(current.with_name(f"{current.stem}.{time.time_ns()}.json"))
    connection.execute("select pg_rotate_logfile()")
    count = 0
    if _opened_again(current):
        for path in sorted(current.parent.glob(f"{current.stem}.*.json")):
            count += load_file(connection, path)
            path.unlink()
    connection.execute("delete from ops.query_log where logged_at < %s", [at - KEPT])
    connection.execute(
        """
        delete from ops.query_log where logged_at < (
            select logged_at from ops.query_log order by logged_at desc offset %s limit 1)""",
        [MOST],
    )
    return count


def load_file(connection: psycopg.Connection, path: Path) -> int:
    """Bring one file of the server's log (its jsonlog); give the number of statements."""
    owner, count = connection.info.user, 0
    with (
        connection.transaction(),
        connection.cursor() as cursor,
        path.open(encoding="utf-8", errors="replace") as lines,
        cluster.log().open("a", encoding="utf-8") as rest,
    ):
        for rows in _batches(_entries(lines, owner, rest)):
            cursor.executemany(ROW, rows)
            count += len(rows)
    return count


def masked(text: str, of: str = "") -> str:
    """A statement, or what was said of it, without what is a password in it, or could be."""
    if SECRET.search(of or text):
        text = QUOTED.sub("'***'", text)
    return IN_URI.sub(r"\1***@", text)


def _entries(lines: Any, owner: str, rest: Any) -> Iterator[tuple]:
    """A row a statement; what is none goes to `rest` in words."""
    for line in lines:
        try:
            entry = json.loads(line)
        except ValueError:  # the server was killed while it wrote
            rest.write(line)
            continue
        login, said = entry.get("user", ""), entry.get("message", "")
        if not login or login in (owner, "ita_pack"):
            where = f"{entry.get('timestamp')} [{entry.get('pid')}]"
            statement = entry.get("statement", "")
            of = f" (of: {masked(statement)})" if statement else ""
            rest.write(f"{where} {entry.get('error_severity')}:  {masked(said, statement)}{of}\n")
        elif not STEP.match(said):
            yield _row(entry, login, said)


def _row(entry: dict, login: str, said: str) -> tuple:
    done = DONE.match(said)
    statement = done[3] if done else entry.get("statement", "")
    return tuple(
        value.replace("\0", "") if isinstance(value, str) else value
        for value in (
            entry["timestamp"],
            login,
            entry.get("remote_host", ""),
            entry.get("application_name", ""),
            done[1] if done else None,
            "" if done else entry.get("state_code", ""),
            "" if done else masked(said, of=statement)[:LONGEST],
            masked(statement)[:LONGEST],
            masked(entry.get("detail", ""))[:LONGEST] if done else "",
            entry.get("session_id", ""),
            entry.get("line_num", 0),
        )
    )


def _batches(rows: Iterator[tuple]) -> Iterator[list[tuple]]:
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == 1000:
            yield batch
            batch = []
    yield batch


def _opened_again(path: Path) -> bool:
    """Does the server write to a new file of that name? Until then it writes to the renamed one.

    The server says nothing when it has: asked for five seconds, else the file is read next time.
    """
    for _ in range(50):
        if path.exists():
            return True
        time.sleep(0.1)
    return False
