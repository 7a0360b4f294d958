"""Analysis packs and progress reports from the published build."""

from pathlib import Path
from typing import Any

import click

from ita.commands import shared
from warehouse import events, objects, settings
from warehouse.errors import BadInput, Fault


@click.command()
@shared.YEAR
@click.option("--province", help="Two-digit province code (00: central agencies).")
@click.option("--agency", help="agency_id.")
@click.option("--format", "formats", help="Some of pdf,docx,xlsx,html,json (default: all).")
@click.option("--all", "everything", is_flag=True, help="Every pack, changed or not.")
@click.option("--digits", type=click.Choice(["thai", "arabic"]), default="thai", show_default=True)
@click.option(
    "--analysis-by",
    "body",
    type=click.Choice(["topics", "indicators"]),
    help="What the findings stand under; the other is an index (default: as before, else topics).",
)
@click.option(
    "--out",
    type=shared.PathOrAddress(path_type=Path),
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
def packs(
    fiscal_year: int,
    province: Any,
    agency: Any,
    formats: Any,
    everything: Any,
    digits: str,
    body: Any,
    out: Any,
    nightly: Any,
    refresh_: Any,
) -> None:
    """Write analysis packs from the published build.

    \b
    Examples:
      ita packs --year 2568 --province 24 --out packs-24
      ita packs --agency 4240503 --format pdf,docx --digits arabic --out here
      ita packs --agency 4240503 --analysis-by indicators
      ita packs --year 2568 --out s3://ita-packs     needs the store's driver: pip install s3fs
    """
    from ita import failures
    from publish.build import latest_publication
    from reports import packs as stage

    connection = shared.connection()
    published = latest_publication(connection)
    if not published:
        raise BadInput("nothing is published yet", "run `ita refresh`")
    shared.must_exist(connection, province, agency)
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
            body=body,
        )
    click.echo(f"packs: {summary}")
    if not summary.failed:
        return
    if not nightly and not refresh_:
        raise Fault(f"{len(summary.failed)} packs failed", "each is named above, with its reason")
    # a night goes on: the failure is on its page, the next night tries again
    events.write("pack_failed", [{"agency": pack} for pack, _ in summary.failed])
    for pack, reason in summary.failed:
        failures.record(
            "packs", published["build_id"], "packs", 1, f"{pack}: {reason}", shared.now()
        )


@click.command()
@shared.YEAR
@click.option("--province", help="Two-digit province code (00: central agencies).")
@click.option("--agency", help="agency_id.")
@click.option("--digits", type=click.Choice(["thai", "arabic"]), default="thai", show_default=True)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder to write to (default: packs in ITA_HOME).",
)
def progress(fiscal_year: int, province: Any, agency: Any, digits: str, out: Any) -> None:
    """Write progress reports: what became of the measures of a fiscal year.

    \b
    Example:  ita progress --year 2566 --agency 5300907 --out reports-66
    """
    from publish.build import latest_publication
    from reports import progress_report as stage

    connection = shared.connection()
    published = latest_publication(connection)
    if not published:
        raise BadInput("nothing is published yet", "run `ita refresh`")
    shared.must_exist(connection, province, agency)
    written = stage.write(
        out or settings.folder("packs"),
        published,
        fiscal_year=fiscal_year,
        province=province,
        agency=agency,
        digits=digits,
    )
    click.echo(f"progress reports: {written} written")


@click.command()
@shared.YEAR
@click.option("--province", help="Two-digit province code (00: central agencies).")
def rules(fiscal_year: int, province: Any) -> None:
    """Count how many packs fail which rule of the checklist.

    Machine rules are tested on the finished report and must have no failure (exit 1 otherwise);
    officer rules are what agencies still have to confirm or add.

    \b
    Examples:
      ita rules --year 2568
      ita rules --year 2568 --province 24
    """
    from publish.build import latest_publication
    from reports import checklist
    from reports import rules as stage
    from warehouse.connect import connect

    connection = shared.connection()
    published = latest_publication(connection)
    if not published:
        raise BadInput("nothing is published yet", "run `ita refresh`")
    shared.must_exist(connection, province, None)
    with connect("ita_pack") as reader:
        found = stage.count(reader, published, fiscal_year=fiscal_year, province=province)
    click.echo(f"packs tested: {found.packs}")
    for by, names in (("machine", checklist.MACHINE), ("officer", checklist.OFFICER)):
        for name in names:
            failed = found.failed[by, name]
            example = f"  e.g. {found.first[by, name]}" if failed else ""
            click.echo(f"{by:8} {name:16} {failed:6}{example}")
    wrong = sum(count for (by, _), count in found.failed.items() if by == "machine")
    if wrong:
        raise Fault(f"{wrong} failures of rules that a machine can meet", "named above")


COMMANDS = (
    packs,
    rules,
    progress,
)
