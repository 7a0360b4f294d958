"""The warehouse itself: start it, stop it, say how it is."""

from typing import Any

import click

from ita.commands import shared
from warehouse import settings


@click.command()
@click.option(
    "--new-password", is_flag=True, help="Give the owner a new password where it is lost."
)
def up(new_password: Any) -> None:
    """Start the warehouse (nothing happens if it runs).

    \b
    Examples:
      ita up
      ita up --new-password      after secrets/owner was lost; the server must be stopped
    """
    from publish import access, logins
    from warehouse import connect, door, postgres

    if new_password:
        postgres.new_password()
    door.keep_setting()
    connection = shared.connection()
    access.apply(connection)
    logins.sync(connection)
    door.start()
    click.echo(f"warehouse up: {connect.address()}")
    if place := door.address():
        click.echo(f"by TLS from other machines: {place[0]}:{place[1]}")


@click.command()
def migrate() -> None:
    """Bring the schemas raw, ops and access, and what roles may, to this release (`ita up` too).

    \b
    Example:  ita migrate
    """
    from publish import access
    from warehouse import connect, schema

    with connect.connect(autocommit=True) as connection:
        done = schema.apply(connection)
        access.apply(connection)
    for name in done:
        click.echo(f"changed: {name}")
    click.echo(f"schema version {schema.changes()[-1][0]:04}")


@click.command()
def down() -> None:
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
@click.option("--dsn", "role", metavar="ROLE", help="Only the DSN of a role, with its password.")
def status(role: Any) -> None:
    """Say where the warehouse is, what it shows and how the last runs went.

    \b
    Examples:
      ita status
      psql "$(ita status --dsn ita_analyst)"
    """
    from ita import status as stage

    for line in [stage.dsn(role)] if role else stage.lines():
        click.echo(line)


@click.command()
def watch() -> None:
    """Undo and end what a login does to others, until the warehouse stops (`ita up` starts it).

    \b
    Example:  ita watch      a service of its own beside a PostgreSQL of ITA_WAREHOUSE_DSN
    """
    from publish import watch as watcher

    watcher.run()


@click.command()
def door() -> None:
    """Let persons in by TLS from other machines, until the warehouse stops (`ita up` starts it).

    Where ITA_WAREHOUSE_LISTEN says an address and a port; the embedded server only.

    \b
    Example:  ITA_WAREHOUSE_LISTEN=10.20.0.5:5432 ita up
    """
    from warehouse import door as stage

    stage.run()


COMMANDS = (
    watch,
    door,
    up,
    migrate,
    down,
    status,
)
