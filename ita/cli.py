"""`ita`: the one place that knows all stages. It puts the groups of commands together.

Each command is thin: it calls a stage and says in a line what came of it.
Exit codes: 0 done, 1 fault of the system, 2 bad input, 3 not allowed.
"""

import sys
import traceback

import click

from ita.commands import (
    archive,
    framework,
    intake,
    night,
    packs,
    query,
    server,
    synth,
    warehouse,
)
from warehouse import settings
from warehouse.errors import ItaError

GROUPS = (warehouse, intake, night, packs, query, framework, archive, synth, server)


class Commands(click.Group):
    """Commands as GROUPS has them, and our errors on one line with our exit codes."""

    def list_commands(self, context):
        return list(self.commands)

    def invoke(self, context):
        try:
            return super().invoke(context)
        except ItaError as error:
            click.echo(f"ita: {error}", err=True)
            sys.exit(error.exit_code)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            log = settings.home() / "faults.log"
            with log.open("a", encoding="utf-8") as file:
                traceback.print_exc(file=file)
            click.echo(
                f"ita: {type(error).__name__}: {' '.join(str(error).split())}"
                f" — a fault of ours; the traceback is in {log}",
                err=True,
            )
            sys.exit(1)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main():
    """The ITA warehouse: submissions in, rankings, common deficiencies and analysis packs out.

    \b
    Examples:
      ita up                                    start the warehouse
      ita receive submissions/                  put files in the landing zone
      ita refresh                               run the nightly refresh now
      ita query "select * from mart.national_summary"
    """


for group in GROUPS:
    for command in group.COMMANDS:
        main.add_command(command)
