"""Put files in `landing/` by hand: what has said "stored" is on the disk, with a note of when."""

import errno
import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path, PurePosixPath

from ingestion import archive, handed, inboxes, landing, troubles
from ingestion.archive import NotKept, archived
from ingestion.handed import Note
from ingestion.inboxes import Inbox
from warehouse import durable, settings

LONGEST_NAME = 180  # bytes of one name
NO_HASH = "-" * 64  # in the place of the SHA-256 of what was not taken
AT_ONCE = 100  # files that wait for the disk together


def receive_paths(
    paths: list[Path],
    at: datetime | None = None,
    inbox: Inbox = inboxes.OPERATOR,
    arrived: Callable[[Path], datetime] | None = None,
    of_known: Callable[[str], str] = lambda sha256: "",
    waiting: set[str] | None = None,
) -> Iterator[str]:
    """Put files, and folders with their sub-folders, in `landing/`, from an inbox.

    Gives one line a file: SHA-256, stored / already known / why not. at: when they are handed in;
    None: each in its moment, one after the other. arrived: when that was earlier (an object store
    knows). of_known: what is to be said of known bytes (`repeated.line`). waiting: what
    `waiting_in_landing` gave before several calls; what they put there is added.
    """
    known = waiting if waiting is not None else waiting_in_landing()
    below = Path() if "://" in inbox.name else Path(*map(_safe, PurePosixPath(inbox.name).parts))
    named = ((file, below / name) for path in paths for file, name in _files(Path(path)))

    def when(file: Path) -> datetime:
        now = at or datetime.now(UTC)
        return min(now, arrived(file)) if arrived else now

    while some := list(islice(named, AT_ONCE)):
        for line in _put(some, known, inbox, when):
            again = "  already known  " in line
            yield line + of_known(line[:64]) if again else line


def waiting_in_landing() -> set[str]:
    """The SHA-256 of all that lies in landing."""
    zone = settings.folder("landing")
    found = (archive.sha256_of(zone / found.name) for found in landing.look()[0])
    return {sha256 for sha256 in found if sha256}


def _files(path: Path) -> Iterator[tuple[Path, Path]]:
    """Each file of a path, and its name below landing: the folder's own name is kept."""
    if not path.is_dir() or path.is_symlink():
        yield path, Path(_safe(path.name))
        return
    top = path.resolve()
    for folder, folders, names in os.walk(top):
        folders.sort()
        for name in sorted(names):
            file = Path(folder) / name
            if not name.startswith("."):
                parts = (top.name, *file.relative_to(top).parts)
                yield file, Path(*map(_safe, parts))


def _safe(name: str) -> str:
    """A name without path parts or control characters, not hidden, not too long; any script."""
    name = (
        re.sub(r"[\x00-\x1f\x7f/\\:]", "_", name.encode("utf-8", "replace").decode()).lstrip(".")
        or "_"
    )
    if len(name.encode()) <= LONGEST_NAME:
        return name
    stem, suffix = Path(name).stem, Path(name).suffix
    return (
        stem.encode()[: LONGEST_NAME - len(suffix.encode()[:20])].decode("utf-8", "ignore")
        + suffix[:20]
    )


def _put(some: list[tuple[Path, Path]], waiting: set, inbox: Inbox, when: Callable) -> list[str]:
    """Copy some files into landing; a line each. They get their names when all is on the disk."""
    zone, lines = settings.folder("landing"), []
    drafts: dict[Path, Note] = {}
    try:
        for number, (file, name) in enumerate(some):
            draft = zone / f".incoming-{os.getpid()}-{number}"
            try:
                sha256 = _copied(file, draft)
                if sha256 in waiting or _is_known(sha256):
                    lines.append(f"{sha256}  already known  {name}")
                    continue
                target = _free_name(name, sha256, {note.name for note in drafts.values()})
            except (NotKept, OSError) as error:
                lines.append(f"{NO_HASH}  refused ({_why(error)})  {name}")
                continue
            drafts[draft] = Note(target.as_posix(), sha256, when(file), inbox)
            waiting.add(sha256)
            lines.append(f"{sha256}  stored  {target}")
        durable.sync(drafts)
        handed.write(list(drafts.values()))
        for draft, note in drafts.items():
            draft.replace(zone / note.name)
        durable.sync({(zone / note.name).parent for note in drafts.values()})
    finally:
        for draft in zone.glob(f".incoming-{os.getpid()}-*"):
            draft.unlink()
    return lines


def _copied(file: Path, draft: Path) -> str:
    opened = archive.open_below(file.parent, file.name)
    try:
        return archive.copy(opened, draft, os.fstat(opened))
    finally:
        os.close(opened)


def _free_name(name: Path, sha256: str, taken: set[str]) -> Path:
    """`name`, or with a part of its hash where another file has it; its folder is made.

    Raises NotKept where a link in landing would lead out of it.
    """
    zone = settings.folder("landing")
    folder = durable.make_folder(zone / name.parent)
    if not folder.resolve().is_relative_to(zone.resolve()):
        raise NotKept("link")
    if name.as_posix() in taken or os.path.lexists(zone / name):
        return name.with_name(f"{name.stem}-{sha256[:8]}{name.suffix}")
    return name


def _why(error: NotKept | OSError) -> str:
    if isinstance(error, NotKept):
        if error.reason != "no_file":
            return f"{troubles.REASONS[error.reason][2]} {error.detail}".rstrip()
    elif error.errno == errno.EACCES:
        return "it cannot be opened"
    elif error.errno != errno.ELOOP:
        return error.strerror or type(error).__name__
    return "a link or no regular file"


def _is_known(sha256: str) -> bool:
    """In the archive, and nothing to judge anew: what had errors, or was taken back, is taken."""
    if not archived(sha256).exists():
        return False
    judged = durable.read_json(settings.folder("receipts") / f"{sha256}.json")
    return judged is None or (
        judged.get("state") not in ("rejected", "withdrawn") and judged.get("errors") == 0
    )


def take_back(sha256: str, inbox: Inbox) -> bool:
    """Remove what was handed in by this inbox and waits in landing; False where nothing does.

    The lock of the steps must be held: a night that has begun to read it is waited for.
    """
    zone = settings.folder("landing")
    found = [n for n in handed.read().values() if (n.sha256, n.inbox) == (sha256, inbox)]
    taken = False
    for note in found:
        if archive.sha256_of(zone / note.name) == sha256:
            (zone / note.name).unlink()
            durable.sync([(zone / note.name).parent])
            taken = True
        handed.forget([note.name])
    return taken
