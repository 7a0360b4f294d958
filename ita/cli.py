"""`ita`: the one place that knows all stages. Each command is thin: it calls a stage and says in a line what came of it.

Exit codes: 0 done, 1 fault of the system, 2 bad input, 3 not allowed.
"""

import sys
import traceback
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import click

from warehouse import objects, settings
from warehouse.errors import BadInput, Fault, ItaError

YEAR = click.option(
    "--year", "fiscal_year", type=click.IntRange(2500, 2700), help="Fiscal year, Buddhist Era."
)
EXISTING = click.Path(exists=True, path_type=Path)


class PathOrAddress(click.Path):
    """A path, or the address (a URL) of an object store, which stays text."""

    def convert(self, value, param, context):
        return value if objects.is_address(value) else super().convert(value, param, context)


class Commands(click.Group):
    """Commands in the order of a night, and our errors on one line with our exit codes."""

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
            with open(log, "a", encoding="utf-8") as file:
                traceback.print_exc(file=file)
            click.echo(
                f"ita: {type(error).__name__}: {' '.join(str(error).split())} — a fault of ours; the traceback is in {log}",
                err=True,
            )
            sys.exit(1)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main():
    """The ITA warehouse: score submissions in, rankings and common deficiencies, analysis packs out.

    \b
    Examples:
      ita up                                    start the warehouse
      ita receive submissions/                  put files in the landing zone
      ita refresh                               run the nightly refresh now
      ita query "select * from mart.national_summary"
    """


def _now() -> datetime:
    return datetime.now(UTC)


def _connection():
    """An owner's connection (autocommit) to a warehouse that has its schemas."""
    from warehouse import connect, schema

    connection = connect.connect(autocommit=True)
    schema.apply(connection)
    return connection


def _step():
    """A connection that holds the lock of the steps; both go when the command ends, however it ends."""
    connection = _connection()
    connection.execute("select pg_advisory_lock(hashtext('ita step'))")
    return connection


# --- the warehouse ------------------------------------------------------------------------------------------------------------------


@main.command()
def up():
    """Start the warehouse (nothing happens if it runs).

    \b
    Example:  ita up
    """
    from publish import access

    connection = _connection()
    access.apply(connection)
    click.echo(f"warehouse up: {_address(connection)}")


@main.command()
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


@main.command()
def status():
    """Say where the warehouse is, what it shows and how the last runs went.

    \b
    Example:  ita status
    """
    from ita.status import lines

    for line in lines():
        click.echo(line)


def _address(connection) -> str:
    return f"postgresql://{connection.info.user}@{connection.info.host}:{connection.info.port}/{connection.info.dbname}"


# --- a night, step by step ----------------------------------------------------------------------------------------------------------


@main.command()
@click.argument("paths", nargs=-1, type=PathOrAddress(exists=True, path_type=Path))
def receive(paths):
    """Put files or folders of submissions in the landing zone; without PATHS, take in what lies there (the nightly step).

    A path can be the address of an object store; what is there stays there.

    \b
    Examples:
      ita receive results.csv offices/          one line a file: its SHA-256, stored or already known
      ita receive s3://ita-inbox/nacc-2568      needs the store's driver: pip install s3fs
      ita receive
    """
    from ingestion import receive as stage

    if paths:
        with ExitStack() as inboxes:
            for line in stage.receive_paths(
                [inboxes.enter_context(objects.fetched(path)) for path in paths]
            ):
                click.echo(line)
        return
    with _step() as connection:
        click.echo(f"received: {stage.register_landing(connection, _now())} files new")


@main.command()
@YEAR
def judge(fiscal_year):
    """Judge every received file: a receipt each (the nightly step).

    \b
    Example:  ita judge
    """
    from ingestion import judge_landing

    with _step() as connection:
        click.echo(f"judged: {judge_landing.run(connection, fiscal_year=fiscal_year)}")


@main.command()
def load():
    """Load what is judged and accepted into schema raw (the nightly step).

    \b
    Example:  ita load
    """
    from ingestion import load as stage

    with _step() as connection:
        click.echo(f"loaded: {stage.run(connection)}")


@main.command()
def build():
    """Build the candidate with dbt, if its inputs are new (the nightly step).

    \b
    Example:  ita build
    """
    from publish import build as stage

    with _step() as connection:
        try:
            build_id = stage.run(connection, _now())
        except BadInput:
            from expectations import audit as gates
            from warehouse import connect

            gates.run_on_raw(
                connect.sqlalchemy_url()
            )  # says of which rows it comes, and who mends them
            raise
    click.echo(
        f"candidate built: {build_id}"
        if build_id
        else "nothing new: the published build has these inputs"
    )


