"""The files of ITA_HOME into a back-up, and out of it.

What has not changed since the back-up before is a second name (hard link) of its file there: a
back-up costs what is new. The bytes are on one disk, then: another copy belongs elsewhere.
"""

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from recovery.manifest import BLOCK, File
from warehouse.errors import Fault

HOME = "home"
# Of the top of ITA_HOME: what is dumped as a database, belongs to one machine, or is made again
# from the rest. Whatever is not named here is in a back-up.
MADE_AGAIN = {
    "postgres",
    "postgres.port",
    "postgres.listen",
    "postgres.out",
    "backups",
    "restoring.json",
    "airflow",
    "dbt",
    "documents",
    "judged",
    "fonts",
}
AGAIN = 3  # times that a folder is copied anew where it was replaced meanwhile


def of_home(home: Path) -> Iterator[Path]:
    """Every folder and file below ITA_HOME that belongs in a back-up; no drafts, locks, links."""
    for top, folders, names in os.walk(home):
        if Path(top) == home:
            folders[:] = [name for name in folders if name not in MADE_AGAIN]
            names = [name for name in names if name not in MADE_AGAIN]
        folders[:] = sorted(name for name in folders if not _passes(Path(top, name)))
        yield from (Path(top, name) for name in folders)
        yield from (Path(top, name) for name in sorted(names) if not _passes(Path(top, name)))


def _passes(path: Path) -> bool:
    """A draft of a file that is being written, a lock, a link: no content of ours."""
    return path.name.startswith(".") or path.is_symlink() or not (path.is_dir() or path.is_file())


def save(home: Path, draft: Path, before: Path | None, known: dict[str, File]) -> list[File]:
    """Copy ITA_HOME to draft/home; what it is of, file by file.

    before: the back-up before, whose unchanged files are linked; known: its files by path.
    A pack that is replaced in between is copied as one of the two, never half of each.
    """
    saved: dict[str, File] = {}
    folders = [home, *(path for path in of_home(home) if path.is_dir())]
    for folder in folders:
        target = draft / HOME / folder.relative_to(home)
        target.mkdir(parents=True, exist_ok=True)
        for _ in range(AGAIN):
            number, taken = _number(folder), _folder(home, folder, draft, before, known)
            if number == _number(folder):
                break
            for file in taken:
                (draft / file.path).unlink()
        else:
            raise Fault(f"{folder} is replaced again and again", "run `ita backup` again")
        if number:
            shutil.copystat(folder, target)
        saved |= {file.path: file for file in taken}
    return list(saved.values())


def _number(folder: Path) -> int:
    """The folder's own number on its disk, 0 where it is gone: another folder has another."""
    try:
        return folder.stat().st_ino
    except FileNotFoundError:
        return 0


def _folder(
    home: Path, folder: Path, draft: Path, before: Path | None, known: dict[str, File]
) -> list[File]:
    taken = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.is_dir() or _passes(path) or (folder == home and path.name in MADE_AGAIN):
            continue
        told = str(Path(HOME) / path.relative_to(home))
        try:
            taken.append(_linked(path, told, draft, before, known) or copy(path, draft, told))
        except FileNotFoundError:
            continue  # it left landing, or its folder was replaced
    return taken


def _linked(
    path: Path, told: str, draft: Path, before: Path | None, known: dict[str, File]
) -> File | None:
    """The file as the back-up before has it, if it is the same by size, time and mode."""
    was, now = known.get(told), path.stat()
    if not before or not was:
        return None
    if (was.size, was.mtime_ns, was.mode) != (now.st_size, now.st_mtime_ns, now.st_mode & 0o7777):
        return None
    try:
        os.link(before / told, draft / told)
    except OSError:  # a disk without hard links, or lost there
        return None
    return was


def copy(source: Path, draft: Path, told: str, was: File | None = None) -> File:
    """Copy a file to draft/told with its time and mode; what was copied.

    was: what it is a back-up of, whose time and mode the back-up can have lost on its way.
    """
    digest, size, target = hashlib.sha256(), 0, draft / told
    with source.open("rb") as content:
        status = os.fstat(content.fileno())
        opened = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(opened, "wb") as file:
            while block := content.read(BLOCK):
                digest.update(block)
                size += len(block)
                file.write(block)
    mtime_ns = was.mtime_ns if was else status.st_mtime_ns
    mode = was.mode if was else status.st_mode & 0o7777
    os.utime(target, ns=(status.st_atime_ns, mtime_ns))
    target.chmod(mode)
    return File(told, digest.hexdigest(), size, mtime_ns, mode)


def of_folder(draft: Path, folder: str) -> Iterator[File]:
    """What was written into draft/folder by others (pg_dump)."""
    from recovery.manifest import sha256_of

    for path in sorted((draft / folder).rglob("*")):
        if path.is_file():
            status = path.stat()
            told = str(path.relative_to(draft))
            yield File(
                told, sha256_of(path), status.st_size, status.st_mtime_ns, status.st_mode & 0o7777
            )


def bring_back(backup: Path, home: Path, listed: Iterable[File]) -> int:
    """Copy home/ of a back-up to ITA_HOME; the number of files. Raises Fault for a changed one."""
    count = 0
    for folder, _, _ in os.walk(backup / HOME):
        target = home / Path(folder).relative_to(backup / HOME)
        target.mkdir(parents=True, exist_ok=True)
        if target != home:
            shutil.copymode(folder, target)
    for file in listed:
        if not file.path.startswith(f"{HOME}/"):
            continue
        inside = str(Path(file.path).relative_to(HOME))
        if copy(backup / file.path, home, inside, file).sha256 != file.sha256:
            raise Fault(f"{backup / file.path} is not what it was", "take another back-up")
        count += 1
    return count


def room(where: Path, needed: int) -> None:
    """Raise Fault unless the disk of a folder has so many bytes, and a tenth more."""
    free = shutil.disk_usage(where).free
    if free < needed * 1.1:
        raise Fault(
            f"{where} has {free / 1e9:.1f} GB free, {needed * 1.1 / 1e9:.1f} GB are needed",
            "make room, or give a folder on another disk (ITA_BACKUPS)",
        )
