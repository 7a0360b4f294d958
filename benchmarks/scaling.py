"""Past one machine: the night on CeleryExecutor with two workers, packs on one and two processes, and where answers of respondents belong.

    python benchmarks/scaling.py night                         the DAG nightly_refresh on the bundled samples: broker, scheduler, two workers
    python benchmarks/scaling.py packs [--packs 160]           packs a second on one and on two processes
    python benchmarks/scaling.py mapped [--packs 160]          packs mapped over provinces as Airflow tasks, on one worker and on two
    python benchmarks/scaling.py answers [--million 7]         the same questions to answers of respondents in PostgreSQL and in Parquet

Each works in a folder of its own, which goes at the end. See docs/scaling.md.
"""

import argparse
import json
import os
import re
import resource
import secrets
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.measure import ITA, server_seconds  # noqa: E402

REPOSITORY = Path(__file__).parents[1]
SAMPLES = REPOSITORY / "ingestion" / "samples"
RUN = "scaling"
WORKERS = ("worker1", "worker2")
# The broker of Debian, unpacked and not installed, with the libraries that a bare machine lacks.
PACKAGES = ("redis-server", "redis-tools", "libjemalloc2", "liblzf1", "libatomic1")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("part", choices=["night", "packs", "mapped", "answers"])
    parser.add_argument(
        "--packs",
        type=int,
        default=160,
        help="packs of each measurement; a multiple of 160 fills both processes evenly",
    )
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--million", type=int, default=7, help="million answers")
    options = parser.parse_args()
    base = Path(tempfile.mkdtemp(prefix="ita-scaling-"))
    os.environ["ITA_HOME"] = str(base / "home")
    os.environ.pop("ITA_WAREHOUSE_DSN", None)
    signal.signal(
        signal.SIGTERM, lambda *_: sys.exit(1)
    )  # so that what was started is stopped, also then
    try:
        {"night": night, "packs": packs, "mapped": mapped, "answers": answers}[options.part](
            base, options
        )
    finally:
        subprocess.run([ITA, "down"], check=False)
        shutil.rmtree(
            (base / "home" / "postgres").resolve(), ignore_errors=True
        )  # as root it can lie outside (a link)
        shutil.rmtree(base, ignore_errors=True)


def load() -> str:
    return f"load {os.getloadavg()[0]:.1f}"


# --- the night on two workers -------------------------------------------------------------------------------------------------------


def night(base: Path, options) -> None:
    """Print which worker ran which task of a night on the bundled samples, and how long it took."""
    ita("receive", SAMPLES)
    with services(base) as environment:
        seconds = triggered(base, environment, "nightly_refresh", {"fiscal_year": None})
    print(f"\nnightly_refresh on {len(WORKERS)} workers: {seconds:.0f} s, {load()}\n")
    print(
        "\n"
        + ita(
            "query",
            "select fiscal_year, agency_id, overall_score from mart.assessment order by 1, 2",
        ).stdout
    )


