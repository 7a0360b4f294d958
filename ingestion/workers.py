"""Processes that read files nobody vouches for: bounded in memory and time, they may die without harm to the run."""

import multiprocessing
import os
import resource
import signal
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection, wait
from pathlib import Path
from time import monotonic
from typing import Any

from warehouse.children import end_with_parent

MEMORY = 2_500_000_000  # bytes of address space for a job beside the libraries that its process inherits (about 1.5 GB), and
MEMORY_PER_BYTE = 16  # as much again for each byte that it reads,
MOST_MEMORY = 6_500_000_000  # but never more
PATIENCE = 60.0  # seconds for a job, and
PATIENCE_PER_BYTE = 3e-6  # as much again for each byte that it reads
PROCESSES = len(os.sched_getaffinity(0))

_FORK = multiprocessing.get_context("fork")  # the reference data are inherited, not sent


class Died(Exception):
    """The process ended, or was ended, before the job was done."""


def run(
    work: Callable[[Any], Any], jobs: Iterable[tuple[Any, int]], processes: int = PROCESSES
) -> Iterator[tuple[Any, Any]]:
    """`work(job)` for each (job, bytes it reads) in `processes` processes; gives (job, result or exception) as they come.

    A job whose process dies or takes too long gives Died; its process is replaced.
    """
    jobs = iter(jobs)
    workers = [_Worker(work) for _ in range(processes)]
    try:
        for worker in workers:
            worker.give(next(jobs, None))
        while any(worker.job is not None for worker in workers):
            busy = [worker for worker in workers if worker.job is not None]
            wait(
                [worker.pipe for worker in busy],
                timeout=max(0.0, min(worker.deadline for worker in busy) - monotonic()),
            )
            for worker in busy:
                answer = worker.answer()
                if answer is not None:
                    job = worker.job
                    worker.give(next(jobs, None))
                    yield job, answer[0]
    finally:
        for worker in workers:
            worker.end()


class _Worker:
    def __init__(self, work: Callable):
        self.work, self.job, self.deadline = work, None, 0.0
        self._start()

    def _start(self) -> None:
        self.pipe, theirs = _FORK.Pipe()
        self.process = _FORK.Process(
            target=_serve, args=(self.work, theirs, self.pipe), daemon=True
        )
        self.process.start()
        theirs.close()

    def give(self, job: tuple[Any, int] | None) -> None:
        """Hand out a job; None: no work left."""
        self.job = job and job[0]
        if job:
            self.deadline = monotonic() + PATIENCE + PATIENCE_PER_BYTE * job[1]
            self.pipe.send((self.job, min(MEMORY + MEMORY_PER_BYTE * job[1], MOST_MEMORY)))

    def answer(self) -> tuple | None:
        """(result,) if the job is over, None while it runs."""
        if self.pipe.poll():
            try:
                return (self.pipe.recv(),)
            except (EOFError, OSError):
                self.process.join(5)
                return (self._replace(f"the process died ({_how(self.process.exitcode)})"),)
        if monotonic() > self.deadline:
            return (self._replace("it took too long"),)
        return None

    def _replace(self, why: str) -> Died:
        self.end()
        self._start()
        return Died(why)

    def end(self) -> None:
        """Stop the process."""
        self.pipe.close()
        self.process.kill()
        self.process.join()


def _how(exitcode: int | None) -> str:
    return signal.Signals(-exitcode).name if exitcode and exitcode < 0 else f"exit code {exitcode}"


def _serve(work: Callable, pipe: Connection, other_end: Connection) -> None:
    """In the process: work until the pipe closes. It holds no socket of the parent's and ends with it."""
    other_end.close()
    end_with_parent()
    for descriptor in (int(name) for name in os.listdir("/proc/self/fd")):
        if descriptor > 2 and descriptor != pipe.fileno():
            try:
                os.close(descriptor)
            except OSError:
                pass
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    inherited = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    while True:
        try:
            job, memory = pipe.recv()
        except EOFError:
            os._exit(0)
        resource.setrlimit(resource.RLIMIT_AS, (inherited + memory, inherited + MOST_MEMORY))
        try:
            result = work(job)
        except Exception as error:  # whatever a hostile file provokes is an answer
            result = error
        try:
            pipe.send(result)
        except Exception as error:  # an answer that cannot be pickled
            pipe.send(RuntimeError(f"{type(error).__name__}: {error}"))
