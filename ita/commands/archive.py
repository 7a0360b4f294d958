"""The archive: are its originals what they were, and the warehouse made from it alone."""

import sys

import click

from ita.commands import shared
from warehouse.errors import Fault


@click.command()
def verify() -> None:
    """Look whether every original in the archive, and every record, is what it was.

    A night looks at one part of 256; this looks at all.

    \b
    Example:  ita verify
    """
    from ingestion import receive, troubles

    with shared.step() as connection:
        count = receive.check_archive(connection, shared.now())
        found = troubles.serious(connection, ("archive", "record"))
    if found:
        raise Fault(
            f"{len(found)} of {count} originals and their records are not what they were",
            "each is named above; bring them back from the back-up",
        )
    click.echo(f"verified: {count} originals, and the records of their arrival")


@click.command()
def rebuild() -> None:
    """Make an empty warehouse from the archive alone: every file and receipt, then a refresh.

    For an ITA_HOME that holds nothing but `archive/` (and `inboxes.csv`, `access/` and `secrets/`,
    where it had them).

    \b
    Example:  ITA_HOME=/srv/ita-new ita rebuild
    """
    from ingestion import rebuild as stage
    from ita import refresh as night
    from publish import logins

    with shared.step() as connection:
        lost = stage.run(connection, lambda line: click.echo(f"replayed {line}"))
    for line in lost:
        click.echo(f"not had: {line}", err=True)
    with shared.connection() as connection:
        logins.sync(connection)
    code = night.run_until_the_server_lives(shared.connection, None)
    sys.exit(code or (Fault.exit_code if lost else 0))


COMMANDS = (
    verify,
    rebuild,
)