@main.command()
def audit():
    """Audit what was loaded and the candidate: the two gates (the nightly step).

    \b
    Example:  ita audit
    """
    from publish import candidate as stage
    from publish import preview

    with _step() as connection:
        candidate = stage.to_audit(connection)
        if not candidate:
            click.echo("no candidate to audit")
            return
        from expectations import audit as gates
        from warehouse import connect

        failed = gates.run(connect.sqlalchemy_url(), candidate)
        changes = 0 if failed else preview.write(connection, candidate)
        stage.judged(connection, passed=not failed)
    if failed:
        raise BadInput(
            f"{' and '.join(failed)} failed: the published build stays",
            "see documents/checks in ITA_HOME; `ita withdraw` takes a file back",
        )
    click.echo(
        f"candidate audited: {candidate['build_id']}, changes {changes} agency-years (ops.change_preview)"
    )


@main.command()
def publish():
    """Show the audited candidate in `mart`: all views in one transaction (the nightly step).

    \b
    Example:  ita publish
    """
    from publish import flip

    with _step() as connection:
        build_id = flip.run(connection, _now())
    click.echo(f"published: {build_id}" if build_id else "nothing to publish")


@main.command()
@click.argument("build_id")
@click.option("--by", "who", required=True, help="Who has looked at ops.change_preview.")
def approve(build_id, who):
    """Let a build be published that was held because it changes much of what is published.

    \b
    Example:  ita approve b1c9cf70dbae3 --by "Somchai P."
    """
    from publish import preview

    with _step() as connection:
        preview.approve(connection, build_id, who, _now())
    click.echo(f"approved: {build_id}; `ita refresh` publishes it")


@main.command()
@YEAR
@click.option("--province", help="Two-digit province code (00: central agencies).")
@click.option("--agency", help="agency_id.")
@click.option("--format", "formats", help="Some of pdf,docx,xlsx,html,json (default: all).")
@click.option("--all", "everything", is_flag=True, help="Every pack, changed or not.")
@click.option("--digits", type=click.Choice(["thai", "arabic"]), default="thai", show_default=True)
@click.option(
    "--out",
    type=PathOrAddress(path_type=Path),
    help="Folder, or address of an object store, to write to (default: packs in ITA_HOME).",
)
@click.option(
    "--nightly", is_flag=True, help="The nightly step: the packs whose own agency's data changed."
)
@click.option(
    "--refresh",
    "refresh_",
    is_flag=True,
    help="The following run: also packs where only others' figures changed.",
)
def packs(fiscal_year, province, agency, formats, everything, digits, out, nightly, refresh_):
    """Write analysis packs from the published build.

    \b
    Examples:
      ita packs --year 2568 --province 24 --out packs-24
      ita packs --agency 4240503 --format pdf,docx --digits arabic --out here
      ita packs --year 2568 --out s3://ita-packs     needs the store's driver: pip install s3fs
    """
    from ita import failures
    from publish.build import latest_publication
    from reports import packs as stage

    connection = _connection()
    published = latest_publication(connection)
    if not published:
        raise BadInput("nothing is published yet", "run `ita refresh`")
    _must_exist(connection, province, agency)
    mode = "nightly" if nightly else "refresh" if refresh_ else "all"
    with objects.filled(out or settings.folder("packs")) as folder:
        summary = stage.write(
            folder,
            published,
            fiscal_year=fiscal_year,
            province=province,
            agency=agency,
            formats=tuple(formats.split(",")) if formats else None,
            everything=everything,
            mode=mode,
            digits=digits,
        )
    click.echo(f"packs: {summary}")
    if not summary.failed:
        return
    if not nightly and not refresh_:
        raise Fault(f"{len(summary.failed)} packs failed", "each is named above, with its reason")
    for (
        folder,
        reason,
    ) in summary.failed:  # a night goes on: the failure is on its page, the next night tries again
        failures.record("packs", published["build_id"], "packs", 1, f"{folder}: {reason}", _now())


def _must_exist(connection, province, agency) -> None:
    if (
        province not in (None, "00")
        and not connection.execute(
            "select 1 from mart.province where province_code = %s", [province]
        ).fetchone()
    ):
        raise BadInput(
            f"--province {province}: no such province", "give its two-digit code, e.g. 24"
        )
    if (
        agency
        and not connection.execute(
            "select 1 from mart.agency where agency_id = %s", [agency]
        ).fetchone()
    ):
        raise BadInput(
            f"--agency {agency}: no such agency in the published build",
            "see mart.agency for the agency_id",
        )


@main.command()
@YEAR
@click.option("--province", help="Two-digit province code (00: central agencies).")
@click.option("--agency", help="agency_id.")
@click.option("--digits", type=click.Choice(["thai", "arabic"]), default="thai", show_default=True)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder to write to (default: packs in ITA_HOME).",
)
def progress(fiscal_year, province, agency, digits, out):
    """Write progress reports: what became of the measures of a fiscal year.

    \b
    Example:  ita progress --year 2566 --agency 5300907 --out reports-66
    """
    from publish.build import latest_publication
    from reports import progress_report as stage

    connection = _connection()
    published = latest_publication(connection)
    if not published:
        raise BadInput("nothing is published yet", "run `ita refresh`")
    _must_exist(connection, province, agency)
    written = stage.write(
        out or settings.folder("packs"),
        published,
        fiscal_year=fiscal_year,
        province=province,
        agency=agency,
        digits=digits,
    )
    click.echo(f"progress reports: {written} written")


