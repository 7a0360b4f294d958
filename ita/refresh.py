"""`ita refresh`: one run of the DAG nightly_refresh, now, in this process's foreground."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import click
import psycopg

from ita import airflow, morning, run_log
from operations import say
from warehouse import children, connect, postgres, runs, settings
from warehouse.errors import Fault, ItaError

DAG = "nightly_refresh"
MARK = "ita| "  # dags/steps.py puts it before each line that a step says
Moment = tuple[datetime, float]  # by the clock, and by the one that nobody sets (time.monotonic)


def run_until_the_server_lives(
    connected: Callable[[], psycopg.Connection], fiscal_year: int | None
) -> int:
    """Run the night, and again where the embedded server died meanwhile, twice at most; then give
    the verdict, however it ended: its exit code.

    Airflow's metadata lie in that server: no retry of Airflow's own outlives it. `connected` gives
    the owner's connection and starts the server.
    """
    started, last = _moment(), ""
    try:
        started, last = _until_the_server_lives(connected, fiscal_year)
    except Exception as error:
        last = " ".join(str(error).split())
        click.echo(f"ita: {type(error).__name__}: {last}", err=True)
        if not isinstance(error, (psycopg.OperationalError, ItaError)):
            morning.note("ita refresh")
    given = morning.close(_by_the_clock_of_now(*started), last)
    for line in [*say.english(given), *say.problem_lines(given["problems"], "en")]:
        click.echo(f"ita: {line}", err=bool(given["exit_code"]))
    _say_where()
    return given["exit_code"]


def _until_the_server_lives(
    connected: Callable[[], psycopg.Connection], fiscal_year: int | None
) -> tuple[Moment, str]:
    for _ in range(2):
        with connected():
            server = postgres.number()
        try:
            return run(fiscal_year)
        except (psycopg.OperationalError, Fault):
            if settings.external_dsn() or postgres.number() == server:
                raise
            click.echo(
                "the embedded server died: it is started, and the run begins again", err=True
            )
    with connected():
        return run(fiscal_year)


def run(fiscal_year: int | None) -> tuple[Moment, str]:
    """Run the DAG by Airflow's `dags test`: when that began, and the last words of it.

    A second refresh waits for the first: the lock goes with this process, also after a kill -9.
    """
    with connect.lock("refresh", on_wait=_say_waiting):
        variables = airflow.prepare()
        runs.close_killed(DAG)
        started = _moment()
        return started, _dag_run(fiscal_year, started[0], variables)


def _moment() -> Moment:
    return datetime.now(UTC), time.monotonic()


def _by_the_clock_of_now(at: datetime, ticks: float) -> datetime:
    """When a moment was, by the clock as it is now where that was set back since."""
    return min(at, datetime.now(UTC) - timedelta(seconds=time.monotonic() - ticks))


def _say_waiting() -> None:
    click.echo("another refresh is running: waiting for it to end")


def _dag_run(fiscal_year: int | None, started: datetime, variables: dict[str, str]) -> str:
    """`airflow dags test`, its log in files, the steps' own lines shown; its last line."""
    command = airflow.command(
        "dags", "test", DAG, "--conf", json.dumps({"fiscal_year": fiscal_year})
    )
    log = settings.folder("airflow") / f"refresh-{started:%Y%m%dT%H%M%SZ}.log"
    last = ""
    with (
        run_log.RunLog(DAG, log) as written,
        children.started(command, variables) as (process, lines),
    ):
        for line in lines:
            written.write(line)
            last = line.strip() or last
            if MARK in line:
                click.echo(line.split(MARK, 1)[1].rstrip())
    return last if process.returncode else ""


def _say_where() -> None:
    home = settings.home()
    click.echo(f"packs      {home / 'packs' / 'index.html'}")
    click.echo(f"documents  {home / 'index.html'}")
    click.echo('warehouse  ita query "select * from mart.national_summary"')
