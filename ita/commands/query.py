"""SQL on the published build."""

from typing import Any

import click


@click.command()
@click.argument("statement")
@click.option(
    "--as",
    "role",
    default="ita_analyst",
    show_default=True,
    help="Role to log in as; ita_owner also sees raw and ops.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
)
def query(statement: Any, role: Any, format_: Any) -> None:
    """Read-only SQL on the published build.

    \b
    Examples:
      ita query "select * from mart.national_summary"
      ita query "select * from mart.provincial_ranking" --as ita_province_24 --format csv
    """
    from ita import query as stage

    stage.run(statement, role, format_)


COMMANDS = (query,)
