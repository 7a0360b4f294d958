"""A database of our own beside the shared one, so that a country can be the whole of `raw`."""

import sys
from pathlib import Path

import psycopg
import pytest

from warehouse import connect, schema, settings

sys.path.insert(0, str(Path(__file__).parent))  # country.py and oracle.py stand beside the tests

DATABASE = "ita_marts"
BUILD = "candidate"


def _dbt(*arguments: str) -> None:
    """dbt in this process: a start of its own costs more than most builds of a small country."""
    from dbt.cli.main import dbtRunner

    given, folder = connect.parameters(), settings.folder("dbt")
    environment = {
        "ITA_PG_HOST": given["host"],
        "ITA_PG_PORT": given["port"],
        "ITA_PG_USER": given["user"],
        "ITA_PG_PASSWORD": given["password"],
        "ITA_PG_DATABASE": DATABASE,
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
        "DBT_LOG_LEVEL_FILE": "none",
    }
    project = ["--project-dir", settings.DBT_PROJECT, "--profiles-dir", settings.DBT_PROJECT]
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        done = dbtRunner().invoke([*arguments, "--quiet", *map(str, project)])
    nodes = getattr(done.result, "results", [])
    failed = [row for row in nodes if str(row.status) not in ("success", "pass", "skipped")]
    assert done.success, done.exception or [(row.node.name, row.message) for row in failed]


@pytest.fixture(scope="session")
def marts_database(warehouse):
    """An owner's connection (autocommit, rows as dictionaries) to a database with an empty raw."""
    warehouse.execute(f"drop database if exists {DATABASE} with (force)")
    warehouse.execute(f"create database {DATABASE}")
    with connect.connect(
        dbname=DATABASE, autocommit=True, row_factory=psycopg.rows.dict_row
    ) as connection:
        schema.apply(connection)
        yield connection
    warehouse.execute(f"drop database if exists {DATABASE} with (force)")


@pytest.fixture(scope="session")
def build(marts_database):
    """build(country): the country becomes the whole of raw, dbt builds and tests everything; the
    connection to read the marts with.
    """

    def run(country, *arguments: str):
        country.load(marts_database)
        _dbt("build", *arguments)
        marts_database.execute(f"set search_path = {BUILD}")
        return marts_database

    return run
