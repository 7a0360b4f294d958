"""What the web code asks of PostgreSQL: functions of counter_api, as the role ita_counter."""

import threading
from datetime import UTC, datetime
from typing import Any, cast

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from counter.role import ROLE
from warehouse.connect import connect

_of_thread = threading.local()


def now() -> datetime:
    """The time that goes into every call."""
    return datetime.now(UTC)


def call(function: str, *values: Any) -> Any:
    """The value of a function of counter_api; the time is added as its last argument."""
    row = _rows(function, values)
    return row[0]["value"] if row else None


def rows(function: str, *values: Any) -> list[dict]:
    """The rows of a function of counter_api that gives a table."""
    return _rows(function, values, "select * from {}({})")


def _rows(function: str, values: tuple, form: str = "select {}({}) as value") -> list[dict]:
    given = [*values, now()]
    statement = sql.SQL(form).format(
        sql.Identifier("counter_api", function),
        sql.SQL(", ").join([sql.Placeholder()] * len(given)),
    )
    try:
        return _connection().execute(statement, given).fetchall()
    except psycopg.OperationalError:  # the server was started anew since: once more
        _of_thread.connection = None
        return _connection().execute(statement, given).fetchall()


def _connection() -> psycopg.Connection[dict]:
    """A connection of this thread's own."""
    opened: psycopg.Connection[dict] | None = getattr(_of_thread, "connection", None)
    if opened is None or opened.closed:
        opened = cast(
            psycopg.Connection[dict],
            connect(ROLE, autocommit=True, row_factory=dict_row, application_name="ita counter"),
        )
        _of_thread.connection = opened
    return opened
