"""Agencies' files: put in, judged on the spot, taken back, and the workbook to fill in."""

import sys
from pathlib import Path
from typing import Any

import click

from ita.commands import shared
from warehouse import objects
from warehouse.errors import BadInput, Fault


@click.command()
@click.argument("paths", nargs=-1, type=shared.PathOrAddress(exists=True, path_type=Path))
@click.option("--inbox", help="The inbox of inboxes.csv by which the files came; else your own.")
@click.option("--nightly", is_flag=True, help="What cannot be read is named, and stops no night.")
def receive(paths: Any, inbox: Any, nightly: Any) -> None:
    """Put files or folders of submissions in the landing zone.

    Without PATHS, take in what lies there (the nightly step).

    A path can be the address of an object store; what is there stays there.

    \b
    Examples:
      ita receive results.csv offices/          a line a file: its SHA-256, stored or already known
      ita receive s3://ita-inbox/nacc-2568      needs the store's driver: pip install s3fs
      ita receive --inbox agency/4240503 measures.xlsx
      ita receive
    """
    from ingestion import receive as stage
    from ingestion import troubles

    if paths:
        refused = sum(_hand_in(path, inbox) for path in paths)
        if refused:
            raise Fault(f"{refused} files were not taken", "each is named above, with the reason")
        return
    with shared.step() as connection:
        click.echo(f"received: {stage.run(connection, shared.now())}")
        found = troubles.serious(connection)
    if found and not nightly:
        raise Fault(
            f"{len(found)} things could not be read",
            "each is named above and on the page of the night",
        )


def _hand_in(path: Path, inbox: str | None) -> int:
    """Put a path in the landing zone, a line a file; how many were not taken."""
    from ingestion import archive, hand_in, inboxes, repeated

    def of_known(sha256: str) -> str:
        with shared.connection() as connection:
            return repeated.line(connection, sha256)

    rights = inboxes.named(inbox) if inbox else inboxes.of_address(str(path))
    arrived = objects.stored_at if objects.is_address(path) else None
    with objects.fetched(path, archive.LARGEST) as fetched:
        refused = 0
        for line in hand_in.receive_paths(
            [fetched], inbox=rights, arrived=arrived, of_known=of_known
        ):
            click.echo(line)
            refused += line.startswith(hand_in.NO_HASH)
    return refused


@click.command()
@click.argument("files", nargs=-1, required=True, type=shared.EXISTING)
def check(files: Any) -> None:
    """Judge submissions without storing them: the same receipt as the nightly run's.

    \b
    Example:  ita check results.xlsx
    """
    from ingestion import check as stage

    with shared.connection() as connection:
        if not stage.check_files(list(files), connection):
            sys.exit(BadInput.exit_code)


@click.command()
@click.argument("sha256")
@click.option("--reason", default="withdrawn by the operator", show_default=True)
def withdraw(sha256: Any, reason: Any) -> None:
    """Take a submission back; its history is kept, the next refresh leaves it out.

    \b
    Example:  ita withdraw 3f2a…  --reason "sent for the wrong year"
    """
    from ingestion import withdraw as stage

    with shared.step() as connection:
        click.echo(stage.withdraw(connection, sha256, reason, shared.now()))


@click.command()
@shared.YEAR
@click.option("--agency", help="agency_id whose name and codes are filled in.")
@click.option(
    "--measures", is_flag=True, help="A workbook to report the progress of measures with."
)
@click.argument("file", type=click.Path(path_type=Path))
def template(fiscal_year: int, agency: Any, measures: Any, file: Any) -> None:
    """Write a submission workbook for a year's framework.

    Empty, for the year's scores; with --measures and --agency filled with the measures of that
    year, the agency's own and else those that were proposed, to report their progress in. Of a
    provisional year, which takes no scores yet, always the latter.

    \b
    Examples:
      ita template --year 2568 --agency 4240503 scores.xlsx
      ita template --year 2569 --agency 4240503 --measures progress.xlsx
    """
    from ingestion import template as stage
    from reports import measures as known
    from reports import measures_book

    if not fiscal_year:
        raise BadInput("--year is missing", "give the fiscal year (Buddhist Era), e.g. --year 2568")
    with shared.connection() as connection:
        if stage.is_provisional(fiscal_year) and not measures:
            click.echo(f"FY{fiscal_year} is provisional: no scores yet, measures and progress only")
            measures = True
        if not measures:
            stage.write(file, fiscal_year, agency, connection)
        else:
            stage.check_name(file)
            stage.check_measures_year(fiscal_year)
            of = agency and stage.agency_facts(connection, fiscal_year, agency, measures=True)
            rows, notes = known.of_agency(connection, agency, fiscal_year) if agency else ([], [])
            file.write_bytes(measures_book.write(fiscal_year, of or None, rows, notes))
    click.echo(f"template: {file}")


COMMANDS = (
    receive,
    check,
    withdraw,
    template,
)
