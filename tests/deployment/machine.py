"""A machine that runs docker-compose.yml as plain processes, each container a tree of its own.

What docker would do and this does not: on one machine all share a network and a file system, so the
names of services become ports of 127.0.0.1 and the paths of volumes and secrets folders of a test.
Commands, environments and health checks are the file's; a service has no rights (where this Python
lies in a folder that only root may enter, ours have root's), and PATH holds what the image's system
has and not more: no git, no psql, no curl.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from functools import cached_property
from pathlib import Path

import psutil
import psycopg

from benchmarks import scaling_services
from tests.deployment import compose
from tests.deployment.compose import ROOT
from warehouse import cluster

# Of the system of python:…-slim, what a shell line or a library of ours could ask for.
SYSTEM = """
    sh bash env cat cp mv rm ln ls mkdir mktemp chmod date id uname hostname sleep sort head tail
    grep sed tar gzip find xargs test true false nice setsid ldconfig getconf readlink dirname
"""
PROGRAMS = Path(sys.executable).parent
AGAIN_AFTER = 2.0  # seconds before a service that ended is started again
# Seconds before a wait is given up: a busy machine is no fault, and what the broker lost in a power
# cut is queued again after ten minutes (task_queued_timeout).
PATIENCE = 900


class Machine:
    """All services of the file, with the settings of an operator's .env."""

    def __init__(self, settings: dict[str, str]):
        self.base = Path(tempfile.mkdtemp(prefix="ita-deployment-"))
        self.user = cluster.account()
        self.our_user = self.user if may_run(self.user) else {}
        self.content = compose.read(settings)
        self.ports = {
            name: scaling_services.free_port()
            for name in ("postgres", "redis", "api-server", "web")
        }
        self.running: dict[str, psutil.Popen] = {}
        self.started: dict[str, float] = {}
        self._folders()

    def _folders(self) -> None:
        for name in ("home", "home/landing", "postgres", "run", "tmp", "log", "bin"):
            (self.base / name).mkdir()
        done = subprocess.run(
            ["sh", ROOT / "deploy/init.sh", "localhost"], cwd=self.base, capture_output=True
        )
        assert done.returncode == 0, done.stderr
        # what a container sees of the folder that only root may enter
        shutil.copytree(self.base / "secrets", self.base / "run" / "secrets")
        (self.base / "run" / "secrets").chmod(0o755)
        for name in SYSTEM.split():
            if found := shutil.which(name):
                (self.base / "bin" / name).symlink_to(found)
        if self.user:
            subprocess.run(
                ["chown", "-R", f"{self.user['user']}:{self.user['group']}", self.base], check=True
            )
        self.base.chmod(0o755)

    def placed(self, text: str) -> str:
        """Names of services, volumes and secrets of the file as places of this machine."""
        places = {
            "postgres:5432": f"127.0.0.1:{self.ports['postgres']}",
            "redis:6379": f"127.0.0.1:{self.ports['redis']}",
            "--port 6379": f"--bind 127.0.0.1 --port {self.ports['redis']}",
            "api-server:8080": f"127.0.0.1:{self.ports['api-server']}",
            "127.0.0.1:8443": f"127.0.0.1:{self.ports['web']}",
            "/var/lib/ita": str(self.base / "home"),
            "/var/backups/ita": str(self.base / "backups"),
            "/run/secrets": str(self.base / "run" / "secrets"),
            "/etc/caddy/Caddyfile": str(self.base / "run" / "Caddyfile"),
            "/etc/postgresql/ita.conf": str(cluster.TUNING),
            "listen_addresses=*": "listen_addresses=127.0.0.1",
            "0.0.0.0": "127.0.0.1",  # noqa: S104  the other way round
        }
        for there, here in places.items():
            text = text.replace(there, here)
        return str(self.ports["api-server"]) if text == "8080" else text

    def environment(self, name: str) -> dict[str, str]:
        """What the file gives the service, the image's own, and nothing of the test's."""
        service = self.content["services"][name]
        own = {"PATH": str(self.base / "bin"), "HOME": str(self.base / "tmp")}
        if "build" in service:
            own["PATH"] = f"{PROGRAMS}:{own['PATH']}"
            own |= {"ITA_REVISION": "deployment-test", "PYTHONDONTWRITEBYTECODE": "1"}
        given = service.get("environment", {})
        return own | {key: self.placed(str(value)) for key, value in given.items()}

    def command(self, name: str) -> list[str]:
        words = [self.placed(word) for word in self.content["services"][name]["command"]]
        if "build" in self.content["services"][name]:
            assert compose.dockerfile()["ENTRYPOINT"] == '["ita"]'
            return [str(PROGRAMS / "ita"), *words]
        return words

    def start(self, name: str) -> None:
        """`worker.2` is the second replica of worker."""
        service = name.partition(".")[0]
        command, environment = self.command(service), self.environment(service)
        if service == "postgres":
            command = [str(cluster.binaries(self.user) / "postgres"), *command[1:]]
            command += ["-D", str(self.base / "postgres/data"), "-p", str(self.ports["postgres"])]
            command += ["-c", f"unix_socket_directories={self.base / 'postgres'}"]
        if service == "redis":
            program, environment["LD_LIBRARY_PATH"] = self.broker
            environment["PATH"] = f"{program.parent}:{environment['PATH']}"
        if service == "web":
            command = [str(PROGRAMS / "caddy"), *command[1:]]
            text = (ROOT / "deploy/Caddyfile").read_text()
            first, _ = text.split("\n:8444 {")  # the desk and the counter are not started here
            placed = self.placed(first.replace(":8443", "127.0.0.1:8443"))
            (self.base / "run/Caddyfile").write_text(placed)
        if name != service:  # two replicas on one host would have one name
            command += ["--celery-hostname", f"{name}@%h"]
        with (self.base / "log" / name).open("ab") as log:
            self.running[name] = psutil.Popen(
                command,
                env=environment,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **(self.our_user if "build" in self.content["services"][service] else self.user),
            )
        self.started[name] = time.monotonic()

    def make_database(self) -> None:
        """What the entry point of PostgreSQL's image does with an empty volume."""
        given = self.environment("postgres")
        said = [
            cluster.binaries(self.user) / "initdb",
            *("-D", self.base / "postgres/data", "-U", given["POSTGRES_USER"], "--no-sync"),
            *("--pwfile", given["POSTGRES_PASSWORD_FILE"], "-A", "scram-sha-256"),
            *given["POSTGRES_INITDB_ARGS"].split(),
        ]
        done = subprocess.run(said, cwd="/", capture_output=True, text=True, **self.user)
        assert done.returncode == 0, done.stderr
        self.start("postgres")
        self.wait(lambda: self.sql("select 1", dbname="postgres"))
        with self.connect(dbname="postgres", autocommit=True) as connection:
            connection.execute(f"create database {given['POSTGRES_DB']}")

    def connect(self, **options) -> psycopg.Connection:
        password = (self.base / "run/secrets/postgres_password").read_text().strip()
        return psycopg.connect(
            host="127.0.0.1",
            port=self.ports["postgres"],
            user="ita_owner",
            password=password,
            **{"dbname": "ita", **options},
        )

    def sql(self, statement: str, *values, dbname: str = "ita") -> list[tuple]:
        with self.connect(dbname=dbname) as connection:
            return connection.execute(statement, values).fetchall()

    def run(self, name: str, *arguments: str) -> subprocess.CompletedProcess:
        """`docker compose exec SERVICE ARGUMENTS…`: of ours, `ita` or `python`."""
        return subprocess.run(
            [PROGRAMS / arguments[0], *arguments[1:]],
            env=self.environment(name),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            **self.our_user,
        )

    def healthy(self, name: str) -> bool:
        """The file's health check of a service of ours, run once."""
        kind, *words = self.content["services"][name]["healthcheck"]["test"]
        assert kind == "CMD"
        return self.run(name, *words).returncode == 0

    def kill(self, *names: str) -> None:
        """`kill -9` of containers: with a container's first process all others of it end."""
        trees = {name: self.running[name] for name in names}
        for process in [each for tree in trees.values() for each in (tree, *below(tree))]:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                pass
        for process in trees.values():
            process.wait(30)

    def power_cut(self) -> None:
        self.kill(*self.running)

    def tend(self) -> None:
        """`restart: unless-stopped`: start again what has ended."""
        for name, process in list(self.running.items()):
            ended = process.poll() is not None
            if ended and time.monotonic() - self.started[name] > AGAIN_AFTER:
                self.start(name)

    def wait(self, ready):
        """The first true answer of `ready`, while ended services are started again."""
        deadline = time.monotonic() + PATIENCE
        while True:
            self.tend()
            try:
                if answer := ready():
                    return answer
            except (OSError, psycopg.Error, psutil.NoSuchProcess):
                pass
            assert time.monotonic() < deadline, f"not within {PATIENCE} s\n{self.words()}"
            time.sleep(0.3)

    def words(self) -> str:
        """The last words of every service."""
        logs = sorted((self.base / "log").iterdir())
        return "\n".join(
            f"--- {log.name}\n{log.read_text(errors='replace')[-900:]}" for log in logs
        )

    def end(self) -> None:
        self.power_cut()
        shutil.rmtree(self.base)

    @cached_property
    def broker(self) -> tuple[Path, str]:
        """redis-server, and where its libraries are."""
        return scaling_services.broker(self.base)


def may_run(user: dict) -> bool:
    """Can that user run this Python?"""
    try:
        return subprocess.run([sys.executable, "-c", ""], cwd="/", **user).returncode == 0
    except PermissionError:
        return False


def below(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def runs(process: psutil.Process, words: str) -> list[psutil.Process]:
    """The processes below one whose command has these words."""
    found = []
    for one in below(process):
        try:
            if words in " ".join(one.cmdline()):
                found.append(one)
        except psutil.NoSuchProcess:
            pass
    return found
