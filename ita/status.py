"""`ita status`: the warehouse in a few lines."""

from typing import Any

from ingestion import troubles, waiting
from publish import fence
from warehouse import connect, postgres, runs, settings
from warehouse.connect import one
from warehouse.errors import Fault


def lines() -> list[str]:
    """Where, the published build, the last run of each DAG, the last failure; starts nothing."""
    said = [f"ITA_HOME   {settings.home()}"]
    if not _runs():
        return [*said, "warehouse  stopped (start it with `ita up`)"]
    said.append(f"warehouse  {connect.address()}")
    with connect.connect() as connection:
        if not one(connection.execute("select to_regclass('ops.publication')"))[0]:
            return [*said, "build      none: this warehouse has no schemas yet (`ita up`)"]
        build = connection.execute("""
            select build_id, published_at, git_revision from ops.publication
            order by publication_no desc limit 1""").fetchone()
        said.append(
            "build      {}, published {:%Y-%m-%d %H:%M:%S%z}, revision {}".format(*build)
            if build
            else "build      none published yet"
        )
        last_runs = runs.last_runs(connection)
        said += map(_run_line, last_runs)
        said += _waiting_lines(connection)
        failure = connection.execute(
            "select failed_at, dag_id, task_id, message from ops.failure "
            "order by failure_no desc limit 1"
        ).fetchone()
        if failure and not _mended(failure, last_runs):
            said.append("last fault {:%Y-%m-%d %H:%M:%S%z} {}.{}: {}".format(*failure))
        said += _open_doors(connection)
    return said


def _mended(failure: tuple, last_runs: list[dict]) -> bool:
    """Has the DAG of the failure (failed_at, dag_id, …) run well since?"""
    return any(
        run["dag_id"] == failure[1] and run["state"] == "success" and run["started_at"] > failure[0]
        for run in last_runs
    )


def _open_doors(connection: Any) -> list[str]:
    """What the server lets every login do and our rights do not close."""
    doors = fence.open_doors(connection)
    if not doors:
        return []
    return [f"open       {len(doors)} statements for the server's administrator:"] + [
        f"           {statement};" for statement in doors
    ]


def dsn(role: str) -> str:
    """The DSN of a role with its password. Raises Fault where the warehouse is stopped."""
    if not _runs():
        raise Fault("the warehouse is stopped", "start it with `ita up`")
    if role == connect.parameters()["user"]:
        return connect.address(role, connect.parameters()["password"])
    return connect.address(role, connect.password(role))


def _runs() -> bool:
    return bool(settings.external_dsn() or postgres.dsn())


def _waiting_lines(connection: Any) -> list[str]:
    """What could not be read, and the registry rows that wait for a person."""
    if not connection.execute("select to_regclass('ops.trouble')").fetchone()[0]:
        return []
    said = [f"not read   {line}" for line in troubles.serious(connection)]
    for sha256, name, rows in waiting.listed(connection):
        said.append(
            f"waits      {rows} registry rows of {name}: `ita approve {sha256[:12]} --by …`"
        )
    return said


def _run_line(run: dict) -> str:
    took = (
        f", took {(run['finished_at'] - run['started_at']).total_seconds():.0f} s"
        if run["finished_at"]
        else ""
    )
    began = f"{run['started_at']:%Y-%m-%d %H:%M:%S%z}"
    return f"last run   {run['dag_id']}: {run['state']}, began {began}{took}"
