"""The verdicts in ITA_HOME/nights: the last one, and one for each run that ended.

They are files, not rows: a verdict must also be written when the warehouse does not answer. So that
a full disk cannot silence it, a megabyte is kept that is given up for its bytes.
"""

import errno
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from warehouse import durable, nights

RESERVE = 1024 * 1024
Result = TypeVar("Result")


latest, folder = nights.verdict, nights.folder


def keep(verdict: dict) -> None:
    """Write the verdict as the last one, and as that of its run."""
    text = durable.to_json(verdict)
    began = datetime.fromisoformat(verdict["began_at"] or verdict["night_began_at"])
    own = folder() / f"run-{began.astimezone(UTC):%Y%m%dT%H%M%SZ}-{verdict['kind']}.json"
    with_room(lambda: durable.write_all({folder() / "verdict.json": text, own: text}))


def since(at: datetime) -> datetime:
    """When this ITA_HOME was first looked after; `at` where that is now, which is then noted."""
    first = nights.since()
    if first and first <= at:  # else the clock was wrong then
        return first
    try:
        durable.write(folder() / "since.json", durable.to_json({"since": at.isoformat()}))
    except OSError:
        pass  # a full disk: the next look notes it
    return at


def with_room(write: Callable[[], Result]) -> Result:
    """Do what writes a little; where the disk is full, once more without the reserve."""
    reserve = folder() / "reserve"
    try:
        result = write()
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        reserve.unlink(missing_ok=True)
        return write()
    _lay_by(reserve)
    return result


def _lay_by(reserve: Path) -> None:
    if reserve.exists() and reserve.stat().st_size == RESERVE:
        return
    if shutil.disk_usage(reserve.parent).free < 50 * RESERVE:
        return  # what has just been freed is for what is written next
    try:
        durable.write(reserve, os.urandom(RESERVE))  # not zeros: some file systems keep no zeros
    except OSError:
        reserve.unlink(missing_ok=True)


@contextmanager
def lock() -> Iterator[None]:
    """One verdict at a time, on whatever machine shares the folder; gone with its process."""
    opened = os.open(folder() / "lock", os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)
