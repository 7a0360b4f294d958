"""`ita`: the one place that knows all stages. It puts the groups of commands together.

Each command is thin: it calls a stage and says in a line what came of it.
Exit codes: 0 done, 1 fault of the system, 2 bad input, 3 not allowed.
"""

import errno
import sys
import time
import traceback
from typing import Any

import click

from ita import terminal
from ita.commands import (
    access,
    archive,
    counter,
    deliver,
    desk,
    framework,
    intake,
    night,
    operations,
    packs,
    query,
    recovery,
    server,
    site,
    synth,
    warehouse,
)
from warehouse import children, events, settings
from warehouse.errors import ItaError

GROUPS = (
    warehouse,
    intake,
    night,
    operations,
    packs,
    deliver,
    site,
    query,
    access,
    framework,
    archive,
    recovery,
    synth,
    server,
    desk,
    counter,
)


# What the log for programs tells of; commands that only read are not in it.
TOLD = {
    *("receive", "judge", "load", "build", "audit", "publish", "packs", "documents", "tidy"),
    "deliver",
    *("refresh", "rebuild", "approve", "refuse", "withdraw"),
}


MAKE_ROOM = "make room: docs/operations/disk-full.md"
# What an operator mends, whichever step comes upon it.
OF_THE_DISK = {
    errno.ENOSPC: MAKE_ROOM,
    errno.EDQUOT: MAKE_ROOM,
    errno.EROFS: "the disk can only be read: see `dmesg`, mend it, mount it anew",
    errno.EACCES: "give it to the warehouse's user: all of ITA_HOME is that user's",
    **dict.fromkeys(
        (errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.ELOOP),
        "something else stands where a file or a folder of ours belongs: move it away",
    ),
    errno.EIO: "the disk is broken: see `dmesg`; docs/operations/backup.md",
}


# SQLSTATEs of a table, column, function or schema that is not there, or there already.
SCHEMAS_BROKEN = ("42P01", "42703", "42883", "3F000", "42P07", "42701", "42P06")
# Of a statement, a lock or a transaction that was ended, or of one that may not write.
BOUNDED = ("57014", "55P03", "25P03", "25P04", "57P05", "25006")
SETTINGS = (
    "a setting of the server bounds us: see *Settings of yours* in docs/operations/database.md"
)
RESTORE = "where somebody changed the schemas raw, ops or access: docs/operations/failures.md"


class Commands(click.Group):
    """Commands as GROUPS has them, and our errors on one line with our exit codes."""

    def resolve_command(self, context: Any, args: Any) -> Any:
        name, command, rest = super().resolve_command(context, args)
        if name in TOLD:
            began = time.monotonic()
            events.write("began", step=name)
            context.call_on_close(lambda: _tell_end(str(name), began))
        return name, command, rest

    def list_commands(self, context: Any) -> list:
        return list(self.commands)

    def invoke(self, context: Any) -> Any:
        try:
            return super().invoke(context)
        except ItaError as error:
            click.echo(f"ita: {error}", err=True)
            sys.exit(error.exit_code)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            said = f"ita: {type(error).__name__}: {' '.join(str(error).split())}"
            full = "No space left on device" in said  # PostgreSQL's errors have no errno
            of_the_disk = MAKE_ROOM if full else OF_THE_DISK.get(getattr(error, "errno", 0) or 0)
            written = _written_down()
            sqlstate = getattr(error, "sqlstate", None)
            if sqlstate in SCHEMAS_BROKEN:
                written = f"{RESTORE}; else {written}"
            elif sqlstate in BOUNDED:
                written = SETTINGS
            elif isinstance(error, _operational_error()):
                written = "the server or a session ended: see `ita status`, then run it again"
            click.echo(f"{said} — {of_the_disk or written}", err=True)
            sys.exit(1)


def _operational_error() -> type[Exception]:
    from psycopg import OperationalError

    return OperationalError


def _tell_end(step: str, began: float) -> None:
    error = sys.exc_info()[1]
    code = getattr(error, "exit_code", getattr(error, "code", 1 if error else 0))
    seconds = round(time.monotonic() - began, 1)
    events.write("ended", step=step, exit_code=code, seconds=seconds)


def _written_down() -> str:
    """Write the traceback of the fault in hand to ITA_HOME; say where it is."""
    log = settings.home() / "faults.log"
    try:
        with log.open("a", encoding="utf-8") as file:
            traceback.print_exc(file=file)
    except OSError as error:
        return f"a fault of ours or of the disk: {log} cannot be written: {error.strerror}"
    return f"a fault of ours; the traceback is in {log}"


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ita-warehouse", message="ita %(version)s")
def main() -> None:
    """The ITA warehouse: submissions in, rankings, common deficiencies and analysis packs out.

    \b
    Examples:
      ita up                                    start the warehouse
      ita receive submissions/                  put files in the landing zone
      ita refresh                               run the nightly refresh now
      ita query "select * from mart.national_summary"
    """
    children.end_with_told_parent()


for group in GROUPS:
    for command in group.COMMANDS:
        main.add_command(command)


def run() -> None:
    """The console script: the group, on streams that print nothing that a terminal would obey."""
    waiting = terminal.prepare(" ".join(["ita", *sys.argv[1:2]]))
    try:
        main()
    finally:
        if waiting:
            waiting.end()
        sys.stdout.flush()
