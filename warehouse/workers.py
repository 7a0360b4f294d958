"""Processes for work that nobody vouches for: bounded in memory and time, they may die alone."""

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

# Bytes of address space for a job beside the libraries that its process has when it starts (about
# 1.5 GB where they are inherited), and as much again for each byte that it reads, but never more.
MEMORY = 2_500_000_000
MEMORY_PER_BYTE = 16
MOST_MEMORY = 6_500_000_000
# Seconds for a job, and for each byte that it reads.
PATIENCE = 60.0
PATIENCE_PER_BYTE = 3e-6
PROCESSES = len(os.sched_getaffinity(0))


class Died(Exception):
    """The process ended, or was ended, before the job was done."""


class Workers:
    """`processes` processes that do `work(job)`; they start with the block and end with it.

    start: "fork" (what the caller has in memory is inherited, not sent) or "spawn" (for work with
    libraries whose threads a fork does not copy; `work` must be a function of a module).
    """

    def __init__(self, work: Callable[[Any], Any], processes: int, start: str = "fork") -> None:
        self.work, self.processes = work, processes
        self.context = multiprocessing.get_context(start)

    def __enter__(self) -> "Workers":
        self.workers = [_Worker(self.work, self.context) for _ in range(self.processes)]
        return self

    def __exit__(self, *_: Any) -> None:
        for worker in self.workers:
            worker.end()

    def run(self, jobs: Iterable[tuple[Any, int]]) -> Iterator[tuple[Any, Any]]:
        """`work(job)` for each (job, bytes it reads): (job, result or exception), as they come.

        A job whose process dies or takes too long gives Died; its process is replaced.
        """
        jobs = iter(jobs)
        for worker in self.workers:
            worker.give(next(jobs, None))
        while busy := [worker for worker in self.workers if worker.job is not None]:
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


def run(
    work: Callable[[Any], Any], jobs: Iterable[tuple[Any, int]], processes: int = PROCESSES
) -> Iterator[tuple[Any, Any]]:
    """`Workers.run` in forked processes that start and end with it."""
    with Workers(work, processes) as workers:
        yield from workers.run(jobs)


class _Worker:
    def __init__(self, work: Callable, context: Any) -> None:
        self.work, self.context, self.job, self.deadline = work, context, None, 0.0
        self._start()

    def _start(self) -> None:
        self.pipe, theirs = self.context.Pipe()
        self.process = self.context.Process(
            target=_serve, args=(self.work, theirs, self.pipe), daemon=True
        )
        self.process.start()
        theirs.close()

    def give(self, job: tuple[Any, int] | None) -> None:
        """Hand out a job; None: no work left."""
        self.job = job and job[0]
        if job:
            order = (self.job, min(MEMORY + MEMORY_PER_BYTE * job[1], MOST_MEMORY))
            try:
                self.pipe.send(order)
            except OSError:  # the process was ended while it had nothing to do
                self._replace("")
                self.pipe.send(order)
            self.deadline = monotonic() + PATIENCE + PATIENCE_PER_BYTE * job[1]

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
    """In the process: work until the pipe closes. It holds no socket of the parent's."""
    other_end.close()
    end_with_parent()
    for descriptor in [int(opened.name) for opened in Path("/proc/self/fd").iterdir()]:
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
