"""Metrics in Prometheus' text format, in a file that a node exporter's textfile collector reads:
ITA_HOME/metrics/ita.prom.
"""

import shutil
from datetime import datetime

import psycopg
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from operations import kept
from operations.facts import Facts
from warehouse import connect, durable, settings

FILES = """
    select state, count(*) as files from raw.submission
    where coalesce(seen_at, received_at)
        = (select max(coalesce(seen_at, received_at)) from raw.submission)
    group by state"""
ROWS = "select counts from ops.publication order by publication_no desc limit 1"
STATES = ("published", "nothing_new", "held", "not_published")


def text(facts: Facts, verdict: dict) -> str:
    """The metrics of this moment. Those of the warehouse are absent while it does not answer."""
    registry = CollectorRegistry()
    _of_verdict(registry, facts, verdict)
    _of_disk(registry)
    _of_run(registry, facts)
    if not facts.database and facts.published:
        with connect.connect() as connection:
            _of_warehouse(registry, connection)
    return generate_latest(registry).decode()


def write(content: str) -> None:
    """Write ita.prom, whole or not at all; everybody may read it."""
    path = settings.folder("metrics") / "ita.prom"
    kept.with_room(lambda: durable.write(path, content, mode=0o644))


def _gauge(registry: CollectorRegistry, name: str, help_: str, *labels: str) -> Gauge:
    return Gauge(f"ita_{name}", help_, labels, registry=registry)


def _of_verdict(registry: CollectorRegistry, facts: Facts, verdict: dict) -> None:
    state = _gauge(registry, "night_state", "1 for the state of the last night", "state")
    for name in STATES:
        state.labels(name).set(name == verdict["state"])
    _gauge(registry, "night_exit_code", "Exit code of the last verdict").set(verdict["exit_code"])
    for name, key, help_ in (
        ("verdict_timestamp_seconds", "written_at", "When the last verdict was written"),
        ("verdict_due_timestamp_seconds", "next_by", "By when the next verdict must be there"),
        ("last_good_night_timestamp_seconds", "last_good", "When the last good night ended"),
        ("publication_timestamp_seconds", "serving_since", "When what is served was published"),
    ):
        if verdict[key]:
            moment = datetime.fromisoformat(verdict[key])
            _gauge(registry, name, help_).set(moment.timestamp())
    if verdict["serving_since"]:
        age = facts.at - datetime.fromisoformat(verdict["serving_since"])
        _gauge(registry, "publication_age_seconds", "Age of what is served").set(
            round(age.total_seconds())
        )
    problems = _gauge(registry, "problems", "Things that are wrong now, by kind", "kind")
    for kind in ("lost", "check", "not_read", "pack", "step", "delivery"):
        problems.labels(kind).set(sum(one["kind"] == kind for one in verdict["problems"]))
    packs = sum(one["kind"] == "pack" for one in verdict["problems"])
    _gauge(registry, "packs_failed", "Packs that the last run could not write").set(packs)


def _of_disk(registry: CollectorRegistry) -> None:
    disk = shutil.disk_usage(settings.home())
    _gauge(registry, "disk_free_bytes", "Free bytes where ITA_HOME lies").set(disk.free)
    _gauge(registry, "disk_size_bytes", "Bytes of the disk where ITA_HOME lies").set(disk.total)


def _of_run(registry: CollectorRegistry, facts: Facts) -> None:
    if not facts.ended:
        return
    steps = _gauge(registry, "step_duration_seconds", "Duration of each step, last run", "step")
    for task in facts.ended.tasks:
        if task.began_at and task.ended_at:
            steps.labels(task.task_id).set((task.ended_at - task.began_at).total_seconds())


def _of_warehouse(registry: CollectorRegistry, connection: psycopg.Connection) -> None:
    files = _gauge(registry, "files", "Files of the last arrival, by state", "state")
    for name in ("accepted", "accepted_with_warnings", "rejected", "received"):
        files.labels(name).set(0)
    for name, count in connection.execute(FILES).fetchall():
        files.labels(name).set(count)
    rows = _gauge(registry, "mart_rows", "Rows of each view of mart", "view")
    for (counts,) in connection.execute(ROWS).fetchall():
        for view, count in counts.items():
            rows.labels(view).set(count)
