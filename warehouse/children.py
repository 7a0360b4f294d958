"""What processes that a command starts have in common."""

import ctypes
import multiprocessing
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager

import psutil

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
PARENT = "ITA_PARENT"  # the variable in which a parent of ours tells a command of ours its number


def end_with_parent(parent: int | None = None) -> None:
    """In a child process: be killed when the thread that started it ends, also by kill -9 (Linux).

    `parent` is the number of the process that started it; multiprocessing knows it by itself. One
    that has ended in the meantime sends no signal any more: then the child ends here.
    """
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if parent is None:
        started_by = multiprocessing.parent_process()
        assert started_by is not None  # noqa: S101  a mistake of ours, in no one's hands
        parent = started_by.pid
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def started(
    command: Sequence[str], environment: Mapping[str, str]
) -> Iterator[tuple[subprocess.Popen[bytes], Iterator[str]]]:
    """A command of ours and what it says, line by line until it ends, whoever else can still write.

    It is told its parent's number (see end_with_told_parent), and it is a process group of its own,
    of which nothing is left after the block.
    """
    # A file, not a pipe: a pipe ends when the last one who holds it does, whoever that is.
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command,
            env={**environment, PARENT: str(os.getpid())},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield process, _lines(process, said.fileno())
        finally:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass  # nothing of the group is left
            process.wait()


def _lines(process: subprocess.Popen[bytes], file: int) -> Iterator[str]:
    done, rest, ended = 0, b"", False
    while not ended:
        ended = process.poll() is not None  # asked first: then all that it said is in the file
        size = os.fstat(file).st_size
        while done < size:
            block = os.pread(file, min(65536, size - done), done)
            done += len(block)
            *lines, rest = (rest + block).split(b"\n")
            yield from (line.decode(errors="replace") for line in lines)
        try:
            process.wait(0.5)
        except subprocess.TimeoutExpired:
            pass
    if rest:
        yield rest.decode(errors="replace")


def end_with_told_parent() -> None:
    """The same in a command whose parent has told it its number in ITA_PARENT; else nothing."""
    if told := os.environ.pop(PARENT, ""):
        end_with_parent(int(told))


def end_forks_with_parent() -> None:
    """From now on all that this process forks ends with it, and what that forks with that."""
    numbers: list[int] = []
    os.register_at_fork(
        before=lambda: numbers.append(os.getpid()),
        after_in_child=lambda: end_with_parent(numbers[-1]),
        after_in_parent=numbers.clear,
    )


def adopt_orphans() -> None:
    """Become the parent of what a descendant leaves behind, so that it can be ended (Linux).

    Who adopts must also `bury`.
    """
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)


def bury(own: Collection[int]) -> None:
    """Fetch the exit codes of adopted processes that have ended; `own` are fetched elsewhere."""
    for process in psutil.Process().children():
        if process.pid not in own and process.status() == psutil.STATUS_ZOMBIE:
            os.waitpid(process.pid, os.WNOHANG)


def end_descendants(patience: float, but: int | None = None) -> None:
    """End all processes below this one, in `patience` seconds politely, then for good.

    `but` is a process that stays, with all below it.
    """
    deadline, asked = time.monotonic() + patience, set()
    while below := _descendants(but):
        for process in below:
            try:
                if time.monotonic() > deadline:
                    process.kill()
                elif process.pid not in asked:
                    asked.add(process.pid)
                    process.terminate()
            except psutil.NoSuchProcess:
                pass
        psutil.wait_procs(below, timeout=0.2)


def _descendants(but: int | None) -> list[psutil.Process]:
    found = psutil.Process().children(recursive=True)
    spared = {but}
    for process in found:  # parents come before their children
        if process.ppid() in spared:
            spared.add(process.pid)
    return [
        process
        for process in found
        if process.pid not in spared and process.status() != psutil.STATUS_ZOMBIE
    ]
