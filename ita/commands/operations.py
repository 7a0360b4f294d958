"""The morning after: the verdict, its watch, metrics, alerts, and what is thrown away."""

import signal
import sys
import threading
from typing import Any

import click

from ita.commands import shared


@click.command()
@click.option("--watch", is_flag=True, help="Look every 20 s until it is ended (a service).")
def deadline(watch: Any) -> None:
    """Give the verdict on the last night, whoever or nobody ran it; the exit code is the night's.

    A process apart from Airflow: where a night never began or did not end by ITA_DEADLINE (05:00 in
    Thailand), page, `ita status`, metrics and alerts say so.

    \b
    Examples:
      ita deadline                  once: for a timer at the deadline
      ita deadline --watch          a service; `ita serve` has its own
    """
    from ita import morning
    from operations import say
    from warehouse import settings

    if settings.external_dsn() is None:
        settings.home().mkdir(parents=True, exist_ok=True)
    if watch:
        ended = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ended.set())
        morning.watch(ended)
        return
    morning.wait_for_database()
    given = morning.close()
    for line in [*say.thai(given), *say.english(given)]:
        click.echo(line)
    for line in say.problem_lines(given["problems"], "en"):
        click.echo(line)
    sys.exit(given["exit_code"])


@click.command()
def metrics() -> None:
    """Print the metrics of this moment, in Prometheus' text format.

    The same stand in ITA_HOME/metrics/ita.prom after each night, for a textfile collector.

    \b
    Example:  ita metrics
    """
    from ita import morning
    from operations import metrics as stage

    click.echo(stage.text(*morning.look()), nl=False)


@click.command()
def alert() -> None:
    """Send a test message by every way that is set: mail, webhook.

    \b
    Example:  ita alert
    """
    from operations import alerts

    ways = alerts.try_out()
    click.echo(f"sent by {', '.join(ways)}" if ways else "no way is set: docs/operations/alerts.md")


@click.command()
def tidy() -> None:
    """Throw away what is older than it need be: logs, checks, judged copies (the nightly step).

    Never the archive, receipts or what was published. docs/operations/capacity.md has the settings.

    \b
    Example:  ita tidy
    """
    from operations import retention

    with shared.step() as connection:
        for line in retention.run(connection, shared.now()):
            click.echo(line)


COMMANDS = (deadline, metrics, alert, tidy)
