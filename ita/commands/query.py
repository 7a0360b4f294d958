"""SQL on the published build."""

import sys
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from warehouse.errors import BadInput

FORMATS = ("table", "expanded", "csv", "json", "xlsx")


@click.command()
@click.argument("statement", required=False)
@click.option(
    "--file",
    "-f",
    "question",
    type=click.Path(path_type=Path, allow_dash=True),
    help="The statement is in this file (- is standard input).",
)
@click.option(
    "--as",
    "role",
    help="Role or person to read as, with this warehouse's secrets: ita_analyst if nothing is"
    " said; ita_owner also sees raw and ops.",
)
@click.option(
    "--dsn",
    envvar="ITA_QUERY_DSN",
    help="Your own connection, for whom `ita login add` has made a login; no secrets are needed."
    " Else what ITA_QUERY_DSN says.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    help="table if nothing is said; with --out, what the file's name ends in.",
)
@click.option("--expanded", "-x", is_flag=True, help="As --format expanded: a line a column.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write to this file; a CSV begins with the mark by which Excel knows UTF-8.",
)
@click.option("--bom", is_flag=True, help="Begin standard output with that mark, too.")
@click.pass_context
def query(
    context: Any,
    statement: str | None,
    question: Path | None,
    role: str | None,
    dsn: str | None,
    format_: str | None,
    expanded: bool,
    out: Path | None,
    bom: bool,
) -> None:
    """Read-only SQL on the published build.

    \b
    Examples:
      ita query "select * from mart.national_summary"
      ita query "select * from mart.provincial_ranking" --as ita_province_24 --format csv
      ita query --file questions/movers.sql --out movers.xlsx
      ita query -x "select * from mart.agency limit 1" --as somchai
      ITA_QUERY_DSN=postgresql://somchai@warehouse:25432/ita ita query "table mart.province"
    """
    from ita import query as stage

    asked = _statement(statement, question)
    output = stage.Output(_format(format_, expanded, out), out, bom)
    if role and context.get_parameter_source("dsn") == ParameterSource.COMMANDLINE:
        raise BadInput("--as and --dsn say two logins", "give one of them")
    if dsn and not role:
        if context.get_parameter_source("dsn") == ParameterSource.COMMANDLINE:
            _without_password(dsn)
        stage.run_as_person(asked, dsn, output)
    else:
        stage.run(asked, role or "ita_analyst", output)


def _statement(statement: str | None, question: Path | None) -> str:
    if (statement is None) == (question is None):
        raise BadInput("which question?", "give one statement, or --file with one")
    if question is None:
        return str(statement)
    try:
        told = sys.stdin.buffer.read() if str(question) == "-" else question.read_bytes()
        return told.decode("utf-8-sig")
    except OSError as error:
        raise BadInput(f"{question} cannot be read: {error.strerror}", "give a file") from None
    except UnicodeDecodeError:
        raise BadInput(f"{question} is no UTF-8", "save it as UTF-8") from None


def _format(format_: str | None, expanded: bool, out: Path | None) -> str:
    ending = out.suffix.lstrip(".").lower() if out else ""
    chosen = format_ or ("expanded" if expanded else ending if ending in FORMATS else "table")
    if expanded and chosen != "expanded":
        raise BadInput(f"--expanded and --format {chosen} say two formats", "give one of them")
    if chosen == "xlsx" and not out:
        raise BadInput("a workbook is no text for a terminal", "say where to: --out FILE.xlsx")
    return chosen


def _without_password(dsn: str) -> None:
    """Arguments of a process are everybody's to read."""
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        given = conninfo_to_dict(dsn)
    except ProgrammingError:
        return  # said by who connects
    if given.get("password"):
        raise BadInput(
            "--dsn holds a password, which others here can read in the list of processes",
            "put it in ~/.pgpass (mode 600) or PGPASSWORD",
        )


COMMANDS = (query,)
