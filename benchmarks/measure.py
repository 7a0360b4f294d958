"""What a benchmark measures of a command.

Seconds, processor seconds here and in the database server, peak memory.
"""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

ITA = Path(sys.executable).with_name("ita")


@dataclass
class Line:
    """A line of the result table. `cpu`: seconds of the command and its children; `server`.

    Of PostgreSQL meanwhile; `memory`: MB of the largest process of the command.
    """

    step: str
    seconds: float
    cpu: float
    server: float
    rows: int = 0
    memory: float = 0
    note: str = ""

    def __str__(self) -> str:
        rate = f"{self.rows / self.seconds:,.0f}" if self.rows else ""
        return (
            f"| {self.step:<34} | {self.seconds:8.2f} | {self.cpu:7.1f} | {self.server:7.1f} | "
            f"{self.rows or '':>9} | {rate:>11} "
            f"| {self.memory or 0:7.0f} | {self.note} |"
        )


HEAD = (
    "| step                               |  seconds |     cpu |  server |      rows |      rows/s "
    "|      MB | note |\n"
    "|------------------------------------|---------:|--------:|--------:|----------:|------------:|--------:|------|"
)


def server_seconds(home: Path) -> float:
    """Processor seconds that the embedded PostgreSQL of this ITA_HOME has used so far, all its
    processes together; 0 if it is not ours.
    """
    try:
        server = psutil.Process(
            int((home / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
        )
    except (OSError, psutil.Error):
        return 0.0
    while server.is_running():
        try:
            running = [child.cpu_times() for child in server.children()]
        except psutil.NoSuchProcess:  # a child that ended meanwhile: the server has its time now
            continue
        ended = server.cpu_times()
        return (
            sum(times.user + times.system for times in [ended, *running])
            + ended.children_user
            + ended.children_system
        )
    return 0.0


def command(
    step: str, arguments: list, environment: dict, home: Path, note: str = ""
) -> tuple[Line, str]:
    """Run a command to its end; its line (without rows) and what it printed.

    Raises SystemExit with its output if it fails.
    """
    server, start = server_seconds(home), time.perf_counter()
    process = subprocess.Popen(
        [str(part) for part in arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{step} failed with {process.returncode}:\n{output[-3000:]}")
    cpu = usage.ru_utime + usage.ru_stime
    return Line(
        step, seconds, cpu, server_seconds(home) - server, memory=usage.ru_maxrss / 1024, note=note
    ), output


def call(step: str, function, home: Path, rows: int = 0, note: str = "") -> Line:
    """Run a function of this process."""
    server, start, cpu = server_seconds(home), time.perf_counter(), time.process_time()
    function()
    return Line(
        step,
        time.perf_counter() - start,
        time.process_time() - cpu,
        server_seconds(home) - server,
        rows,
        note=note,
    )
