"""The reference data by fiscal year."""

import click

from warehouse import reference


@click.group()
def framework() -> None:
    """The assessment's framework: reference data by fiscal year (dbt_project/seeds)."""


@framework.command()
@click.option("--year", type=int, help="Show one fiscal year (Buddhist Era) only.")
def check(year: int) -> None:
    """Say of each fiscal year whether it is complete, and what a provisional one lacks.

    Exit 2 where a year is marked complete and is not. How a year comes in: docs/new-fiscal-year.md.

    \b
    Examples:
      ita framework check                       all years
      ita framework check --year 2569           what is still missing of FY2569
    """
    seeds = reference.read()
    known = reference.known(seeds, year)
    for fiscal_year in known:
        missing = reference.gaps(seeds, fiscal_year)
        state = seeds.states.get(fiscal_year, "in no state")
        click.echo(f"FY{fiscal_year} {state}: {len(missing) or 'no'} seeds lack rows")
        for gap in missing:
            click.echo(f"  {gap.seed}.csv: {', '.join(gap.rows)}")
    reference.states()


COMMANDS = (framework,)
