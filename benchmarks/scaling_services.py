"""The services of a small Airflow on Celery for benchmarks/scaling.py, and a run in them."""

import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg

from benchmarks.measure import ITA

RUN = "scaling"
WORKERS = ("worker1", "worker2")
# The broker of Debian, unpacked and not installed, with the libraries that a bare machine lacks.
PACKAGES = ("redis-server", "redis-tools", "libjemalloc2", "liblzf1", "libatomic1")


def triggered(base: Path, environment: dict, dag_id: str, conf: dict) -> float:
    """Trigger a run, print its tasks with their workers; seconds from the trigger to the end.

    SystemExit unless it succeeds.
    """
    _wait(
        f"{dag_id} to be known",
        120,
        lambda: (
            ita(
                "airflow",
                "dags",
                "trigger",
                dag_id,
                "--run-id",
                RUN,
                "--conf",
                json.dumps(conf),
                environment=environment,
                check=False,
            ).returncode
            == 0
        ),
    )
    with metadata() as airflow:
        _wait(
            f"{dag_id} to end",
            900,
            lambda: airflow.execute(
                "select 1 from dag_run where dag_id = %s and state in ('success', 'failed')",
                [dag_id],
            ).fetchone(),
        )
        state, seconds = airflow.execute(
            "select state, extract(epoch from end_date - queued_at)::float8 "
            "from dag_run where dag_id = %s",
            [dag_id],
        ).fetchone()
        print("\n| task | state | started, s | seconds | worker |\n|---|---|---:|---:|---|")
        for task, state_of_task, start, taken, celery_id in airflow.execute(
            """
                select t.task_id || case when t.map_index >= 0 then ' ' || t.map_index else '' end,
                       t.state, extract(epoch from t.start_date - r.queued_at)::float8,
                       extract(epoch from t.end_date - t.start_date)::float8,
                       t.external_executor_id
                from task_instance as t join dag_run as r using (dag_id, run_id)
                where dag_id = %s order by t.start_date""",
            [dag_id],
        ):
            print(
                f"| {task} | {state_of_task} | {start or 0:.1f} | {taken or 0:.1f} "
                f"| {_worker(base, celery_id)} |"
            )
    if state != "success":
        raise SystemExit(f"{dag_id} ended with {state}")
    return seconds


def ita(
    *arguments, environment: dict | None = None, check: bool = True
) -> subprocess.CompletedProcess:
    """Run an ita command; SystemExit with what it said if it fails."""
    done = subprocess.run(
        [ITA, *map(str, arguments)], env=environment, capture_output=True, text=True
    )
    if check and done.returncode:
        raise SystemExit(f"ita {arguments[0]} failed: {done.stdout}{done.stderr}")
    return done


