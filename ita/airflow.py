"""Airflow's environment for this ITA_HOME, and its command line run in it."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
from psycopg import sql

from warehouse import connect, schema, settings
from warehouse.errors import Fault
from warehouse.runs import airflow_database
from warehouse.secret import secret

PROGRAM = Path(sys.executable).parent / "airflow"


def environment() -> dict[str, str]:
    """os.environ with Airflow's settings: its home, our DAGs, its metadata's address.

    The metadata lie in a database of their own beside the warehouse's.
    """
    home = settings.folder("airflow")
    database = airflow_database()
    ours = {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(settings.REPOSITORY / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__DEFAULT_TIMEZONE": "Asia/Bangkok",
        "AIRFLOW__CORE__FERNET_KEY": "",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": connect.sqlalchemy_url("psycopg2", database),
        "AIRFLOW__API_AUTH__JWT_SECRET": secret("airflow-jwt"),
        "AIRFLOW__API__SECRET_KEY": secret("airflow-api"),
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "DO_NOT_TRACK": "1",
        "ITA_HOME": str(settings.home()),
        "PATH": f"{PROGRAM.parent}:{os.environ.get('PATH', '')}",
    }
    return {**ours, **os.environ, "ITA_HOME": ours["ITA_HOME"], "PATH": ours["PATH"]}


def prepare() -> dict[str, str]:
    """Make or migrate Airflow's metadata database when needed; give the environment.

    Raises Fault when the migration fails.

    Services that start at the same time wait for the one that does it.
    """
    variables = environment()
    with connect.connect(autocommit=True) as connection:
        schema.apply(connection)  # the lock is one of its tables
    with connect.lock("airflow"), connect.connect(autocommit=True) as connection:
        _create_database(connection)
        if _migrated_revision() != _revision():
            done = subprocess.run(
                [PROGRAM, "db", "migrate"], env=variables, capture_output=True, text=True
            )
            if done.returncode:
                raise Fault(
                    f"airflow db migrate failed: {done.stderr[-500:].strip()}",
                    "see `ita airflow db migrate`",
                )
            _migrated_marker().write_text(_revision())
    return variables


def _create_database(connection: psycopg.Connection) -> None:
    name = sql.Identifier(airflow_database())
    if not connection.execute(
        "select 1 from pg_database where datname = %s", [airflow_database()]
    ).fetchone():
        connection.execute(sql.SQL("create database {}").format(name))
        connection.execute(sql.SQL("revoke all on database {} from public").format(name))


def run(arguments) -> int:
    """`airflow ARGUMENTS…` in that environment; its exit code."""
    return subprocess.run([PROGRAM, *arguments], env=prepare()).returncode


def _migrated_marker() -> Path:
    """Which revision this version of Airflow migrated the metadata to: saves asking Airflow."""
    from importlib.metadata import version

    return settings.folder("airflow") / f"migrated-{version('apache-airflow')}"


def _migrated_revision() -> str:
    return _migrated_marker().read_text() if _migrated_marker().exists() else "never"


def _revision() -> str:
    with connect.connect(dbname=airflow_database()) as connection:
        try:
            return connection.execute("select version_num from alembic_version").fetchone()[0]
        except psycopg.errors.UndefinedTable:
            return ""
