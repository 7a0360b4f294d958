"""The last runs of the DAGs, as Airflow's own metadata has them.

Whoever started them, `ita refresh` or the scheduler.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import dict_row

from warehouse import connect
from warehouse.connect import one


@dataclass(frozen=True)
class Task:
    """The last try of a task in a run; `state` as Airflow names it."""

    task_id: str
    state: str
    began_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True)
class Run:
    """A run of a DAG: `by_hand` is one of `ita refresh`; `ended_at` is null while it goes on.

    One that ended before it began (the clock was set back meanwhile) began when it ended: by the
    time that it began at, it would be of a night to come until the clock has come there again.
    """

    dag_id: str
    run_id: str
    state: str
    by_hand: bool
    began_at: datetime
    ended_at: datetime | None
    tasks: tuple[Task, ...] = ()


def airflow_database() -> str:
    """The name of the database beside the warehouse's that holds Airflow's metadata."""
    return f"{connect.parameters()['dbname']}_airflow"


def newest(
    connection: psycopg.Connection, dag_id: str, count: int = 20, until: datetime | None = None
) -> list[Run]:
    """The last runs of a DAG that have begun (not after `until`), the newest first, with their
    tasks in the order in which they began. [] before Airflow's first.
    """
    if not connection.execute(
        "select 1 from pg_database where datname = %s", [airflow_database()]
    ).fetchone():
        return []
    with connect.connect(dbname=airflow_database()) as airflow:
        cursor = airflow.cursor(row_factory=dict_row)
        if not one_value(cursor, "select to_regclass('dag_run') is not null"):
            return []
        found = cursor.execute(
            """
            select run_id, state, triggered_by::text as triggered_by, began_at, end_date
            from dag_run, lateral (select least(start_date, end_date) as began_at) as clock
            where dag_id = %s and began_at <= coalesce(%s, 'infinity'::timestamptz)
            order by began_at desc limit %s""",
            [dag_id, until, count],
        ).fetchall()
        tasks = cursor.execute(
            """
            select run_id, task_id, coalesce(state, 'waiting') as state, start_date, end_date
            from task_instance where dag_id = %s and run_id = any(%s)
            order by start_date nulls last, task_id""",
            [dag_id, [row["run_id"] for row in found]],
        ).fetchall()
    return [_run(dag_id, row, tasks) for row in found]


def close_killed(dag_id: str) -> None:
    """End the runs by hand that a kill has left open; only for who holds the refresh's lock.

    One that was killed while its first task was queued stays so for ever: a scheduler goes on with
    it in vain, and begins no other run of the DAG (max_active_runs).
    """
    left = "dag_id = %s and triggered_by = 'TEST' and state in ('queued', 'running')"
    with connect.connect(dbname=airflow_database()) as airflow:
        airflow.execute(
            f"""
            update task_instance set state = 'failed'
            where state is not null and end_date is null and (dag_id, run_id) in
                (select dag_id, run_id from dag_run where {left})""",  # noqa: S608  ours
            [dag_id],
        )
        airflow.execute(
            f"update dag_run set state = 'failed', end_date = updated_at where {left}",  # noqa: S608
            [dag_id],
        )


def _run(dag_id: str, row: dict, tasks: list[dict]) -> Run:
    return Run(
        dag_id,
        row["run_id"],
        row["state"],
        str(row["triggered_by"]).lower() == "test",
        row["began_at"],
        row["end_date"],
        tuple(
            Task(task["task_id"], task["state"], task["start_date"], task["end_date"])
            for task in tasks
            if task["run_id"] == row["run_id"]
        ),
    )


def one_value(cursor: psycopg.Cursor[Any], statement: str) -> Any:
    """The first column of the one row of a query."""
    return next(iter(one(cursor.execute(statement)).values()))
