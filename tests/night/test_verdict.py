"""The verdict on real nights, by the commands alone: a good one, a killed one and the next."""

import json
import os
import signal
import time

import psycopg
import pytest
from psycopg.conninfo import make_conninfo


def verdict(night) -> dict:
    return json.loads((night.home / "nights" / "verdict.json").read_text())


def lock_is_held(night) -> bool:
    with night.connect() as connection:
        (held,) = connection.execute(
            "select count(*) from pg_locks"
            " where relation = 'ops.refresh_lock'::regclass and granted"
        ).fetchone()
    return held > 0


def open_runs(night) -> list:
    with psycopg.connect(make_conninfo(night.dsn(), dbname="ita_airflow")) as airflow:
        left = airflow.execute("select run_id from dag_run where state in ('queued', 'running')")
        return left.fetchall()


@pytest.mark.slow_group
def test_a_killed_refresh_is_told_until_the_next_success(night):
    """The page says so, too, and no longer "running"; the run by hand has its logs and verdict."""
    assert night.ita("refresh").returncode == 0
    before = verdict(night)
    assert before["exit_code"] == 0 and before["kind"] == "manual" and before["run_id"]
    logs = night.home / before["log"]
    steps = {folder.name.partition("=")[2] for folder in logs.iterdir()}
    assert {"receive", "build", "publish", "tidy"} <= steps
    assert "ita| received" in (logs / "task_id=receive" / "attempt=1.log").read_text()

    victim = night.start("refresh")
    task = night.home / "airflow" / "logs" / "dag_id=nightly_refresh"
    known = set(task.iterdir())
    deadline = time.monotonic() + 240
    while set(task.iterdir()) == known:  # until a step of the new run has begun
        assert time.monotonic() < deadline and victim.poll() is None
        time.sleep(0.2)
    os.killpg(victim.pid, signal.SIGKILL)
    victim.wait()
    while lock_is_held(night):  # until the server sees that its holder is gone
        assert time.monotonic() < deadline
        time.sleep(0.2)

    assert open_runs(night)
    told = night.ita("deadline")
    assert told.returncode == 1, told.stdout + told.stderr
    killed = verdict(night)
    assert (killed["state"], killed["cause"]) == ("not_published", "killed")
    assert killed["last_good"] == before["last_good"]
    page = (night.home / "index.html").read_text("utf-8")
    assert killed["reason_th"] in page and killed["reason_th"] in night.ita("status").stdout
    assert ">running<" not in page
    assert open_runs(night) == [], "a scheduler would go on with it, and begin no other"

    assert night.ita("refresh").returncode == 0
    after = verdict(night)
    assert after["state"] == "nothing_new" and not after["problems"]
    assert killed["reason_th"] not in night.ita("status").stdout
    assert open_runs(night) == []


@pytest.mark.slow_group
def test_old_runs_leave_airflows_own_database_and_new_ones_stay(night):
    """In Airflow's real metadata, the older of whose runs is made older still by hand."""
    assert night.ita("refresh").returncode == 0
    with psycopg.connect(make_conninfo(night.dsn(), dbname="ita_airflow")) as airflow:
        old = "(select id from dag_run order by start_date limit 1)"
        (run,) = airflow.execute(
            "update dag_run set start_date = start_date - interval '200 days'"
            f" where id = {old} returning run_id"
        ).fetchone()
        airflow.commit()
        tidied = night.ita("tidy")
        assert "runs of Airflow: 1" in tidied.stdout, tidied.stdout + tidied.stderr
        left = airflow.execute("select run_id from dag_run").fetchall()
        tasks = airflow.execute("select distinct run_id from task_instance").fetchall()
    assert left and run not in [row[0] for row in left]
    assert run not in [row[0] for row in tasks]
