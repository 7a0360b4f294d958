"""What several commands need: common options, the connection, the lock of the steps."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from warehouse import objects, settings
from warehouse.errors import BadInput

YEAR = click.option(
    "--year", "fiscal_year", type=click.IntRange(2500, 2700), help="Fiscal year, Buddhist Era."
)
PATIENCE = 120  # seconds
EXISTING = click.Path(exists=True, path_type=Path)


class PathOrAddress(click.Path):
    """A path, or the address (a URL) of an object store, which stays text."""

    def convert(self, value: Any, param: Any, context: Any) -> Any:
        return value if objects.is_address(value) else super().convert(value, param, context)


def now() -> datetime:
    return datetime.now(UTC)


def connection() -> Any:
    """An owner's connection (autocommit) to a warehouse that has its schemas.

    A server that is not ours to start is given two minutes to come back: a night goes on where its
    database was started anew.
    """
    from publish import watch
    from recovery import restore
    from warehouse import connect, schema

    restore.must_be_finished()
    if settings.external_dsn():
        connect.wait(PATIENCE, _say_waiting)
    opened = connect.connect(autocommit=True)
    schema.apply(opened)
    watch.start()
    return opened


def _say_waiting() -> None:
    click.echo(f"the warehouse does not answer: waiting for it, {PATIENCE} s at most", err=True)


@contextmanager
def step() -> Iterator[Any]:
    """An owner's connection, and the lock of the steps; both go when the command ends, however."""
    from warehouse import connect

    with connection() as opened, connect.lock("step"):
        yield opened


def must_exist(connection: Any, province: str | None, agency: str | None) -> None:
    """Raise BadInput unless the published build knows the province and the agency (None: any)."""
    if (
        province
        and province != "00"
        and not _found(connection, "select 1 from mart.province where province_code = %s", province)
    ):
        raise BadInput(
            f"--province {province}: no such province", "give its two-digit code, e.g. 24"
        )
    if agency and not _found(connection, "select 1 from mart.agency where agency_id = %s", agency):
        raise BadInput(
            f"--agency {agency}: no such agency in the published build",
            "see mart.agency for the agency_id",
        )


def _found(connection: Any, statement: str, value: str) -> bool:
    return connection.execute(statement, [value]).fetchone() is not None
