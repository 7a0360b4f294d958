"""A process that has imported all, and forks nights: each a driver that forks a process a step.

The driver is what the scheduler and its worker are to a step: it starts the step, waits, and tries
again twice after a fault. A line of JSON in (see `Order`), the driver's process number out; the
driver writes `<where>/<name>.json` when it is done: the exit code of each step.

Run under the shim of tests/powercut, which does nothing until it is armed.
"""

import ctypes
import errno
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

STEPS = ("receive", "judge", "load", "build", "audit", "publish", "packs", "documents")
TRIES, PAUSE = 3, 0.5
# What the steps import when they come to it, for seconds in all.
NEEDED = (
    "dbt.cli.main",
    "dbt.adapters.postgres",
    "expectations.audit",
    "expectations.failing_rows",
    "ingestion.judge_landing",
    "publish.small_cells",
    "reports.packs",
    "reports.site",
)

# Named places in a night: before each of these calls something can happen.
POINTS = {
    "receive": [
        "warehouse.durable:rename",
        "ingestion.records:append",
        "ingestion.arrivals:register",
    ],
    "judge": ["ingestion.judged_folder:write", "warehouse.durable:write_all"],
    "load": ["ingestion.records:append", "ingestion.beside:tell", "warehouse.durable:sync"],
    "build": [
        "publish.retire:run",
        "publish.item_scores:keep",
        "publish.item_scores:drop_unused",
        "publish.build:run_dbt",
        "publish.small_cells:write",
        "publish.build:_counts",
    ],
    "audit": ["expectations.audit:run", "publish.preview:write", "publish.candidate:judged"],
    "publish": [
        "publish.preview:hold",
        "publish.views:script_of_build",
        "publish.views:script_of_mart",
        "publish.dependents:point_again",
        "publish.flip:take_place",
        "publish.flip:git_revision",
    ],
    "packs": ["warehouse.durable:replace_folder", "warehouse.durable:write"],
    "documents": ["publish.flip:keep_for_next_night", "warehouse.durable:write"],
}


@dataclass
class Order:
    """A night: its ITA_HOME and database, its hour, and what happens in it."""

    name: str
    home: str
    where: str
    dsn: str
    at: str
    steps: list[str] = field(default_factory=lambda: list(STEPS))
    hand_in: str = ""  # a path that is handed in first
    kill: list[Any] = field(default_factory=list)  # step, point, number of the call
    full: list[Any] = field(default_factory=list)  # the same: no space left on device
    cut: list[Any] = field(default_factory=list)  # step, number of the operation: the power goes


def step(name: str, connection: Any, at: datetime) -> None:
    """A step, as its `ita` command runs it."""
    from expectations import audit as gates
    from ingestion import judge_landing, load, receive
    from publish import build, candidate, flip, preview
    from reports import packs, site
    from warehouse import connect, settings

    def audit() -> None:
        waiting = candidate.to_audit(connection)
        if waiting:
            failed = gates.run(connect.sqlalchemy_url(), waiting)
            if not failed:
                preview.write(connection, waiting)
            candidate.judged(connection, passed=not failed)
            assert not failed, failed

    def write_packs() -> None:
        published = build.latest_publication(connection)
        done = packs.write(
            settings.folder("packs"), published, mode="nightly", formats=("json",), processes=1
        )
        assert not done.failed, done.failed

    def documents() -> None:
        flip.keep_for_next_night(connection)
        site.write(connection)

    {
        "receive": lambda: receive.run(connection, at),
        "judge": lambda: judge_landing.run(connection),
        "load": lambda: load.run(connection, at),
        "build": lambda: build.run(connection, at),
        "audit": audit,
        "publish": lambda: flip.run(connection, at),
        "packs": write_packs,
        "documents": documents,
    }[name]()


def _before(point: str, number: int, happens: Callable[[], None]) -> None:
    """Have something happen before a call of a function, wherever a module of ours names it."""
    module, _, name = point.partition(":")
    real, calls = getattr(import_module(module), name), [0]

    def stand_in(*arguments: Any, **named: Any) -> Any:
        calls[0] += 1
        if calls[0] == number:
            happens()
        return real(*arguments, **named)

    for known in list(sys.modules.values()):
        if vars(known).get(name) is real:
            setattr(known, name, stand_in)


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _full() -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def _run_step(name: str, order: Order, first: bool) -> None:
    from warehouse import connect, durable  # noqa: F401  patched by name
    from warehouse.errors import BadInput

    if first:
        for planned, happens in ((order.kill, _kill), (order.full, _full)):
            if planned and planned[0] == name:
                _before(planned[1], planned[2], happens)
    code = 1
    try:
        with connect.connect(autocommit=True) as connection, connect.lock("step"):
            if first and order.cut and order.cut[0] == name:
                shim = ctypes.CDLL(None)
                shim.powercut_arm(order.home.encode(), order.where.encode(), order.cut[1])
            step(name, connection, datetime.fromisoformat(order.at))
        code = 0
    except BadInput as error:
        print(f"{name}: {error}", file=sys.stderr, flush=True)
        code = 2
    except BaseException as error:
        print(f"{name}: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
    finally:
        os._exit(code)


def _drive(order: Order) -> None:
    from ingestion import hand_in

    os.environ.update(ITA_HOME=order.home, ITA_WAREHOUSE_DSN=order.dsn)
    said = os.open(Path(order.where) / f"{order.name}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(said, 1)
    os.dup2(said, 2)
    codes: dict[str, list[int]] = {}
    if order.hand_in:
        list(hand_in.receive_paths([Path(order.hand_in)], datetime.fromisoformat(order.at)))
    for name in order.steps:
        codes[name] = []
        for number in range(TRIES):
            if number:
                time.sleep(PAUSE)
            child = os.fork()
            if not child:
                _run_step(name, order, number == 0)
            codes[name].append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
            if codes[name][-1] in (0, 2):
                break
            if order.cut and order.cut[0] == name and codes[name][-1] == -9:
                os.kill(os.getpid(), signal.SIGKILL)  # the power is gone for us, too
        if codes[name][-1]:
            break
    draft = Path(order.where) / f".{order.name}.json"
    draft.write_text(json.dumps(codes))
    draft.rename(draft.with_name(f"{order.name}.json"))


def main() -> None:
    os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read at its import, as in expectations/gate.py
    for module in NEEDED:
        import_module(module)
    for points in POINTS.values():
        for point in points:
            import_module(point.partition(":")[0])
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.setsid()
            code = 1
            try:
                _drive(Order(**json.loads(line)))
                code = 0
            finally:
                os._exit(code)
        print(child, flush=True)


if __name__ == "__main__":
    main()
