"""`ita refresh`: one run of the DAG nightly_refresh, now, in this process's foreground."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click
import psycopg

from ingestion import troubles
from ita import airflow
from warehouse import children, connect, postgres, settings
from warehouse.errors import Fault

DAG = "nightly_refresh"
MARK = "ita| "  # dags/steps.py puts it before each line that a step says


def run_until_the_server_lives(
    connected: Callable[[], psycopg.Connection], fiscal_year: int | None
) -> int:
    """`run`, over again where the embedded server died meanwhile, twice at most.

    Airflow's metadata lie in that server: no retry of Airflow's own outlives it. `connected` gives
    the owner's connection and starts the server.
    """
    for _ in range(2):
        with connected():
            server = postgres.number()
        try:
            with connected() as connection:
                return run(connection, fiscal_year)
        except (psycopg.OperationalError, Fault):
            if settings.external_dsn() or postgres.number() == server:
                raise
            click.echo(
                "the embedded server died: it is started, and the run begins again", err=True
            )
    with connected() as connection:
        return run(connection, fiscal_year)


def run(connection: psycopg.Connection, fiscal_year: int | None) -> int:
    """Run the DAG by Airflow's `dags test`.

    0 published or nothing new, 2 bad input stopped publication, 1 fault: also where all went well
    but for something that could not be read.

    A second refresh waits for the first: the lock goes with this process, also after a kill -9.
    """
    with connect.lock("refresh", on_wait=_say_waiting):
        started = datetime.now(UTC)
        log = settings.folder("airflow") / f"refresh-{started:%Y%m%dT%H%M%SZ}.log"
        code = _dag_run(fiscal_year, log)
        if code:
            code = _exit_code(connection, started, log)
        elif found := troubles.serious(connection):
            said = "; ".join(found[:3])
            click.echo(f"ita: {len(found)} things could not be read: {said}", err=True)
            code = 1
        _say_where()
        return code


def _say_waiting() -> None:
    click.echo("another refresh is running: waiting for it to end")


def _dag_run(fiscal_year: int | None, log: Path) -> int:
    """`airflow dags test`, its log in a file, the steps' own lines shown; its exit code."""
    command = airflow.command(
        "dags", "test", DAG, "--conf", json.dumps({"fiscal_year": fiscal_year})
    )
    with (
        log.open("w", encoding="utf-8") as file,
        children.started(command, airflow.prepare()) as (process, lines),
    ):
        for line in lines:
            file.write(f"{line}\n")
            if MARK in line:
                click.echo(line.split(MARK, 1)[1].rstrip())
    return process.returncode


def _exit_code(connection: psycopg.Connection, started: datetime, log: Path) -> int:
    """2 if a task gave up over bad input (the last failure since the start says so), else 1."""
    last = connection.execute(
        "select exit_code, task_id, message from ops.failure where failed_at >= %s "
        "order by failure_no desc limit 1",
        [started],
    ).fetchone()
    if last:
        click.echo(f"ita: task {last[1]} failed: {last[2]}", err=True)
        return 2 if last[0] == 2 else 1
    click.echo(f"ita: the run failed — see {log}", err=True)
    return 1


def _say_where() -> None:
    home = settings.home()
    click.echo(f"packs      {home / 'packs' / 'index.html'}")
    click.echo(f"documents  {home / 'index.html'}")
    click.echo('warehouse  ita query "select * from mart.national_summary"')
