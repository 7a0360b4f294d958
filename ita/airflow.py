"""Airflow's environment for this ITA_HOME, and its command line run in it."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

import psycopg
from psycopg import sql

from warehouse import connect, durable, schema, settings
from warehouse.connect import one
from warehouse.errors import Fault
from warehouse.runs import airflow_database
from warehouse.secret import secret

LOGINS = "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE"
USERS = "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS"
# These serve logs to whoever asks on every address of the machine. Ours are read from the disk.
LOG_SERVERS = {"scheduler", "triggerer", "celery worker"}

# Whoever is killed is missed within half a minute, and the step tried again within one.
AFTER_A_KILL = {
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_SEC": "5",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "30",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "5",
    "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "15",
    "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_THRESHOLD": "20",
}
# While the API server or the database behind it starts anew, a task asks again for two minutes:
# Airflow's own quarter of a minute is shorter than such a start, and fails the task without a word.
WHILE_THE_SERVER_STARTS = {
    "AIRFLOW__WORKERS__EXECUTION_API_RETRIES": "20",
    "AIRFLOW__WORKERS__EXECUTION_API_RETRY_WAIT_MAX": "10",
}
PATIENCE = 600  # seconds that Airflow's services wait for a database that is not ours to start


def environment() -> dict[str, str]:
    """os.environ with Airflow's settings: its home, our DAGs, its metadata's address.

    The metadata lie in a database of their own beside the warehouse's.
    """
    home = settings.folder("airflow")
    database = airflow_database()
    ours = {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(settings.REPOSITORY / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(settings.REPOSITORY / "ita" / "airflow_plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": "4",  # three DAGs, a run of each; of the night two tasks
        "AIRFLOW__CORE__DEFAULT_TIMEZONE": "Asia/Bangkok",
        "AIRFLOW__CORE__FERNET_KEY": "",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": connect.sqlalchemy_url("psycopg2", database),
        "AIRFLOW__API_AUTH__JWT_SECRET": secret("airflow-jwt"),
        "AIRFLOW__API__SECRET_KEY": secret("airflow-api"),
        "AIRFLOW__API__HOST": "127.0.0.1",
        # Tasks talk to the pages' server; by itself Airflow looks for it on port 8080 only.
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{address(os.environ)}execution/",
        LOGINS: str(settings.folder("secrets") / "airflow-logins.json"),
        **AFTER_A_KILL,
        **WHILE_THE_SERVER_STARTS,
        **_celery(database),
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "DO_NOT_TRACK": "1",
        "ITA_HOME": str(settings.home()),
        "PATH": f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}",
    }
    return {**ours, **os.environ, "ITA_HOME": ours["ITA_HOME"], "PATH": ours["PATH"]}


def _celery(database: str) -> dict[str, str]:
    """Celery's settings where Celery runs the tasks and ITA_BROKER names its Redis (HOST:PORT).

    The broker's password is in the file that ITA_BROKER_PASSWORD_FILE names.
    """
    broker, file = os.environ.get("ITA_BROKER"), os.environ.get("ITA_BROKER_PASSWORD_FILE")
    if not broker or os.environ.get("AIRFLOW__CORE__EXECUTOR") != "CeleryExecutor":
        return {}
    login = f":{settings.secret_file('ITA_BROKER_PASSWORD_FILE', file)}@" if file else ""
    return {
        "AIRFLOW__CELERY__BROKER_URL": f"redis://{login}{broker}/0",
        "AIRFLOW__CELERY__RESULT_BACKEND": f"db+{connect.sqlalchemy_url('psycopg2', database)}",
        # no process waits for a task here: room for those whose worker died and is not yet missed
        "AIRFLOW__CORE__PARALLELISM": "8",
    }


def prepare() -> dict[str, str]:
    """Make or migrate Airflow's metadata database when needed; give the environment.

    A database that is not ours to start is waited for. Every user of the pages gets a password.
    Services that start at the same time wait for the one that migrates. Raises Fault when the
    migration fails.
    """
    if settings.external_dsn():
        connect.wait(PATIENCE)
    variables = environment()
    _give_logins(variables)
    with connect.connect(autocommit=True) as connection:
        schema.apply(connection)  # the lock is one of its tables
    with connect.lock("airflow"), connect.connect(autocommit=True) as connection:
        _create_database(connection)
        if _migrated_revision() != _revision():
            done = subprocess.run(
                command("db", "migrate"), env=variables, capture_output=True, text=True
            )
            if done.returncode:
                raise Fault(
                    f"airflow db migrate failed: {done.stderr[-500:].strip()}",
                    "see `ita airflow db migrate`",
                )
            durable.write(_migrated_marker(), _revision())
    return variables


def _create_database(connection: psycopg.Connection) -> None:
    name = sql.Identifier(airflow_database())
    if not connection.execute(
        "select 1 from pg_database where datname = %s", [airflow_database()]
    ).fetchone():
        connection.execute(sql.SQL("create database {}").format(name))
        connection.execute(sql.SQL("revoke all on database {} from public").format(name))


def _give_logins(variables: dict[str, str]) -> None:
    """A password for each user of Airflow's pages who has none, where only the owner reads it.

    Airflow would make them, too, but prints them, and lets everybody read the file.
    """
    path = Path(variables[LOGINS])
    logins = durable.read_json(path) or {}
    users = [user.split(":")[0] for user in variables.get(USERS, "admin:admin").split(",")]
    logins = {user: secrets.token_urlsafe(24) for user in users} | logins
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.touch(mode=0o600)
    temporary.write_text(json.dumps(logins))
    temporary.replace(path)


def address(variables: Mapping[str, str]) -> str:
    """Where the pages are, on this machine."""
    return f"http://127.0.0.1:{variables.get('AIRFLOW__API__PORT', '8080')}/"


def command(*arguments: str) -> list[str]:
    """`airflow ARGUMENTS…`, without a log server."""
    said = [sys.executable, "-m", "ita.run_airflow", *arguments]
    serves_logs = arguments[:1] and (
        arguments[0] in LOG_SERVERS or " ".join(arguments[:2]) in LOG_SERVERS
    )
    if serves_logs and not {"--skip-serve-logs", "-h", "--help"} & set(arguments):
        said.append("--skip-serve-logs")
    return said


def run(arguments: Sequence[str]) -> NoReturn:
    """Become `airflow ARGUMENTS…` in that environment: signals reach it, its exit code is ours."""
    program = command(*arguments)
    os.execve(program[0], program, prepare())  # noqa: S606  no shell is wanted


def _migrated_marker() -> Path:
    """Which revision this version of Airflow migrated the metadata to: saves asking Airflow."""
    from importlib.metadata import version

    return settings.folder("airflow") / f"migrated-{version('apache-airflow')}"


def _migrated_revision() -> str:
    marker = _migrated_marker()
    return marker.read_text(errors="replace") if marker.exists() else "never"


def _revision() -> str:
    with connect.connect(dbname=airflow_database()) as connection:
        try:
            return one(connection.execute("select version_num from alembic_version"))[0]
        except psycopg.errors.UndefinedTable:
            return ""
