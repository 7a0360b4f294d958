"""Back-ups made, brought back, tried; and back to the build before."""

import tempfile
from pathlib import Path
from typing import Any

import click

from ita.commands import shared
from warehouse.errors import BadInput

FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("folder", required=False, type=FOLDER)
@click.option("--nightly", is_flag=True, help="Nothing to do where ITA_BACKUPS is not set.")
def backup(folder: Path | None, nightly: bool) -> None:
    """Back up the databases and ITA_HOME, as of one moment, to FOLDER (default: ITA_BACKUPS).

    It waits for a step of the night that runs, and the next step waits for it. Unchanged files are
    shared with the back-up before; the newest 14 stay (ITA_BACKUPS_KEEP). It holds passwords and
    personal data: keep it where only you can read, and a copy on another machine.

    \b
    Examples:
      ita backup /mnt/backups
      ITA_BACKUPS=/mnt/backups ita backup --nightly
    """
    from recovery import backup as stage

    where = folder or stage.folder()
    if not where:
        if nightly:
            click.echo("no backup: ITA_BACKUPS is not set")
            return
        raise BadInput("no folder for the back-up", "give one, or set ITA_BACKUPS")
    with shared.step() as connection:
        click.echo(f"backup: {stage.run(connection, where, shared.now())}")


@click.command()
@click.argument("backup", type=click.Path(exists=True, file_okay=False, path_type=Path))
def restore(backup: Path) -> None:
    """Bring BACKUP (a folder ita-<time>) back into an empty ITA_HOME; see whether all is there.

    The embedded server is made with it; with ITA_WAREHOUSE_DSN the (empty) database of that server
    is filled. Cut off, the same command begins anew.

    \b
    Examples:
      ITA_HOME=/srv/ita ita restore /mnt/backups/ita-20261129T223000Z
    """
    from publish import access, watch
    from recovery import restore as stage

    without = stage.run(backup, click.echo, access.apply)
    watch.start()
    for name in without:
        if not name.startswith("ita_"):
            click.echo(
                f"no password: {name} (the back-up's owner could not see it; give a new one)"
            )
    click.echo("restored: the marts are those of the back-up; what is made again: `ita refresh`")


@click.command()
@click.argument("backup", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("--room", type=FOLDER, help="Folder with room for two ITA_HOMEs (default: /tmp).")
def drill(backup: Path | None, room: Path | None) -> None:
    """Try the newest back-up (or BACKUP): restore it elsewhere, and rebuild from its archive alone.

    Nothing of the running warehouse is touched; `ita status` says when it last went well.

    \b
    Example:  ita drill --room /mnt/scratch
    """
    from recovery import backup as backups
    from recovery import drill as stage
    from recovery import manifest, state

    if not backup:
        known = manifest.backups(backups.folder() or Path())
        if not known:
            raise BadInput("no back-up to try", "give one, or set ITA_BACKUPS to their folder")
        backup = known[-1]
    if room:
        room.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="ita-drill-", dir=room) as folder:
        Path(folder).chmod(0o755)  # the server of an ITA_HOME of root's has another user
        took = stage.run(backup, Path(folder), click.echo)
    state.note("drill", shared.now(), {"where": str(backup), "took": took})
    click.echo(f"drill passed: {backup.name}, {took} s")


@click.command()
@click.option("--by", "who", required=True, help="Who decides it.")
@click.option("--reason", required=True, help="What is wrong with the build that is shown.")
@click.pass_context
def rollback(context: click.Context, who: str, reason: str) -> None:
    """Show the build before again, at once, and publish nothing until `ita release`.

    The open site, packs and pages follow; cut off, the same command goes on. A build that somebody
    approves afterwards (`ita approve`) is published, too. One step back: of what was shown before
    that, restore a back-up.

    \b
    Example:  ita rollback --by "Somchai P." --reason "scores of FY2567 in the place of FY2568"
    """
    from ita.commands.night import documents
    from ita.commands.packs import packs
    from ita.commands.site import site

    with shared.step() as connection:
        click.echo(_shown_again(connection, who, reason))
    context.invoke(site)  # first: everybody reads it
    context.invoke(packs, nightly=True)
    context.invoke(packs, refresh_=True)
    context.invoke(documents)


def _shown_again(connection: Any, who: str, reason: str) -> str:
    """Go back, unless the same words did it already and were cut off behind that; a line."""
    from ingestion import records
    from publish import rollback as stage

    before = stage.held(connection)
    if before and (before["by"], before["reason"]) == (who, reason):
        return f"{before['build_id']} was taken back at {before['at']:%Y-%m-%d %H:%M:%S%z}"
    at = shared.now()
    event = {"event": "taken_back", "at": at.isoformat(), "by": who, "reason": reason}
    shown = stage.run(
        connection,
        who,
        reason,
        at,
        lambda taken_back: records.append([{**event, "build_id": taken_back}]),
    )
    return f"shown again: {shown}; the night is held for `ita release`"


@click.command()
@click.option("--by", "who", required=True, help="Who has looked at it.")
def release(who: str) -> None:
    """Let the night publish again after a rollback.

    \b
    Example:  ita release --by "Somchai P."
    """
    from ingestion import records
    from publish import rollback as stage

    at = shared.now()
    with shared.step() as connection:
        stage.must_be_held(connection)
        records.append([{"event": "released", "at": at.isoformat(), "by": who}])
        click.echo(f"released: {stage.release(connection, who, at)}")


COMMANDS = (backup, restore, drill, rollback, release)