@contextmanager
def services(base: Path):
    """Broker, API server, scheduler, DAG processor and two workers, until the block ends.

    All on 127.0.0.1. Gives their environment.
    """
    ita("prepare")
    broker_port, api_port, password = free_port(), free_port(), secrets.token_urlsafe(32)
    environment = _environment(broker_port, api_port, password)
    running = []

    def start(name: str, *command, variables: dict = environment) -> None:
        log = (base / f"{name}.log").open("w")
        running.append(
            subprocess.Popen(
                [str(part) for part in command],
                env=variables,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        )

    try:
        program, libraries = broker(base)
        start(
            "broker",
            program,
            broker_configuration(base, broker_port, password),
            variables={**os.environ, "LD_LIBRARY_PATH": libraries},
        )
        address = ("--host", "127.0.0.1", "--port", api_port, "--workers", "1")
        start("api-server", ITA, "airflow", "api-server", *address)
        start("scheduler", ITA, "airflow", "scheduler")
        start("dag-processor", ITA, "airflow", "dag-processor")
        for worker in WORKERS:
            names = ("--celery-hostname", f"{worker}@%h", "--concurrency", "1", "--skip-serve-logs")
            start(worker, ITA, "airflow", "celery", "worker", *names)
        _wait("the API server", 120, lambda: _healthy(api_port))
        for worker in WORKERS:
            _wait(
                worker,
                120,
                lambda log=base / f"{worker}.log": re.search(r"@\S+ ready", log.read_text()),
            )
        yield environment
    except BaseException:
        for log in sorted(base.glob("*.log")):
            print(f"--- {log.name}\n{log.read_text()[-1500:]}", file=sys.stderr)
        raise
    finally:
        _end(running)


def _environment(broker_port: int, api_port: int, password: str) -> dict[str, str]:
    """Airflow's settings for Celery on this machine."""
    from warehouse import connect
    from warehouse.runs import airflow_database

    return {
        **os.environ,
        "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
        "AIRFLOW__CELERY__BROKER_URL": f"redis://:{password}@127.0.0.1:{broker_port}/0",
        "AIRFLOW__CELERY__RESULT_BACKEND": "db+"
        + connect.sqlalchemy_url("psycopg2", airflow_database()),
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{api_port}/execution/",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        # Only the run that is triggered, not also one of the clock.
        "AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": "False",
    }


def broker(base: Path) -> tuple[Path, str]:
    """redis-server of the system, else Debian's unpacked below `base`, and its LD_LIBRARY_PATH.

    Needs no root.
    """
    if installed := shutil.which("redis-server"):
        return Path(installed), ""
    folder = base / "redis"
    return folder / "usr" / "bin" / "redis-server", unpacked(folder, PACKAGES)


def unpacked(folder: Path, packages: Iterable[str]) -> str:
    """Debian's packages, unpacked in the new `folder` without root; their LD_LIBRARY_PATH."""
    folder.mkdir()
    subprocess.run(
        ["apt-get", "-q", "download", *packages], cwd=folder, check=True, capture_output=True
    )
    for package in folder.glob("*.deb"):
        subprocess.run(["dpkg", "-x", package, folder], check=True)
    libraries = [*folder.glob("usr/lib/*-linux-*"), *folder.glob("lib/*-linux-*")]
    return ":".join(map(str, [*libraries, *(path / "systemd" for path in libraries)]))


def broker_configuration(base: Path, port: int, password: str) -> Path:
    """The broker's configuration: loopback only, a password, nothing written to disk.

    The scheduler puts lost tasks in the queue again.
    """
    file = base / "redis.conf"
    file.touch(mode=0o600)
    file.write_text(
        f'bind 127.0.0.1\nport {port}\nrequirepass "{password}"\n'
        f'save ""\nappendonly no\ndir "{base}"\n'
    )
    return file


def _end(running: list[subprocess.Popen]) -> None:
    """End the services by the process groups of all that they started, politely, then for good.

    A task and its command have groups of their own.
    """
    groups = set()
    for service in running:
        try:
            started = psutil.Process(service.pid)
            groups |= {
                os.getpgid(process.pid) for process in [started, *started.children(recursive=True)]
            }
        except (psutil.NoSuchProcess, ProcessLookupError):
            pass
    for end in (signal.SIGTERM, signal.SIGKILL):
        for group in groups:
            try:
                os.killpg(group, end)
            except ProcessLookupError:
                pass
        deadline = time.monotonic() + 10
        for service in running:
            try:
                service.wait(max(0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                pass


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _healthy(port: int) -> bool:
    with urllib.request.urlopen(
        f"http://127.0.0.1:{port}/api/v2/monitor/health", timeout=5
    ) as answer:
        return b"healthy" in answer.read()


def _wait(what: str, seconds: int, ready):
    """The first true answer of `ready`, asked every second; an OSError counts as not yet."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if answer := ready():
                return answer
        except OSError:
            pass
        time.sleep(1)
    raise SystemExit(f"waited {seconds} s for {what} in vain")


def metadata() -> psycopg.Connection:
    """Airflow's own database."""
    from warehouse import connect
    from warehouse.runs import airflow_database

    return connect.connect(dbname=airflow_database(), autocommit=True)


def _worker(base: Path, celery_id: str | None) -> str:
    """The worker whose log names the Celery task."""
    return next(
        (
            worker
            for worker in WORKERS
            if celery_id and celery_id in (base / f"{worker}.log").read_text()
        ),
        "?",
    )


def load() -> str:
    return f"load {os.getloadavg()[0]:.1f}"
