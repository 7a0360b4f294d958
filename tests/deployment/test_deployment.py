"""A server as docker-compose.yml starts it, from nothing: a night through kills and restarts.

One machine for all tests of this file, in their order; see tests/deployment/machine.py.
"""

import base64
import ssl
import subprocess
import time
import urllib.error
import urllib.request

import psutil
import pytest

from tests.deployment.compose import ROOT
from tests.deployment.machine import PROGRAMS, Machine, runs

pytestmark = pytest.mark.slow_group

SETTINGS = {"ITA_EXECUTOR": "CeleryExecutor", "COMPOSE_PROFILES": "celery"}
WORKERS = ("worker", "worker.2")
SERVICES = (
    "redis",
    "api-server",
    "scheduler",
    "dag-processor",
    "watch",
    "deadline",
    "web",
    *WORKERS,
)
STATE = "select state from dag_run where dag_id = 'nightly_refresh'"
TRIES = """
    select task_id, try_number, state from task_instance
    where dag_id = 'nightly_refresh' order by start_date"""


@pytest.fixture(scope="module")
def machine():
    machine = Machine(SETTINGS)
    try:
        machine.make_database()
        yield machine
    finally:
        machine.end()


def step(machine: Machine, name: str) -> list[tuple[str, object]]:
    """(worker, process) of a step that runs now, some moments after its start."""
    return [
        (worker, process)
        for worker in WORKERS
        for process in runs(machine.running[worker], f"bin/ita {name}")
        if time.time() - process.create_time() > 1.5
    ]


def page(machine: Machine, path: str, login: str = "") -> tuple[int, bytes]:
    request = urllib.request.Request(f"https://127.0.0.1:{machine.ports['web']}{path}")
    if login:
        request.add_header("Authorization", "Basic " + base64.b64encode(login.encode()).decode())
    itself = ssl.create_default_context(cafile=str(machine.base / "run/secrets/tls_certificate"))
    try:
        with urllib.request.urlopen(request, timeout=30, context=itself) as answer:  # noqa: S310
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, b""


def test_services_that_start_all_at_once_become_healthy_without_a_false_alarm(machine):
    """As docker starts them when the machine comes back: in no order. Nothing is received yet."""
    prepared = machine.run("prepare", "ita", "prepare")
    assert prepared.returncode == 0, prepared.stderr
    samples = machine.run("scheduler", "ita", "receive", str(ROOT / "ingestion" / "samples"))
    assert samples.returncode == 0, samples.stderr
    for name in SERVICES:
        machine.start(name)
    for name in ("api-server", "scheduler", "dag-processor"):
        machine.wait(lambda name=name: machine.healthy(name))


def test_a_worker_and_the_scheduler_killed_in_the_middle(machine):
    """While dbt builds. They come back; the step is tried again, on whichever worker is free."""
    worker, process = machine.wait(lambda: step(machine, "build"))[0]
    found = process.environ()["PATH"].split(":")
    assert not {"/bin", "/usr/bin", "/usr/local/bin"} & set(found), "the image's system, no more"
    machine.kill(worker, "scheduler")
    assert not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    again = machine.wait(lambda: step(machine, "build"))
    assert again[0][1].pid != process.pid


def test_the_database_restarted_in_the_middle(machine):
    """As `docker compose restart postgres`, while the candidate is audited."""
    machine.wait(lambda: step(machine, "audit"))
    postgres = machine.running["postgres"]
    postgres.send_signal(2)  # the file's stop_signal
    postgres.wait(60)
    machine.wait(lambda: machine.sql("select 1"))


def test_the_power_cut_in_the_middle(machine):
    """While packs are written: everything is killed, and starts again in no order."""
    machine.wait(lambda: step(machine, "packs --nightly"))
    machine.power_cut()
    for name in list(machine.running):
        machine.start(name)
    for name in ("api-server", "scheduler", "dag-processor", "worker"):
        machine.wait(lambda name=name: machine.healthy(name))


def test_the_night_ends_published(machine):
    def ended():
        return [row for row in machine.sql(STATE, dbname="ita_airflow") if row[0] != "running"]

    assert machine.wait(ended) == [("success",)], machine.words()
    assert len(machine.sql("select build_id from ops.publication")) == 1
    assert machine.sql("select git_revision from ops.publication") == [("deployment-test",)]
    assert machine.sql("select count(*) > 0 from mart.assessment") == [(True,)]
    tries = {name: tried for name, tried, _ in machine.sql(TRIES, dbname="ita_airflow")}
    hit = {"build", "audit", "packs", "site"}  # the site is written while packs are
    assert {name for name, tried in tries.items() if tried > 1} <= hit, tries
    reasons = machine.sql("select task_id, message from ops.failure")
    assert reasons and not [row for row in reasons if row[1] in ("", "None", None)], reasons


def test_only_those_who_may_see_the_page_and_nothing_else_of_the_state(machine):
    assert page(machine, "/")[0] == 401, "the list of users is empty at first"
    hashed = subprocess.run(
        [PROGRAMS / "caddy", "hash-password"], input="กระดาษ-9\n", capture_output=True, text=True
    ).stdout.strip()
    (machine.base / "run/secrets/web_users").write_text(f"somchai {hashed}\n")
    machine.kill("web")
    login = "somchai:กระดาษ-9"
    machine.wait(lambda: page(machine, "/health") == (200, b"ok"))
    assert page(machine, "/")[0] == 401 and page(machine, "/", "somchai:9")[0] == 401
    status, content = page(machine, "/", login)
    assert status == 200 and "คลังข้อมูล ITA".encode() in content
    assert page(machine, "/packs/", login)[0] == 200
    for hidden in ("secrets/owner", "archive/", "airflow/airflow.cfg", "landing/", "judged/"):
        assert page(machine, f"/{hidden}", login)[0] == 404, hidden
        assert page(machine, f"/packs/..%2f{hidden}", login)[0] in (400, 404), hidden
