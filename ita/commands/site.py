"""The open site: the results that everybody may see."""

from pathlib import Path

import click

from ita.commands import shared
from warehouse import settings


@click.command()
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write to (default: ITA_HOME/site).",
)
def site(out: Path | None) -> None:
    """Write the open site from the published build: only the pages that changed (a nightly step).

    \b
    Examples:  ita site
               ita site --out /srv/www/ita
    """
    from publish import build
    from reports.site.open import writing

    with shared.step() as connection:
        build_id, of_years = build.shown(connection)
        done = writing.run(out or settings.home() / "site", build_id, of_years)
    click.echo(
        f"site: {done['pages']:,} pages, {done['written']:,} written, {done['files']:,} files"
    )


COMMANDS = (site,)
