"""Airflow's own command line, and what a server does once before its services start."""

from typing import Any

import click

from ita.commands import shared


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def airflow(arguments: Any) -> None:
    """Run Airflow's own command line on this warehouse's Airflow.

    `standalone` is `ita serve`.

    \b
    Example:  ita airflow dags list-runs nightly_refresh
    """
    from ita import airflow as runner
    from ita import serve as services

    if arguments[:1] == ("standalone",):
        services.run()
    else:
        runner.run(arguments)


@click.command()
def serve() -> None:
    """Refresh every night by the clock: Airflow's scheduler and pages, until it is ended.

    The pages are on this machine only; a service that dies is started again.

    \b
    Example:  ita serve
    """
    from ita import serve as services

    services.run()


@click.command()
def prepare() -> None:
    """Make the schemas, the roles and Airflow's metadata, before the services of a server start.

    \b
    Example:  ita prepare
    """
    from ita import airflow as runner
    from publish import access, logins

    connection = shared.connection()
    access.apply(connection)
    logins.sync(connection)
    runner.prepare()
    click.echo("prepared: schemas, roles, Airflow's metadata")


COMMANDS = (serve, airflow, prepare)
