"""The synthetic country."""

from pathlib import Path
from typing import Any

import click

from warehouse.errors import BadInput


@click.command()
@click.option("--agencies", type=click.IntRange(1), required=True)
@click.option("--years", required=True, help="First and last fiscal year, e.g. 2564-2568.")
@click.option("--seed", type=int, required=True)
@click.option(
    "--layout",
    multiple=True,
    type=click.Choice(["long", "json", "wide", "long-xlsx", "wide-xlsx", "template", "document"]),
    help="Layout of all agencies' files, can be given again "
    "(default: long and json for all, and for a sample of 200 agencies every layout).",
)
@click.argument("directory", type=click.Path(path_type=Path))
def synth(agencies: Any, years: Any, seed: Any, layout: Any, directory: Any) -> None:
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
    written = country.write(directory, agencies, first_year, last_year, seed, list(layout) or None)
    click.echo(f"synthetic country: {written}")


COMMANDS = (synth,)
