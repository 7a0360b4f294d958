"""`ita serve`: Airflow's services on this machine, kept alive until somebody ends the command.

Airflow's own `standalone` prints passwords, leaves what it started behind when it is ended, and
lets a service that died stay dead.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import click

from ita import airflow
from publish import watch
from warehouse import children, postgres, settings

# No task of ours is deferred: there is no triggerer.
SERVICES = ("scheduler", "dag-processor", "api-server")
# Gives the verdict on each night, apart from Airflow (ita/morning.py).
WATCH = [str(Path(sys.executable).parent / "ita"), "deadline", "--watch"]
AGAIN_AFTER = 5.0  # seconds between two starts of the same service
PATIENCE = 20.0  # seconds that the services have to end by themselves


def run() -> None:
    """Run the services until SIGTERM, SIGINT or SIGHUP; then end all that was started.

    A service that dies is started again, and so is the embedded server, which stays when this ends.
    """
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: ended.set())
    children.adopt_orphans()
    environment = airflow.prepare()
    services = [_Service(name, airflow.command(name), environment) for name in SERVICES]
    services.append(_Service("deadline", WATCH, environment))
    click.echo(f"pages  {airflow.address(environment)}")
    click.echo(f"logins {environment[airflow.LOGINS]} (user and password)")
    click.echo(f"logs   {settings.home() / 'airflow'}")
    try:
        while not ended.wait(1):
            if not settings.external_dsn() and not postgres.dsn():
                postgres.up()
                click.echo("the embedded server had died and runs again", err=True)
            for service in services:
                service.keep()
            children.bury([service.process.pid for service in services if service.process])
    finally:
        children.end_descendants(PATIENCE, but=postgres.number())
        if postgres.dsn():  # the server stays, and so do its readers: a step's watcher has gone
            watch.start()


class _Service:
    """One service; its words go to ITA_HOME/airflow/<name>.log."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        self.name, self.command = name, command
        self.environment = {**environment, children.PARENT: str(os.getpid())}
        self.process: subprocess.Popen[bytes] | None = None
        self.started = 0.0

    def keep(self) -> None:
        """Start it if it does not run, AGAIN_AFTER seconds after the last start at the earliest."""
        if self.process and self.process.poll() is None:
            return
        if time.monotonic() - self.started < AGAIN_AFTER:
            return
        if self.process:
            click.echo(
                f"{self.name} had ended ({self.process.returncode}), started again", err=True
            )
        log = settings.folder("airflow") / f"{self.name}.log"
        with log.open("ab") as words:
            self.process = subprocess.Popen(
                self.command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=words,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.started = time.monotonic()
