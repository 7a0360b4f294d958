"""Take files in: by hand into `landing/`, and each night from `landing/` into `archive/` and raw.submission."""

import hashlib
import json
import os
import re
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import psycopg

from warehouse import settings

BLOCK = 1024 * 1024
LONGEST_NAME = 180  # bytes of one name
FILES_AT_ONCE = 500  # in one transaction


def receive_paths(paths: list[Path]) -> Iterator[str]:
    """Put files, and folders with their sub-folders, in `landing/`. Gives one line a file: SHA-256, stored / already known / why not."""
    waiting = {_sha256(file) for file in _landed()}
    for path in paths:
        for file, name in _files(Path(path)):
            if file.is_symlink() or not file.is_file():
                yield f"{'-' * 64}  refused (a link or no regular file)  {name}"
                continue
            try:
                yield _store(file, name, waiting)
            except PermissionError:
                yield f"{'-' * 64}  refused (it cannot be opened)  {name}"


def _files(path: Path) -> Iterator[tuple[Path, Path]]:
    """Each file of a path, and its name below landing: the folder's own name and sub-folders are kept."""
    if not path.is_dir() or path.is_symlink():
        yield path, Path(_safe(path.name))
        return
    top = path.resolve()
    for folder, folders, names in os.walk(top):
        folders.sort()
        for name in sorted(names):
            file = Path(folder) / name
            if not name.startswith("."):
                yield (
                    file,
                    Path(*(_safe(part) for part in (top.name, *file.relative_to(top).parts))),
                )


def _safe(name: str) -> str:
    """A name without path parts or control characters, not hidden, not too long; any script."""
    name = (
        re.sub(r"[\x00-\x1f\x7f/\\:]", "_", name.encode("utf-8", "replace").decode()).lstrip(".")
        or "_"
    )
    if len(name.encode()) <= LONGEST_NAME:
        return name
    stem, suffix = os.path.splitext(name)
    return (
        stem.encode()[: LONGEST_NAME - len(suffix.encode()[:20])].decode("utf-8", "ignore")
        + suffix[:20]
    )


def _store(file: Path, name: Path, waiting: set[str]) -> str:
    landing = settings.folder("landing")
    target = landing / name
    draft = landing / f".incoming-{os.getpid()}"
    try:
        sha256 = _copy(file, draft)
        if sha256 in waiting or _is_known(sha256):
            return f"{sha256}  already known  {name}"
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists() and _sha256(target) != sha256:
            target = target.with_name(f"{target.stem}-{sha256[:8]}{target.suffix}")
        draft.replace(target)
        waiting.add(sha256)
        return f"{sha256}  stored  {target.relative_to(landing)}"
    finally:
        draft.unlink(missing_ok=True)


def _is_known(sha256: str) -> bool:
    """In the archive, and nothing to judge anew: a file with errors, or one taken back, is taken again."""
    receipt = settings.folder("receipts") / f"{sha256}.json"
    if not archived(sha256).exists():
        return False
    if not receipt.exists():
        return True
    judged = json.loads(receipt.read_text(encoding="utf-8"))
    return judged["state"] not in ("rejected", "withdrawn") and judged["errors"] == 0


def _landed() -> list[Path]:
    """The regular files in landing, hidden ones (drafts) left out."""
    landing = settings.folder("landing")
    found = []
    for folder, folders, names in os.walk(landing):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Path(folder) / name for name in sorted(names) if not name.startswith(".")]
    return [file for file in found if file.is_file() and not file.is_symlink()]


def archived(sha256: str) -> Path:
    """Where the archive keeps these bytes."""
    return settings.folder("archive") / sha256[:2] / sha256


def _copy(source: Path, target: Path) -> str:
    """Copy and give the SHA-256 of what was copied."""
    digest = hashlib.sha256()
    with source.open("rb") as reading, target.open("wb") as writing:
        while block := reading.read(BLOCK):
            digest.update(block)
            writing.write(block)
    return digest.hexdigest()


def _sha256(file: Path) -> str:
    with file.open("rb") as reading:
        return hashlib.file_digest(reading, "sha256").hexdigest()


def register_landing(conn: psycopg.Connection, received_at: datetime) -> int:
    """The nightly receive step: every file in landing goes to the archive and into raw.submission as `received`; how many are new.

    Known bytes are one submission, but with errors or withdrawn they are judged again. A file that grows while it is read stays for the
    next night. Killed at any point it can run again.
    """
    new, landed = 0, _landed()
    for begin in range(0, len(landed), FILES_AT_ONCE):
        taken = [
            (file, sha256)
            for file in landed[begin : begin + FILES_AT_ONCE]
            if (sha256 := _archive(file))
        ]
        with conn.transaction():
            for file, sha256 in taken:
                name = (
                    file.relative_to(settings.folder("landing"))
                    .as_posix()
                    .encode("utf-8", "replace")
                    .decode()
                )
                new += _register(conn, sha256, name, received_at)
        for file, _ in taken:
            file.unlink()
    _remove_empty_folders()
    return new


def _archive(file: Path) -> str | None:
    """Copy into the archive, whole or not at all; None if the file changed meanwhile or cannot be opened: it waits."""
    draft = settings.folder("archive") / f".incoming-{os.getpid()}"
    try:
        before = file.stat()
        sha256 = _copy(file, draft)
        after = file.stat()
        if (before.st_size, before.st_mtime_ns) != (
            after.st_size,
            after.st_mtime_ns,
        ) or draft.stat().st_size != after.st_size:
            return None
        target = archived(sha256)
        target.parent.mkdir(exist_ok=True)
        draft.chmod(0o440)
        draft.replace(target)
        return sha256
    except (FileNotFoundError, PermissionError) as error:
        print(f"{file.name}: {error.strerror}; it stays in landing", file=sys.stderr)
        return None
    finally:
        draft.unlink(missing_ok=True)


def _register(conn: psycopg.Connection, sha256: str, name: str, received_at: datetime) -> int:
    """Insert as received, or set back to received what is to be judged again. 1 if it is to be judged, else 0."""
    again = conn.execute(
        """
        insert into raw.submission (submission_sha256, file_name, authority, received_at, state)
        values (%s, %s, %s, %s, 'received')
        on conflict (submission_sha256) do update
            set file_name = excluded.file_name, authority = excluded.authority, received_at = excluded.received_at, state = 'received',
                received_seq = default
            where submission.state in ('rejected', 'withdrawn') or submission.errors > 0
        returning 1""",
        [sha256, name, authority(name), received_at],
    ).fetchone()
    return 1 if again else 0


def authority(name: str) -> str:
    """nacc for an official export: the file's or a folder's name begins with nacc."""
    return (
        "nacc" if any(part.casefold().startswith("nacc") for part in Path(name).parts) else "agency"
    )


def _remove_empty_folders() -> None:
    landing = settings.folder("landing")
    for folder, _, _ in os.walk(landing, topdown=False):
        if Path(folder) != landing:
            try:
                os.rmdir(folder)
            except OSError:  # not empty
                pass
