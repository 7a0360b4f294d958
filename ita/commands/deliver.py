"""Messages to agencies and provinces: what is new, once."""

from pathlib import Path
from typing import Any

import click

from ita.commands import shared
from warehouse import events

BY = click.option("--by", "who", required=True, help="Who has decided it.")


@click.group(invoke_without_command=True)
@click.option(
    "--dry-run",
    "folder",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the messages as .eml instead: nothing is sent, nothing recorded.",
)
@click.option(
    "--list",
    "listed",
    is_flag=True,
    help="Show the messages that a person decides on, and those that came back.",
)
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Also where the first time has very many, and after a restore.",
)
@click.pass_context
def deliver(context: click.Context, folder: Path | None, listed: bool, everything: bool) -> None:
    """Tell agencies whose pack or receipt is new, by mail (a nightly step).

    One message an agency and night at the most, at most one for a pack; then one digest a province.
    What hinders mail is told here, on the page of the night and in `ita status`, and is no failure:
    the next night goes on.

    \b
    Examples:
      ita deliver
      ita deliver --dry-run messages                     look at them first
      ita deliver --list                                 sent or not? nobody knows
      ita deliver again 3f2a94c8 --by "Somchai P."       send it, as it did not come
      ita deliver drop 3f2a94c8 --by "Somchai P."        do not send it
      ita deliver baseline --by "Somchai P."             what is there now is no news
      ita deliver bounces maildir/new                    mail that came back
    """
    if context.invoked_subcommand:
        return
    from delivery import run as stage
    from reports import message
    from warehouse import connect

    with shared.connection() as connection:
        if listed:
            _list(connection)
        elif folder:
            count, digests = stage.dry_run(connection, message, shared.now(), folder)
            click.echo(f"{count} messages and {digests} digests written to {folder}; nothing sent")
        else:
            with connect.lock("deliver"):
                done = stage.run(connection, message, shared.now(), everything=everything)
            events.write("delivered", None, cause=done.cause, **done.counts)
            click.echo(f"deliver: {done.words('en')}")


def _list(connection: Any) -> None:
    from delivery import book

    found = book.between(connection)
    for row in found:
        click.echo(
            f"{row['message_key'][:12]}  {row['recipient']} {row['name_th']}"
            f"  meant {row['meant_at']:%Y-%m-%d %H:%M:%S%z}, whether it went out is not known"
        )
    if not found:
        click.echo("of every message it is known what came of it")
    for row in book.came_back(connection):
        click.echo(
            f"{row['message_key'][:12]}  {row['recipient']} {row['name_th']}"
            f"  {row['outcome']} {row['outcome_at']:%Y-%m-%d} ({row['note']})"
        )


@deliver.command()
@click.argument("key")
@BY
def again(key: str, who: str) -> None:
    """Let the next run send a message that may not have gone out, or that came back.

    \b
    Example:  ita deliver again 3f2a94c8 --by "Somchai P."
    """
    _decide(key, "again", who)
    click.echo("the next `ita deliver` sends it")


@deliver.command()
@click.argument("key")
@BY
def drop(key: str, who: str) -> None:
    """Take a message that may not have gone out as sent: it never is again.

    \b
    Example:  ita deliver drop 3f2a94c8 --by "Somchai P."
    """
    _decide(key, "drop", who)
    click.echo("it is not sent again")


def _decide(key: str, outcome: str, who: str) -> None:
    from delivery import book

    with shared.connection() as connection:
        book.decide(connection, key, outcome, who, shared.now())


@deliver.command()
@BY
def baseline(who: str) -> None:
    """Take all packs and receipts of now as known: only what is new after that is sent.

    \b
    Example:  ita deliver baseline --by "Somchai P."
    """
    from delivery import run as stage
    from warehouse import connect

    with shared.connection() as connection, connect.lock("deliver"):
        done = stage.baseline(connection, shared.now(), who)
    click.echo(f"{done} agencies: what is there is known, nothing is sent")


@deliver.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def bounces(folder: Path) -> None:
    """Record mail that came back (RFC 3464), a file each, and remove the files.

    Those in ITA_HOME/delivery/bounces are read by every run.

    \b
    Example:  ita deliver bounces maildir/new
    """
    from delivery import bounces as stage

    with shared.connection() as connection:
        count = stage.read(connection, folder, shared.now())
    click.echo(f"{count} bounces recorded")


COMMANDS = (deliver,)
