"""`ita desk`: the analysts' desk (Superset) beside the warehouse, kept until somebody ends it."""

import os
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import click

from ita import desk_database
from ita.commands import shared
from warehouse import children, connect, desk_login, persons, postgres, settings
from warehouse.errors import BadInput, Fault
from warehouse.secret import secret

PORT_SETTING, PORT = "DESK_PORT", "8088"
HOST_SETTING = "DESK_HOST"  # in a container, behind the web server; else 127.0.0.1
PROGRAMS_SETTING = "DESK_ENVIRONMENT"  # the folder of the desk's Python environment
WORKERS, THREADS = 2, 4
START, STOP = 180.0, 10.0  # seconds that the pages have to answer, and the processes to end


def environment() -> dict[str, str]:
    """Prepare the warehouse for the desk; the variables that the desk's programs are started with.

    They hold no secret: those are files in DESK_SECRETS.
    """
    with shared.connection() as connection:
        desk_database.make(connection)
    for name in (desk_login.KEY, "desk_session"):
        secret(name)
    given = connect.parameters()
    address = f"{given['host']}:{given['port']}"
    return {
        **{name: os.environ[name] for name in ("PATH", "DESK_BEHIND_TLS") if name in os.environ},
        "ITA_HOME": str(settings.home()),
        "DESK_WAREHOUSE": f"postgresql://{address}/{given['dbname']}",
        "DESK_RECORDS": f"postgresql://{desk_database.RECORDS}@{address}/{desk_database.RECORDS}",
        "DESK_SECRETS": str(settings.folder("secrets")),
        "DESK_ADMINISTRATOR": desk_database.ADMINISTRATOR,
        "SUPERSET_HOME": str(settings.folder("desk")),
        "SUPERSET_CONFIG_PATH": str(settings.REPOSITORY / "desk" / "settings.py"),
        "PYTHONPATH": str(settings.REPOSITORY),
        "PYTHONUNBUFFERED": "1",
        "HOME": str(settings.folder("desk")),
        "LC_ALL": "C.UTF-8",
        "TZ": "Asia/Bangkok",
    }


def provision(variables: dict[str, str], *arguments: str) -> None:
    """Run desk/provision.py. Raises Fault with its last words when it fails."""
    with _log().open("ab") as words:
        begin = words.tell()
        done = subprocess.run(
            [_program("python"), "-m", "desk.provision", *arguments],
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=subprocess.STDOUT,
        )
    if done.returncode:
        said = _log().read_bytes()[begin:].decode(errors="replace").strip().splitlines()
        raise Fault(f"the desk was not provisioned: {(said or ['no word'])[-1]}", f"see {_log()}")


def serve() -> None:
    """Provision and serve until SIGTERM, SIGINT or SIGHUP; then end what was started.

    Pages that die are started again. Raises Fault where they do not start.
    """
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: ended.set())
    children.adopt_orphans()
    variables = environment()
    click.echo("desk    provisioning …")
    provision(variables)
    try:
        pages = _start(variables, ended)
        _say()
        while not ended.wait(1):
            if not settings.external_dsn() and not postgres.dsn():
                postgres.up()
            if pages.poll() is not None:
                click.echo(f"the pages had ended ({pages.returncode}), started again", err=True)
                pages = _start(variables, ended)
            children.bury([pages.pid])
    finally:
        children.end_descendants(STOP, but=postgres.number())


def address() -> str:
    """Where the desk is. Raises BadInput for what is no port."""
    port = os.environ.get(PORT_SETTING) or PORT
    if not port.isdecimal() or not 1024 <= int(port) <= 65535:
        raise BadInput(f"{PORT_SETTING}: {port!r} is no port", "give a number from 1024 to 65535")
    return f"http://{os.environ.get(HOST_SETTING) or '127.0.0.1'}:{port}"


def first_passwords() -> Path:
    """The file of first passwords that have not been changed yet."""
    return settings.folder("secrets") / "desk_first_passwords"


def command() -> list[str]:
    """The command that serves the pages. No --preload: workers would share a connection."""
    bind = address().removeprefix("http://")
    return [
        str(_program("gunicorn")),
        *("--workers", str(WORKERS), "--threads", str(THREADS), "--worker-class", "gthread"),
        *("--timeout", "150", "--graceful-timeout", "5", "--bind", bind),
        "superset.app:create_app()",
    ]


def _start(variables: dict[str, str], ended: threading.Event) -> "subprocess.Popen[bytes]":
    """The pages, when they answer."""
    parent = os.getpid()
    with _log().open("ab") as words:
        pages = subprocess.Popen(
            command(),
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=lambda: children.end_with_parent(parent),
        )
    deadline = time.monotonic() + START
    while not _healthy():
        if pages.poll() is not None or time.monotonic() > deadline:
            raise Fault(f"the desk does not answer at {address()}", f"see {_log()}")
        if ended.wait(0.5):
            break
    return pages


def _healthy() -> bool:
    try:
        with urllib.request.urlopen(f"{address()}/health", timeout=5) as answer:  # noqa: S310
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def _say() -> None:
    click.echo(f"desk    {address()}")
    count = len(persons.read())
    click.echo(f"logins  {desk_database.ADMINISTRATOR} and {count} persons of `ita login`")
    if first_passwords().exists():
        click.echo(f"        first passwords, to be changed at sign-in: {first_passwords()}")
    click.echo(f"log     {_log()}")


def _log() -> Path:
    return settings.folder("desk") / "desk.log"


def _program(name: str) -> Path:
    """A program of the desk's environment. Raises Fault where that is not set up."""
    folder = Path(os.environ.get(PROGRAMS_SETTING) or settings.REPOSITORY / ".desk")
    if not (folder / "bin" / name).exists():
        raise Fault(f"the desk is not set up: {folder} has no {name}", "set it up: `make desk`")
    return folder / "bin" / name