@main.command()
def documents():
    """Write the pages of the night: index.html, receipts, checks, data dictionary (the nightly step).

    \b
    Example:  ita documents
    """
    from reports import site

    with _connection() as connection:
        site.write(connection)
    click.echo(f"pages: {settings.home() / 'index.html'}")


@main.command()
@YEAR
def refresh(fiscal_year):
    """Run the nightly refresh now, through Airflow.

    \b
    Examples:
      ita refresh
      ita refresh --year 2568                   only files with units of FY2568
    """
    from ita import refresh as night

    with _connection() as connection:
        sys.exit(night.run(connection, fiscal_year))


@main.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def airflow(arguments):
    """Run Airflow's own command line on this warehouse's Airflow.

    \b
    Example:  ita airflow standalone            scheduler, API server and web pages
    """
    from ita import airflow as runner

    sys.exit(runner.run(arguments))


@main.command()
def prepare():
    """Make the schemas, the roles and Airflow's metadata, once before the services of a server start.

    \b
    Example:  ita prepare
    """
    from ita import airflow as runner
    from publish import access

    access.apply(_connection())
    runner.prepare()
    click.echo("prepared: schemas, roles, Airflow's metadata")


@main.command(hidden=True)
@click.option("--dag", "dag_id", required=True)
@click.option("--run", "run_id", required=True)
@click.option("--task", "task_id", required=True)
@click.option("--try", "try_number", type=int, required=True)
@click.argument("message")
def failed(dag_id, run_id, task_id, try_number, message):
    """Write down a failed try of a task (Airflow's failure callback calls this), and show it on the page of the night."""
    from ita import failures
    from reports import site

    failures.record(dag_id, run_id, task_id, try_number, message, _now())
    with _connection() as connection:
        site.write(connection)


# --- agencies' files ----------------------------------------------------------------------------------------------------------------


@main.command()
@click.argument("files", nargs=-1, required=True, type=EXISTING)
def check(files):
    """Judge submissions without storing them: the same receipt as the nightly run's.

    \b
    Example:  ita check results.xlsx
    """
    from ingestion import check as stage

    with _connection() as connection:
        if not stage.check_files(list(files), connection):
            sys.exit(BadInput.exit_code)


@main.command()
@click.argument("sha256")
@click.option("--reason", default="withdrawn by the operator", show_default=True)
def withdraw(sha256, reason):
    """Take a submission back; its history is kept, the next refresh leaves it out.

    \b
    Example:  ita withdraw 3f2a…  --reason "sent for the wrong year"
    """
    from ingestion import withdraw as stage

    with _step() as connection:
        click.echo(stage.withdraw(connection, sha256, reason, _now()))


@main.command()
@YEAR
@click.option("--agency", help="agency_id whose name and codes are filled in.")
@click.option(
    "--measures", is_flag=True, help="A workbook to report the progress of measures with."
)
@click.argument("file", type=click.Path(path_type=Path))
def template(fiscal_year, agency, measures, file):
    """Write an empty submission workbook for a year's framework.

    \b
    Examples:
      ita template --year 2568 --agency 4240503 scores.xlsx
      ita template --year 2569 --agency 4240503 --measures progress.xlsx
    """
    from ingestion import template as stage

    if not fiscal_year:
        raise BadInput("--year is missing", "give the fiscal year (Buddhist Era), e.g. --year 2568")
    with _connection() as connection:
        stage.write(file, fiscal_year, agency, connection, measures=measures)
    click.echo(f"template: {file}")


@main.command()
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
def query(statement, role, format_):
    """Read-only SQL on the published build.

    \b
    Examples:
      ita query "select * from mart.national_summary"
      ita query "select * from mart.provincial_ranking" --as ita_province_24 --format csv
    """
    from ita import query as stage

    stage.run(statement, role, format_)


@main.command()
@click.option("--agencies", type=click.IntRange(1), required=True)
@click.option("--years", required=True, help="First and last fiscal year, e.g. 2564-2568.")
@click.option("--seed", type=int, required=True)
@click.option(
    "--layout",
    multiple=True,
    type=click.Choice(["long", "json", "wide", "long-xlsx", "wide-xlsx", "template", "document"]),
    help="Layout of all agencies' files, can be given again (default: long and json for all, and for a sample of 200 agencies every layout).",
)
@click.argument("directory", type=click.Path(path_type=Path))
def synth(agencies, years, seed, layout, directory):
    """Write a deterministic synthetic country: registry and submissions.

    \b
    Examples:
      ita synth --agencies 300 --years 2566-2568 --seed 7 country/
      ita synth --agencies 50 --years 2568 --seed 7 --layout template --layout document country/
    """
    from synth import country

    try:
        first, _, last = years.partition("-")
        first_year, last_year = int(first), int(last or first)
    except ValueError:
        raise BadInput(
            f"--years {years}: not a span of fiscal years", "write it as 2564-2568"
        ) from None
    click.echo(
        f"synthetic country: {country.write(directory, agencies, first_year, last_year, seed, list(layout) or None)}"
    )
