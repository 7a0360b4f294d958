"""The archive: every original, unchanged, under its SHA-256, on the disk before anything else goes.

archive/<sha256[:2]>/<sha256>, and archive/records/ (`records.py`): who brought it, when, and what
became of it.
"""

import errno
import hashlib
import os
import re
import shutil
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from warehouse import durable, settings

BLOCK = 1024 * 1024
LARGEST = 600 * 1024 * 1024  # bytes of one file that is taken


class NotKept(Exception):
    """Why a file was not taken: a reason of troubles.REASONS, and the system's word."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason} {detail}".strip())
        self.reason, self.detail = reason, detail


def archived(sha256: str) -> Path:
    """Where the archive keeps these bytes."""
    return settings.folder("archive") / sha256[:2] / sha256


def open_below(folder: Path, name: str) -> int:
    """A file below a folder, opened for reading; no link is followed, no pipe waited for.

    Raises NotKept for what is no regular file, or larger than any reader takes.
    """
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    parts = Path(name).parts
    try:
        for part in parts[:-1]:
            deeper = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=opened)
            os.close(opened)
            opened = deeper
        file = os.open(
            parts[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY, dir_fd=opened
        )
    finally:
        os.close(opened)
    status = os.fstat(file)
    if not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST:
        os.close(file)
        raise NotKept(
            "too_large" if stat.S_ISREG(status.st_mode) else "no_file",
            f"{status.st_size:,} bytes, at most {LARGEST:,}",
        )
    return file


def copy(source: int, target: Path, before: os.stat_result) -> str:
    """Copy an open file to a new one; the SHA-256 of what was read.

    before: the file when it was opened. Raises NotKept where there is no room for it or it changed
    while it was read, OSError as the system does.
    """
    if shutil.disk_usage(target.parent).free < before.st_size + durable.ROOM:
        room = f"{before.st_size:,} bytes, and {durable.ROOM // 10**6} MB stay free"
        raise NotKept("no_room", room)
    digest, length = hashlib.sha256(), 0
    with target.open("wb") as writing:
        while block := os.read(source, BLOCK):
            length += len(block)
            if length > before.st_size:  # it grows: never more than there is room for
                break
            digest.update(block)
            writing.write(block)
    after = os.fstat(source)
    if _seen(before) != _seen(after) or length != after.st_size:
        raise NotKept("changing")
    return digest.hexdigest()


def _seen(status: os.stat_result) -> tuple:
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns


def keep(drafts: dict[Path, str]) -> None:
    """Put copies (`copy`: draft → SHA-256) in their places; all are there, whole, on return.

    Bytes that the archive has are left; where they are no longer what they were, the copy takes
    their place. Raises NotKept where what stands there afterwards is not what came.
    """
    new = {draft: sha256 for draft, sha256 in drafts.items() if not _is_kept(sha256)}
    durable.sync(new)
    for draft, sha256 in new.items():
        durable.make_folder(archived(sha256).parent)
        draft.chmod(0o440)
        durable.make_way(archived(sha256))
        draft.replace(archived(sha256))
    durable.sync({archived(sha256).parent for sha256 in new.values()})
    if not all(_is_kept(sha256) for sha256 in new.values()):
        raise NotKept("not_verified")


def _is_kept(sha256: str) -> bool:
    return sha256_of(archived(sha256)) == sha256


def sha256_of(file: Path) -> str | None:
    """The SHA-256 of a file's bytes; None where it is not there, or a folder or link is."""
    try:
        with file.open("rb") as reading:
            return hashlib.file_digest(reading, "sha256").hexdigest()
    except OSError as error:
        if error.errno not in (errno.ENOENT, errno.EISDIR, errno.ELOOP):
            raise
        return None


def changed(known: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(SHA-256, "missing", "changed" or "unreadable") of those of `known` that are not as kept."""
    for sha256 in known:
        try:
            found = sha256_of(archived(sha256))
        except OSError:
            yield sha256, "unreadable"
            continue
        if found != sha256:
            yield sha256, "changed" if found else "missing"


def originals() -> Iterator[str]:
    """The SHA-256 of every file in the archive, by its name."""
    for folder in sorted(settings.folder("archive").glob("[0-9a-f][0-9a-f]")):
        for file in sorted(folder.iterdir()):
            if re.fullmatch(r"[0-9a-f]{64}", file.name):
                yield file.name
