"""No orphan, no hang: what a command starts ends with it, and nobody else can hold it up."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from warehouse import children

ITA = str(Path(sys.executable).parent / "ita")
STARTER = """
import os, sys
from warehouse import children
with children.started([sys.executable, "-c", sys.argv[1]], os.environ) as (process, lines):
    for line in lines:
        print(line, flush=True)
"""
CHILD = """
import os, time
from warehouse import children
children.end_with_told_parent()
print(os.getpid(), flush=True)
time.sleep(60)
"""


def gone(pid: int, patience: float = 30) -> bool:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False


def test_a_child_ends_with_its_killed_parent():
    parent = subprocess.Popen(
        [sys.executable, "-c", STARTER, CHILD], stdout=subprocess.PIPE, text=True
    )
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    assert gone(child)


def test_a_command_whose_parent_ended_while_it_started_does_nothing():
    """Its parent is this process, but it is told another: so it looks when the parent is gone."""
    started = subprocess.run(
        [ITA, "status"], env={**os.environ, children.PARENT: "1"}, capture_output=True, text=True
    )
    assert started.returncode == -signal.SIGKILL
    assert started.stdout == ""


@pytest.mark.parametrize("stranger", ["sleep 50 &", "setsid sleep 50 &"])
def test_a_stranger_who_keeps_the_output_open_holds_nobody_up(stranger):
    before = time.monotonic()
    command = ["/bin/sh", "-c", f"{stranger} echo $!; echo said; printf 'without an end'"]
    with children.started(command, os.environ) as (process, lines):
        number, *said = lines
    assert said == ["said", "without an end"]
    assert process.returncode == 0
    assert time.monotonic() - before < 40
    if stranger.startswith("setsid"):  # a session of its own is nobody's
        os.kill(int(number), signal.SIGKILL)
    assert gone(int(number))


def test_all_lines_are_told_also_many_at_the_end():
    command = [sys.executable, "-c", "print('\\n'.join(map(str, range(50_000))))"]
    with children.started(command, os.environ) as (_, lines):
        assert list(lines) == [str(number) for number in range(50_000)]


FAMILY = """
import os, subprocess, sys, time
from warehouse import children
children.adopt_orphans()
# A grandchild in a session of its own, whose parent ends at once; one that does not listen.
subprocess.run(["/bin/sh", "-c", "setsid sleep 60 & echo $!"])
deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print(flush=True); time.sleep(60)"
stubborn = subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE)
stubborn.stdout.readline()
silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
spared = subprocess.Popen(["/bin/sleep", "60"], **silent)
print(stubborn.pid, spared.pid, flush=True)
children.end_descendants(1.0, but=spared.pid)
"""


def test_a_family_is_ended_but_for_whom_is_spared():
    family = subprocess.run([sys.executable, "-c", FAMILY], capture_output=True, text=True)
    assert family.returncode == 0, family.stderr
    orphan, stubborn, spared = map(int, family.stdout.split())
    assert gone(orphan) and gone(stubborn)
    assert psutil.pid_exists(spared)
    os.kill(spared, signal.SIGKILL)
