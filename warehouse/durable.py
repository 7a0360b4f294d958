"""Files that outlive a power cut: whole under their name, or not there.

A rename is only safe when the bytes are on the disk before it, and the name only when its folder is
on the disk after it. Whatever says "it is there" (a line, a commit, a file that is removed) comes
after these functions have returned.
"""

import errno
import hashlib
import json
import os
import shutil
import socket
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

ROOM = 500_000_000  # bytes that stay free: with less, nothing is taken into the archive
THREADS = 16  # files that wait for the disk together: it writes them in one go


def write(path: Path, content: bytes | str, mode: int = 0o666) -> None:
    """Write a file whole or not at all. `mode` before the umask."""
    write_all({path: content}, mode)


def write_all(contents: dict[Path, bytes | str], mode: int = 0o666) -> None:
    """Write files, each whole or not at all; their folders exist."""
    drafts = {}
    try:
        for path, content in contents.items():
            drafts[path] = draft = draft_of(path)
            opened = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, mode)
            with os.fdopen(opened, "wb") as file:
                file.write(content if isinstance(content, bytes) else content.encode())
        sync(drafts.values())
        for path, draft in drafts.items():
            make_way(path)
            draft.replace(path)
    except BaseException:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)
        raise
    sync({path.parent for path in contents})


def draft_of(path: Path) -> Path:
    """The name beside `path` under which this process writes what becomes it."""
    return path.with_name(draft_name(path.name))


def draft_name(name: str) -> str:
    """The same of a file's name alone.

    Processes of two containers on one volume may have the same number, but not the same host.
    """
    return f".{name[:150]}.{socket.gethostname()[:40]}.{os.getpid()}"


def rename(source: Path, target: Path) -> None:
    """Rename within one file system; the new name is on the disk afterwards."""
    source.replace(target)
    sync({source.parent, target.parent})


def sync(paths: Iterable[Path]) -> None:
    """Have the content of files, the names in folders, on the disk."""
    todo = list(paths)
    shares = [todo[number::THREADS] for number in range(min(THREADS, len(todo)))]
    if len(shares) == 1:  # no thread for the usual one
        _sync_each(shares[0])
    elif shares:
        with ThreadPoolExecutor(len(shares)) as pool:
            list(pool.map(_sync_each, shares))


def sync_tree(folder: Path) -> None:
    """`sync` of a folder and all that is in it."""
    for top, _, names in os.walk(folder):
        sync([Path(top), *(Path(top, name) for name in names)])


def _sync_each(paths: list[Path]) -> None:
    for path in paths:
        opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def make_folder(path: Path) -> Path:
    """`path`, made with its parents where they are absent; their names are on the disk."""
    if not path.is_dir():
        make_folder(path.parent)
        path.mkdir(exist_ok=True)
        sync([path.parent])
    return path


def replace_folder(drafts: dict[Path, Path]) -> None:
    """Put each draft folder, with all that is in it, in the place of the folder that it is to be.

    Between the two renames of one there is none: whoever reads it must take that as never written.
    """
    sync(file for draft in drafts for file in [draft, *draft.iterdir()])
    old = [_make_way(draft, folder) for draft, folder in drafts.items()]
    sync({folder.parent for folder in drafts.values()})
    for folder in old:  # not before the new name is on the disk
        shutil.rmtree(folder, ignore_errors=True)


def _make_way(draft: Path, folder: Path) -> Path:
    old = draft.with_name(f"{draft.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    draft.rename(folder)
    return old


def append(path: Path, line: str) -> None:
    """Add a line to a file of lines."""
    with path.open("a", encoding="utf-8") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())
    sync([path.parent])


def to_json(content: Any) -> str:
    """A state file's text; names of files that are no text keep their bytes."""
    return json.dumps(content, ensure_ascii=True, indent=1, sort_keys=True) + "\n"


def read_json(path: Path, form: type = dict) -> Any:
    """A state file's content, a `form`; None where it is absent or was broken.

    One that is empty, no JSON, of another form, a folder or a link that leads nowhere is named on
    stderr and set aside: who reads it does as if it had never been written, and makes it again.
    """
    try:
        content = json.loads(path.read_bytes())
        if not isinstance(content, form):
            raise ValueError(f"no {form.__name__}")
        return content
    except (FileNotFoundError, NotADirectoryError):
        if not path.is_symlink():
            return None
        set_aside(path, "a link that leads nowhere")
    except (ValueError, RecursionError) as error:
        set_aside(path, error)
    except OSError as error:
        if error.errno not in (errno.EISDIR, errno.ELOOP):
            raise
        set_aside(path, error)
    return None


def make_way(path: Path) -> None:
    """Set aside a folder that stands where a file is to be: no rename replaces it."""
    if path.is_dir() and not path.is_symlink():
        set_aside(path, "a folder")


def changed(folder: Path, written: dict[str, str]) -> list[str]:
    """Of the files that were written there (name -> SHA-256) those that are others now, or gone."""
    return [name for name, sha256 in written.items() if _sha256(folder / name) != sha256]


def _sha256(file: Path) -> str:
    """'' where there is no such file."""
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""


def set_aside(path: Path, why: Exception | str) -> None:
    """Keep what is broken under another name, so that it can be made again; say so."""
    aside = path.with_name(f"{path.name}.broken")
    print(f"{path}: broken ({why}); kept as {aside.name}", file=sys.stderr)
    if aside.is_dir() and not aside.is_symlink():  # of the time before: nothing replaces a folder
        shutil.rmtree(aside)
    elif path.is_dir():
        aside.unlink(missing_ok=True)
    path.rename(aside)
