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
    from reports.site.open import writing

    with shared.step() as connection:
        row = connection.execute(
            "select build_id from ops.publication order by publication_no desc limit 1"
        ).fetchone()
        done = writing.run(out or settings.home() / "site", row[0] if row else None)
    click.echo(
        f"site: {done['pages']:,} pages, {done['written']:,} written, {done['files']:,} files"
    )


COMMANDS = (site,)
