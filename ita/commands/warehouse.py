"""The warehouse itself: start it, stop it, say how it is."""

import click

from ita.commands import shared
from warehouse import settings


@click.command()
def up():
    """Start the warehouse (nothing happens if it runs).

    \b
    Example:  ita up
    """
    from publish import access

    connection = shared.connection()
    access.apply(connection)
    click.echo(f"warehouse up: {_address(connection)}")


@click.command()
def down():
    """Stop the embedded warehouse (nothing happens if it is stopped).

    \b
    Example:  ita down
    """
    from warehouse import postgres

    if settings.external_dsn():
        click.echo("ITA_WAREHOUSE_DSN is set: that PostgreSQL is not ours to stop")
    else:
        click.echo("warehouse stopped" if postgres.down() else "warehouse was not running")


@click.command()
def status():
    """Say where the warehouse is, what it shows and how the last runs went.

    \b
    Example:  ita status
    """
    from ita.status import lines

    for line in lines():
        click.echo(line)


def _address(connection) -> str:
    info = connection.info
    return f"postgresql://{info.user}@{info.host}:{info.port}/{info.dbname}"


COMMANDS = (
    up,
    down,
    status,
)