def triggered(base: Path, environment: dict, dag_id: str, conf: dict) -> float:
    """Trigger a run, print its tasks with their workers; seconds from the trigger to the end. SystemExit unless it succeeds."""
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
            "select state, extract(epoch from end_date - queued_at)::float8 from dag_run where dag_id = %s",
            [dag_id],
        ).fetchone()
        print("\n| task | state | started, s | seconds | worker |\n|---|---|---:|---:|---|")
        for task, state_of_task, start, taken, celery_id in airflow.execute(
            """
                select t.task_id || case when t.map_index >= 0 then ' ' || t.map_index else '' end, t.state,
                       extract(epoch from t.start_date - r.queued_at)::float8, extract(epoch from t.end_date - t.start_date)::float8,
                       t.external_executor_id
                from task_instance as t join dag_run as r using (dag_id, run_id) where dag_id = %s order by t.start_date""",
            [dag_id],
        ):
            print(
                f"| {task} | {state_of_task} | {start or 0:.1f} | {taken or 0:.1f} | {_worker(base, celery_id)} |"
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
    """Broker, API server, scheduler, DAG processor and two workers, all on 127.0.0.1, until the block ends. Gives their environment."""
    ita("prepare")
    from warehouse import connect
    from warehouse.runs import airflow_database

    broker_port, api_port, password = free_port(), free_port(), secrets.token_urlsafe(32)
    environment = {
        **os.environ,
        "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
        "AIRFLOW__CELERY__BROKER_URL": f"redis://:{password}@127.0.0.1:{broker_port}/0",
        "AIRFLOW__CELERY__RESULT_BACKEND": "db+"
        + connect.sqlalchemy_url("psycopg2", airflow_database()),
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{api_port}/execution/",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": "False",  # only the run that is triggered, not also one of the clock
    }
    running = []

    def start(name: str, *command, variables: dict) -> None:
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
        start(
            "api-server",
            ITA,
            "airflow",
            "api-server",
            "--host",
            "127.0.0.1",
            "--port",
            api_port,
            "--workers",
            "1",
            variables=environment,
        )
        start("scheduler", ITA, "airflow", "scheduler", variables=environment)
        start("dag-processor", ITA, "airflow", "dag-processor", variables=environment)
        for worker in WORKERS:
            start(
                worker,
                ITA,
                "airflow",
                "celery",
                "worker",
                "--celery-hostname",
                f"{worker}@%h",
                "--concurrency",
                "1",
                "--skip-serve-logs",
                variables=environment,
            )
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


def broker(base: Path) -> tuple[Path, str]:
    """redis-server of the system, else Debian's unpacked below `base`, and the LD_LIBRARY_PATH that it needs. Needs no root."""
    if installed := shutil.which("redis-server"):
        return Path(installed), ""
    folder = base / "redis"
    folder.mkdir()
    subprocess.run(
        ["apt-get", "-q", "download", *PACKAGES], cwd=folder, check=True, capture_output=True
    )
    for package in folder.glob("*.deb"):
        subprocess.run(["dpkg", "-x", package, folder], check=True)
    return folder / "usr" / "bin" / "redis-server", ":".join(
        str(path) for path in folder.glob("usr/lib/*-linux-*")
    )


def broker_configuration(base: Path, port: int, password: str) -> Path:
    """The broker's configuration: loopback only, a password, nothing written to disk (the scheduler puts lost tasks in the queue again)."""
    file = base / "redis.conf"
    file.touch(mode=0o600)
    file.write_text(
        f'bind 127.0.0.1\nport {port}\nrequirepass "{password}"\nsave ""\nappendonly no\ndir "{base}"\n'
    )
    return file


def _end(running: list[subprocess.Popen]) -> None:
    """End the services by the process groups of all that they started, politely, then for good: a task and its command have groups of their own."""
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


# --- packs on one and two processes ------------------------------------------------------------------------------------------------


def packs(base: Path, options) -> None:
    """Print packs a second on one and two processes of this machine, in turns, on a small synthetic country."""
    country(base, options.packs)
    rates: dict[int, list[float]] = {1: [], 2: []}
    print(
        f"{load()} at the start\n\n| round | processes | packs/s | processors busy with other work |\n|---:|---:|---:|---:|"
    )
    for turn in range(1, options.rounds + 1):
        for processes, found in rates.items():
            start, machine, ours = time.perf_counter(), _busy(), _ours(base / "home")
            found.append(packs_a_second(options.packs, processes))
            others = (_busy() - machine - (_ours(base / "home") - ours)) / (
                time.perf_counter() - start
            )
            print(f"| {turn} | {processes} | {found[-1]:.2f} | {others:.2f} |", flush=True)
    one, two = (statistics.median(found) for found in rates.values())
    print(
        f"\nmedians: {one:.2f} and {two:.2f} packs/s, {two / one:.2f} times from one process to two"
    )


def country(base: Path, agencies: int) -> None:
    """A synthetic country of one year, published."""
    ita(
        "synth",
        "--agencies",
        agencies,
        "--years",
        "2568",
        "--seed",
        1,
        "--layout",
        "long",
        base / "country",
    )
    ita("receive", base / "country")
    for step in ("receive", "judge", "load", "build", "audit", "publish"):
        ita(step)


def packs_a_second(count: int, processes: int) -> float:
    """The mean of the two halves that benchmarks/packs.py measures."""
    command = [
        sys.executable,
        "-m",
        "benchmarks.packs",
        "--packs",
        str(count),
        "--processes",
        str(processes),
    ]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    line = next(line for line in output.splitlines() if line.startswith("packs a second"))
    return statistics.mean(float(rate) for rate in re.findall(r"\d+\.\d+", line))


def _busy() -> float:
    """Processor seconds that this machine has worked so far."""
    times = psutil.cpu_times()
    return times.user + times.nice + times.system + times.irq + times.softirq


def _ours(home: Path) -> float:
    """Processor seconds of the commands that have ended and of the database server."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime + server_seconds(home)


def mapped(base: Path, options) -> None:
    """Print how long the packs of eight provinces take as tasks mapped over provinces, one at a time and two at a time, on two workers.

    The provinces are small here (a chunk of packs or less), so that a task keeps one processor busy and not two.
    """
    country(base, options.packs)
    from warehouse import connect

    with connect.connect() as connection:
        found = connection.execute("""
            select province_code, count(*) from mart.assessment where province_code not in ('00', '10') group by province_code
            order by 2 desc, 1 limit 8""").fetchall()
    if max(count for _, count in found) > 40:
        raise SystemExit("a province has more than 40 agencies: give fewer --packs")
    folder = base / "dags"
    folder.mkdir()
    for file in (REPOSITORY / "dags" / "steps.py", REPOSITORY / "benchmarks" / "scaling_dag.py"):
        shutil.copy(file, folder)
    os.environ["AIRFLOW__CORE__DAGS_FOLDER"] = str(folder)
    total, provinces = sum(count for _, count in found), [province for province, _ in found]
    with services(base) as environment:
        before = os.getloadavg()[0]
        one, two = (
            triggered(
                base,
                environment,
                f"packs_on_{tasks}",
                {"provinces": provinces, "out": str(base / f"packs{tasks}")},
            )
            for tasks in (1, 2)
        )
    print(
        f"\n{total} packs of {len(provinces)} provinces: {one:.0f} s one task at a time, {two:.0f} s two at a time, {one / two:.2f} times; "
        f"load before {before:.1f}"
    )


# --- answers of respondents ---------------------------------------------------------------------------------------------------------

ANSWERS_A_RESPONDENT = 25
AGENCIES = 8320
# An answer is 0, 25, 50, 75 or 100 points; deterministic, and agencies differ.
SYNTHETIC = f"""
    select 2568::smallint as fiscal_year, (respondent % {AGENCIES})::integer as agency_no, respondent::integer as respondent_no,
           item::smallint as item_no, (25 * least(4, hash(respondent, item) % 7))::smallint as points
    from range(?) as r(respondent), range(1, {ANSWERS_A_RESPONDENT + 1}) as i(item)"""
QUESTIONS = {
    "item scores of agencies": "select agency_no, item_no, count(*) as respondents, avg(points) as score from answer group by agency_no, item_no",
    "share of each answer": "select item_no, points, count(*) as answers from answer group by item_no, points",
    "one agency": "select item_no, points, count(*) as answers from answer where agency_no = 4711 group by item_no, points",
    "pairs that fail together": """
        select a.item_no, b.item_no as other_no, count(*) as respondents from answer as a join answer as b using (respondent_no)
        where a.points < 50 and b.points < 50 and a.item_no < b.item_no and a.agency_no < 832 and b.agency_no < 832
        group by a.item_no, b.item_no""",
}


def answers(base: Path, options) -> None:
    """Print what loading, keeping and asking synthetic answers of respondents costs in PostgreSQL and in Parquet through DuckDB."""
    import duckdb

    from warehouse import connect

    ita("up")
    memory = duckdb.connect(config={"threads": 2})
    respondents = options.million * 1_000_000 // ANSWERS_A_RESPONDENT
    memory.execute(f"create table answer as {SYNTHETIC}", [respondents])
    rows = memory.execute("select count(*) from answer").fetchone()[0]
    memory.execute(f"copy answer to '{base}/answer.csv' (header false)")
    print(
        f"{rows:,} answers of {respondents:,} respondents, {load()}\n\n| | PostgreSQL | Parquet, DuckDB |\n|---|---:|---:|"
    )
    with connect.connect(autocommit=True) as connection:

        def copy():
            connection.execute(
                "create table answer (fiscal_year smallint, agency_no integer, respondent_no integer, item_no smallint, points smallint)"
            )
            with (
                connection.cursor().copy("copy answer from stdin (format csv)") as sink,
                (base / "answer.csv").open("rb") as source,
            ):
                while block := source.read(1 << 20):
                    sink.write(block)

        parquet = f"copy answer to '{base}/answer' (format parquet, partition_by (fiscal_year))"
        _row("load, s", _seconds(copy), _seconds(lambda: memory.execute(parquet)))
        _row(
            "index on agency and statistics, s",
            _seconds(lambda: connection.execute("create index on answer (agency_no)"))
            + _seconds(lambda: connection.execute("vacuum analyze answer")),
            0,
        )
        _row(
            "size, bytes an answer",
            connection.execute("select pg_total_relation_size('answer')").fetchone()[0] / rows,
            sum(file.stat().st_size for file in (base / "answer").rglob("*.parquet")) / rows,
        )
        memory.execute(
            f"drop table answer; create view answer as select * from read_parquet('{base}/answer/**/*.parquet', hive_partitioning = true)"
        )
        for name, sql in QUESTIONS.items():
            _row(
                f"{name}, s",
                _seconds(lambda sql=sql: connection.execute(sql).fetchall()),
                _seconds(lambda sql=sql: memory.execute(sql).fetchall()),
            )


def _row(name: str, postgres: float, parquet: float) -> None:
    print(f"| {name} | {postgres:.2f} | {parquet:.2f} |", flush=True)


def _seconds(function) -> float:
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
