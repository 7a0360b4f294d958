"""A database of our own beside the shared one, so that a country can be the whole of `raw`."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from warehouse import connect, schema, settings

sys.path.insert(0, str(Path(__file__).parent))  # country.py and oracle.py stand beside the tests

DATABASE = "ita_marts"
BUILD = "candidate"


def _dbt(*arguments: str) -> None:
    given = connect.parameters()
    folder = settings.folder("dbt")
    done = subprocess.run(
        [
            Path(sys.executable).with_name("dbt"),
            *arguments,
            "--quiet",
            "--project-dir",
            settings.DBT_PROJECT,
            "--profiles-dir",
            settings.DBT_PROJECT,
        ],
        capture_output=True,
        text=True,
        env={
            **os.environ,
            "ITA_PG_HOST": given["host"],
            "ITA_PG_PORT": given["port"],
            "ITA_PG_USER": given["user"],
            "ITA_PG_PASSWORD": given["password"],
            "ITA_PG_DATABASE": DATABASE,
            "DBT_TARGET_PATH": str(folder / "target"),
            "DBT_LOG_PATH": str(folder / "logs"),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "0",
            "DO_NOT_TRACK": "1",
        },
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


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
