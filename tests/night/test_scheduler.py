"""The night by the clock, under `ita serve`: it runs, heals, is no open door and leaves nothing."""

import json
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urljoin

import psutil
import psycopg
import pytest

from tests.night.proxy import ACCOUNT, Proxy

pytestmark = pytest.mark.slow_group

TASKS = [
    *("receive", "check", "load", "build", "audit", "publish"),
    *("packs", "documents", "tidy", "site", "deliver"),
]


class Service:
    """`ita serve` on a night's ITA_HOME, with a viewer beside the administrator."""

    def __init__(self, night):
        self.port, self.proxy_port = free_port(), free_port()
        night.environment |= {
            "AIRFLOW__API__BASE_URL": f"https://127.0.0.1:{self.proxy_port}/",
            "AIRFLOW__API__PORT": str(self.port),
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "admin:admin,nida:viewer",
        }
        self.night, self.output = night, night.home / "serve.log"
        with self.output.open("w") as output:
            self.process = psutil.Popen(
                [*night.command, "serve"],
                env=night.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def below(self, words: str) -> list[psutil.Process]:
        """The processes that it has started whose command has these words."""
        found = []
        for process in self.process.children(recursive=True):
            try:
                if words in " ".join(process.cmdline()):
                    found.append(process)
            except psutil.NoSuchProcess:
                pass
        return found

    def metadata(self, statement: str, *values):
        with psycopg.connect(self.night.dsn(), dbname="ita_airflow", autocommit=True) as airflow:
            return airflow.execute(statement, values).fetchall()

    def call(self, path: str, data: dict | None = None, token: str = "") -> tuple[int, dict]:
        """Status and JSON of a request to the pages."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            json.dumps(data).encode() if data is not None else None,
            {"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310  our own page
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, {}

    def passwords(self) -> dict[str, str]:
        return json.loads((self.night.home / "secrets" / "airflow-logins.json").read_text())

    def token(self, user: str) -> str:
        login = {"username": user, "password": self.passwords()[user]}
        return self.call("/auth/token", login)[1]["access_token"]

    def trigger(self) -> str:
        """Start a run of the night; its id."""
        run = {"dag_run_id": f"by-hand-{time.time():.0f}", "logical_date": None}
        status, answer = self.call("/api/v2/dags/nightly_refresh/dagRuns", run, self.token("admin"))
        assert status == 200, status
        return answer["dag_run_id"]

    def end(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)


@pytest.fixture(scope="module")
def service(night):
    before = dict(night.environment)
    service = Service(night)
    try:
        wait_for(lambda: service.call("/api/v2/monitor/health")[0] == 200, 300)
        yield service
    finally:
        if service.process.is_running():
            service.process.kill()
        night.environment = before


def test_the_night_runs_by_itself(service):
    """The DAG is not paused, so the night of 01:00 runs, every task of it, at its first try: at a
    first start the API server answers long after the scheduler could hand out tasks."""

    def scheduled_run():
        return service.metadata(
            "select run_id, state from dag_run where dag_id = 'nightly_refresh' "
            "and run_type = 'scheduled' and state in ('success', 'failed')"
        )

    ((run_id, state),) = wait_for(scheduled_run, 600)
    tasks = service.metadata(
        "select task_id, state || ' ' || try_number from task_instance "
        "where run_id = %s and dag_id = 'nightly_refresh'",
        run_id,
    )
    assert state == "success"
    assert dict(tasks) == dict.fromkeys(TASKS, "success 1")


def test_nobody_on_another_machine_is_heard(service):
    listening = []
    for process in service.process.children(recursive=True):
        try:
            words = " ".join(process.cmdline())
            listening += [
                (connection.laddr.ip, words)
                for connection in process.net_connections("inet")
                if connection.status == psutil.CONN_LISTEN
            ]
        except psutil.NoSuchProcess:
            pass  # a step's, that has ended meanwhile
    assert any("api" in command for _, command in listening)
    assert {address for address, _ in listening} == {"127.0.0.1"}


def test_accounts_may_what_they_may(service):
    assert service.call("/api/v2/dags")[0] == 401
    viewer = service.token("nida")
    assert service.call("/api/v2/dags", token=viewer)[0] == 200
    run = {"dag_run_id": "by-a-viewer", "logical_date": None}
    assert service.call("/api/v2/dags/nightly_refresh/dagRuns", run, viewer)[0] == 403


def test_behind_a_proxy_the_house_asks_first_and_airflow_then(service, tmp_path, monkeypatch):
    monkeypatch.setenv("ITA_HOME", str(tmp_path))  # where the proxy's certificate is made
    proxy = Proxy(service.proxy_port, service.port)
    house = {"Authorization": ACCOUNT}
    try:
        assert proxy.call("GET", "/api/v2/dags", {})[0] == 401
        assert proxy.call("GET", "/api/v2/dags", house)[0] == 401
        status, headers, _ = proxy.call("GET", "/auth/login", house)
        assert status == 200 and headers["content-type"].startswith("text/html")
        login = {"username": "nida", "password": service.passwords()["nida"]}
        json_body = house | {"Content-Type": "application/json"}
        status, _, answer = proxy.call("POST", "/auth/token", json_body, json.dumps(login).encode())
        assert status == 201
        nida = json_body | {"Cookie": f"_token={json.loads(answer)['access_token']}"}
        assert proxy.call("GET", "/api/v2/dags", nida)[0] == 200
        run = json.dumps({"dag_run_id": "by-a-viewer", "logical_date": None}).encode()
        path = "/api/v2/dags/nightly_refresh/dagRuns"
        assert proxy.call("POST", path, nida, run)[0] == 403
        for page in ("/", "/auth/logout"):
            target = proxy.call("GET", page, house)[1].get("location", "/")
            assert urljoin(f"https://127.0.0.1:{service.proxy_port}{page}", target).startswith(
                f"https://127.0.0.1:{service.proxy_port}/"
            ), target
    finally:
        proxy.close()


def test_a_failed_login_waits(service):
    wrong, waits = {"username": "admin", "password": "guess"}, []
    for _ in range(2):
        start = time.monotonic()
        assert service.call("/auth/token", wrong)[0] == 401
        waits.append(time.monotonic() - start)
    assert waits[0] >= 1 and waits[1] >= 2
    assert service.token("admin")


def test_no_secret_is_written_or_said(service):
    """Not in the logs, pages, settings and results of a night, nor by the commands."""
    night = service.night
    hidden = {path.read_text() for path in (night.home / "secrets").glob("[a-z]*[!n]")}
    hidden |= set(service.passwords().values())
    places = {"secrets", "postgres"}  # PostgreSQL keeps only what scram makes of them
    for path in night.home.rglob("*"):
        if path.is_file() and path.relative_to(night.home).parts[0] not in places:
            text = path.read_bytes().decode(errors="replace")
            assert not [word for word in hidden if word in text], path
    logs = [night.home / "postgres" / name for name in ("server.log", "log/server.json")]
    log = "".join(path.read_text(errors="replace") for path in logs)
    said = "".join(night.ita(command).stdout for command in ("up", "status", "prepare"))
    assert not [word for word in hidden if word in log + said]


@pytest.mark.parametrize("victim", ["step", "task", "supervisor", "scheduler", "postgres"])
def test_after_any_kill_the_step_is_tried_again_within_a_minute(service, victim):
    night = service.night
    holder = psycopg.connect(night.dsn())
    try:
        holder.execute("lock table ops.step_lock in exclusive mode")  # as a step does
        run, triggered = service.trigger(), time.monotonic()
        step = wait_for(lambda: service.below("bin/ita receive"), 300)[0]
        began = time.monotonic() - triggered
        time.sleep(3)  # it waits for the holder now
        task = step.parent()
        chosen = {
            "step": lambda: step,
            "task": lambda: task,
            "supervisor": task.parent,
            "scheduler": lambda: service.below("ita.run_airflow scheduler")[0],
            "postgres": lambda: psutil.Process(
                int((night.home / "postgres/data/postmaster.pid").read_text().split()[0])
            ),
        }[victim]()
        chosen.kill()
        killed = time.monotonic()
        wait_for(
            lambda: [one for one in service.below("bin/ita receive") if one.pid != step.pid], 300
        )
        # a minute where a step begins within ten seconds; a busy machine is slow in both
        assert time.monotonic() - killed < 60 * max(1, began / 10), began
        assert not step.is_running() or step.status() == psutil.STATUS_ZOMBIE
    finally:
        holder.close()

    def ended():
        return service.metadata(
            "select state from dag_run where run_id = %s and state in ('success', 'failed')", run
        )

    assert wait_for(ended, 600) == [("success",)]


def test_sigterm_ends_all_that_was_started(service):
    """The last of this file: it ends the service."""
    started = service.process.children(recursive=True)
    server = int((service.night.home / "postgres/data/postmaster.pid").read_text().split()[0])
    service.end()
    assert started
    assert [one for one in started if _lives_beside(server, one)] == []
    watchers = [one for one in psutil.process_iter() if _watches(service.night.home, one)]
    assert watchers, "the warehouse stays, and so does who watches its readers"
    assert service.night.ita("status").stdout.count("postgresql://"), "the warehouse stays"


def _lives_beside(server: int, process: psutil.Process) -> bool:
    """Whether it still runs and is neither the database server nor a process of it."""
    try:
        alive = process.is_running() and process.status() != psutil.STATUS_ZOMBIE
        return alive and server not in {process.pid, process.ppid()}
    except psutil.NoSuchProcess:
        return False


def _watches(home: Path, process: psutil.Process) -> bool:
    try:
        is_watch = process.cmdline()[-1:] == ["watch"]
        return is_watch and process.environ().get("ITA_HOME") == str(home)
    except psutil.Error:  # it has ended meanwhile
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(ready, seconds: int):
    """The first true answer of `ready`, asked every half second; its errors count as not yet."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            if answer := ready():
                return answer
        except (OSError, psycopg.OperationalError):
            pass
        assert time.monotonic() < deadline, f"not ready within {seconds} s"
        time.sleep(0.5)
