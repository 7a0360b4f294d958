"""Airflow's own command line, and what a server does once before its services start."""

import sys

import click

from ita.commands import shared


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def airflow(arguments):
    """Run Airflow's own command line on this warehouse's Airflow.

    \b
    Example:  ita airflow standalone            scheduler, API server and web pages
    """
    from ita import airflow as runner

    sys.exit(runner.run(arguments))


@click.command()
def prepare():
    """Make the schemas, the roles and Airflow's metadata, before the services of a server start.

    \b
    Example:  ita prepare
    """
    from ita import airflow as runner
    from publish import access

    access.apply(shared.connection())
    runner.prepare()
    click.echo("prepared: schemas, roles, Airflow's metadata")


COMMANDS = (
    airflow,
    prepare,
)
