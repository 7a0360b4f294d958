"""The steps of a night in their order, the person who approves, and the whole night at once."""

import sys
from typing import Any

import click

from ita.commands import shared
from warehouse import settings
from warehouse.errors import BadInput


@click.command()
@shared.YEAR
def judge(fiscal_year: int) -> None:
    """Judge every received file: a receipt each (the nightly step).

    \b
    Example:  ita judge
    """
    from ingestion import judge_landing

    with shared.step() as connection:
        click.echo(f"judged: {judge_landing.run(connection, fiscal_year=fiscal_year)}")


@click.command()
def load() -> None:
    """Load what is judged and accepted into schema raw (the nightly step).

    \b
    Example:  ita load
    """
    from ingestion import load as stage
    from operations import journal

    with shared.step() as connection:
        files = journal.waiting(connection)
        click.echo(f"loaded: {stage.run(connection, shared.now())}")
        journal.judged(connection, files)


@click.command()
def build() -> None:
    """Build the candidate with dbt, if its inputs are new (the nightly step).

    \b
    Example:  ita build
    """
    from publish import build as stage
    from publish import years

    with shared.step() as connection:
        years.check(connection)
        try:
            build_id = stage.run(connection, shared.now())
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


@click.command()
def audit() -> None:
    """Audit what was loaded and the candidate: the two gates (the nightly step).

    \b
    Example:  ita audit
    """
    from publish import candidate as stage
    from publish import preview

    with shared.step() as connection:
        candidate = stage.to_audit(connection)
        if not candidate:
            click.echo("no candidate to audit")
            return
        from expectations import audit as gates
        from operations import journal
        from warehouse import connect

        began = shared.now()
        failed = gates.run(connect.sqlalchemy_url(), candidate)
        journal.failed_checks(connection, began)
        changes = 0 if failed else preview.write(connection, candidate)
        stage.judged(connection, passed=not failed)
    if failed:
        raise BadInput(
            f"{' and '.join(failed)} failed: the published build stays",
            "see documents/checks in ITA_HOME; `ita withdraw` takes a file back",
        )
    click.echo(
        f"candidate audited: {candidate['build_id']}, "
        f"changes {changes} agency-years (ops.change_preview)"
    )


@click.command()
def publish() -> None:
    """Show the audited candidate in `mart`: all views in one transaction (the nightly step).

    \b
    Example:  ita publish
    """
    from publish import candidate, flip

    with shared.step() as connection:
        build_id = flip.run(connection, shared.now())
        refused = candidate.refused(connection)
    if refused:
        said = "{build_id} was refused by {by}: {reason}".format(**refused)
        click.echo(f"nothing to publish: {said}")
    else:
        click.echo(f"published: {build_id}" if build_id else "nothing to publish")


@click.command()
@click.argument("what")
@click.option("--by", "who", required=True, help="Who has looked at it.")
def approve(what: Any, who: Any) -> None:
    """Let pass what waits for a person: a build, or a file's registry rows.

    A build is held because it changes much of what is published (ops.change_preview), registry rows
    because they change agencies with results (`ita status` lists them). WHAT is the build's id or
    the file's SHA-256.

    \b
    Examples:
      ita approve b1c9cf70dbae3 --by "Somchai P."
      ita approve 3f2a94c81d --by "Somchai P."
    """
    from ita import deciding

    with shared.step() as connection:
        click.echo(deciding.approve(connection, what, who, shared.now()))


@click.command()
@click.argument("what")
@click.option("--by", "who", required=True, help="Who has looked at it.")
@click.option("--reason", required=True, help="Why: it is on the page, and in a file's receipt.")
def refuse(what: str, who: str, reason: str) -> None:
    """Refuse what waits for a person: a build, or a file's registry rows.

    A refused build is not shown, nor held again, until a night brings something new or somebody
    approves it after all. Refused registry rows are rejected; the receipt says why. WHAT as for
    `ita approve`.

    \b
    Examples:
      ita refuse b1c9cf70dbae3 --by "Somchai P." --reason "the OIT scores of Tak are last year's"
      ita refuse 3f2a94c81d --by "Somchai P." --reason "not merged by the Royal Gazette"
    """
    from ita import deciding

    if not reason.strip():
        raise BadInput("no reason is given", "say why in --reason: others read it")
    with shared.step() as connection:
        click.echo(deciding.refuse(connection, what, who, reason.strip(), shared.now()))


@click.command()
def documents() -> None:
    """Write the pages of the night: index.html, receipts, checks, data dictionary (nightly step).

    \b
    Example:  ita documents
    """
    from publish import flip
    from reports import site

    with shared.step() as connection:
        flip.keep_for_next_night(connection)
        site.write(connection)
    click.echo(f"pages: {settings.home() / 'index.html'}")


@click.command()
@shared.YEAR
def refresh(fiscal_year: int) -> None:
    """Run the nightly refresh now, through Airflow.

    \b
    Examples:
      ita refresh
      ita refresh --year 2568                   only files with units of FY2568
    """
    from ita import refresh as night

    sys.exit(night.run_until_the_server_lives(shared.connection, fiscal_year))


@click.command(hidden=True)
@click.option("--dag", "dag_id", required=True)
@click.option("--run", "run_id", required=True)
@click.option("--task", "task_id", required=True)
@click.option("--try", "try_number", type=int, required=True)
@click.argument("message")
def failed(dag_id: Any, run_id: Any, task_id: Any, try_number: Any, message: Any) -> None:
    """Write down a failed try of a task, and show it on the page of the night.

    Airflow's failure callback calls this.
    """
    from ita import failures
    from reports import site
    from warehouse import postgres

    failures.record(dag_id, run_id, task_id, try_number, message, shared.now())
    if not settings.external_dsn() and not postgres.dsn():
        return  # what came of it is on the page when the warehouse answers again
    with shared.connection() as connection:
        site.write(connection)


COMMANDS = (
    judge,
    load,
    build,
    audit,
    publish,
    approve,
    refuse,
    documents,
    refresh,
    failed,
)
