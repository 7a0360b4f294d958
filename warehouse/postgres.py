"""The embedded PostgreSQL.

An ordinary server from the binaries of a Python package, started and stopped by us.

PostgreSQL refuses to run as root, so as root its processes run as `postgres` or `nobody`. It
listens on 127.0.0.1 only, on a port that is chosen once and kept, and asks every user for a
password (scram).
"""

import fcntl
import os
import random
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from psycopg import pq

from warehouse import cluster, durable, hba, settings
from warehouse.errors import BadInput, Fault
from warehouse.secret import kept

DATABASE = "ita"
PORT_SETTING = "ITA_WAREHOUSE_PORT"
SEGMENT = 16 * 1024 * 1024  # bytes of WAL, without which no server starts
PATIENCE = 30  # seconds in which a start is tried again


def up() -> str:
    """Start the embedded server if it is not running, making the cluster on first use.

    Give its DSN. Raises Fault when it does not start or its data or its password are not there.
    """
    with _lock():
        server = cluster.account()
        if _wait_while_starting() != "ready":
            cluster.make(server)
            hba.write(cluster.data(), server)
            _start(server)
        elif hba.write(cluster.data(), server):  # started by a release before
            cluster.run(server, "pg_ctl", "-D", cluster.data(), "reload")
    if not (address := dsn()):
        raise Fault("the embedded server ended as soon as it ran", "look at its log: `ita status`")
    return address


def new_password() -> None:
    """Make a new password for the owner where it is lost. Raises Fault while the server runs."""
    with _lock():
        if _wait_while_starting():
            raise Fault("the server runs", "stop it first: `ita down`")
        cluster.new_password(cluster.account())


def down() -> bool:
    """Stop the embedded server cleanly; False if it was not running."""
    with _lock():
        if not _wait_while_starting():
            return False
        stop = ("-m", "fast", "-w", "-t", "60", "stop")
        cluster.run(cluster.account(), "pg_ctl", "-D", cluster.data(), *stop)
        return True


def dsn() -> str | None:
    """The owner's DSN of the running embedded server, or None when it is stopped."""
    if _state() != "ready":
        return None
    return _dsn(_pid_file().read_text().splitlines()[3], DATABASE)


def port() -> int | None:
    """The port of the running embedded server, None when it is stopped."""
    return int(_pid_file().read_text().splitlines()[3]) if _state() == "ready" else None


def number() -> int | None:
    """The process number of the running embedded server, None when it is stopped."""
    return int(_pid_file().read_text().split()[0]) if _state() == "ready" else None


def _dsn(port: int | str, database: str) -> str:
    return f"postgresql://{cluster.OWNER}:{kept(cluster.SECRET)}@127.0.0.1:{port}/{database}"


def _pid_file() -> Path:
    return cluster.data() / "postmaster.pid"


@contextmanager
def _lock() -> Iterator[None]:
    """One process at a time starts or stops the server.

    The lock goes with the process that holds it.
    """
    settings.home().mkdir(parents=True, exist_ok=True)
    with (settings.home() / ".postgres.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _state() -> str:
    """What postmaster.pid says of a living server of this cluster: starting, ready, stopping.

    "" if there is none. After a crash the file stays and its process number can be somebody else's:
    the process must be a server of this very cluster. While it dies the file still says "ready": it
    must answer, too.
    """
    try:
        lines = _pid_file().read_text().splitlines()
        command = Path(f"/proc/{int(lines[0])}/cmdline").read_bytes()
    except (OSError, ValueError, IndexError):
        return ""
    if str(cluster.data()).encode() not in command:
        return ""
    state = lines[7].strip() if len(lines) > 7 else "starting"
    return "starting" if state == "ready" and not _answers(lines[3]) else state


def _answers(port: str) -> bool:
    return pq.PGconn.ping(f"host=127.0.0.1 port={port} connect_timeout=10".encode()) == pq.Ping.OK


def _wait_while_starting() -> str:
    """The server's state once it is neither starting nor stopping; Fault after a minute."""
    deadline = time.monotonic() + 60
    while (state := _state()) not in ("", "ready"):
        if time.monotonic() > deadline:
            raise Fault(f"PostgreSQL has been {state} for a minute", f"see {cluster.log()}")
        time.sleep(0.1)
    return state


def _start(server: dict) -> None:
    kept(cluster.SECRET)  # without it nobody could log in: say so before anything is started
    deadline = time.monotonic() + PATIENCE
    while True:
        # we hold the lock and no server of ours lives: the file is stale
        _pid_file().unlink(missing_ok=True)
        port, chosen_before = _port()
        start = ("-l", cluster.log(), "-o", f"-p {port} {cluster.logging()}", "start")
        try:
            cluster.run(server, "pg_ctl", "-D", cluster.data(), "-w", "-t", "60", *start)
            break
        except Fault:
            # after a kill -9 the old server's children hold its shared memory and its port for a
            # moment; a free port can be taken before we use it
            if shutil.disk_usage(cluster.base()).free < SEGMENT:
                raise Fault(
                    f"PostgreSQL does not start: the disk of {cluster.base()} is full",
                    "make room: docs/operations/disk-full.md",
                ) from None
            taken = "Address already in use" in _log_tail()
            if time.monotonic() > deadline and taken and chosen_before:
                raise Fault(
                    f"port {port} of the warehouse is taken by another program",
                    f"end that program, or write another port in {_port_file()}"
                    " (saved connections name the old one)",
                ) from None
            if time.monotonic() > deadline or not (taken or "shared memory" in _log_tail()):
                raise
            time.sleep(0.5)
    durable.write(_port_file(), f"{port}\n")
    _create_database(port)


def _log_tail() -> str:
    logs = [log for log in (cluster.log(), cluster.json_log()) if log.exists()]
    return "".join(log.read_text(errors="replace")[-2000:] for log in logs)


def _create_database(port: int) -> None:
    import psycopg

    with psycopg.connect(_dsn(port, "postgres"), autocommit=True) as connection:
        there = connection.execute(
            "select datname from pg_database where not datistemplate and datname <> 'postgres'"
        ).fetchall()
        if (DATABASE,) in there:
            return
        if there:  # a new one would hide that the warehouse is gone
            raise Fault(
                f"database {DATABASE} is gone; there are {', '.join(sorted(n for (n,) in there))}",
                "rename it back, or restore a back-up: docs/operations/failures.md",
            )
        connection.execute(f"create database {DATABASE}")


def _port_file() -> Path:
    return settings.home() / "postgres.port"


def _port() -> tuple[int, bool]:
    """The server's port, and whether it was chosen before: by the setting, or at an earlier start.

    Raises BadInput for what is no port.
    """
    said, where = os.environ.get(PORT_SETTING), PORT_SETTING
    if not said and _port_file().is_file():
        said, where = _port_file().read_text("utf-8", "replace").strip(), str(_port_file())
    if not said:
        return _free_port(), False
    if not said.isdecimal() or not 1024 <= int(said) <= 65535:
        raise BadInput(f"{where}: {said!r} is no port", "give a number from 1024 to 65535")
    return int(said), True


def _free_port() -> int:
    """A port that nobody listens on now, of those that the system does not give out by itself.

    One that it gives out could be somebody's outgoing connection when the server starts again.
    """
    ephemeral = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    choices = random.SystemRandom().sample(range(15432, max(ephemeral, 15532)), 100)
    for port in choices:
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise Fault("no free port for PostgreSQL", f"set {PORT_SETTING} to one")
