"""What is on the disk after a power cut: the journal of shim.c read as a file system keeps it.

A name (made, changed, removed) is safe when its folder was synced after it, bytes when their file
was. What is not safe may be there or not: `lost` plays the worst of both, `kept` lets every name
stay and only the bytes go, a number chooses by chance, for each folder the first so many of its
changes, as a journalling file system does.
"""

import os
import random
import shutil
from dataclasses import dataclass
from pathlib import Path


@dataclass
class _Change:
    """Of a name, not yet safe. `kept`: where what had the name before lies."""

    kind: str
    path: str
    to: str = ""
    kept: str = "-"
    undone: bool = False

    @property
    def folder(self) -> str:
        return str(Path(self.to or self.path).parent)


def cut(journal: Path, mode: str | int) -> int:
    """Leave below the watched folder what a power cut leaves; how many names and bytes are lost."""
    unsafe, dirty = _read(journal)
    chance = random.Random(mode)
    lost = 0
    for path in sorted(dirty):
        if Path(path).is_file() and (mode in ("lost", "kept") or chance.random() < 0.7):
            os.truncate(path, 0)
            lost += 1
    by_folder: dict[str, list[_Change]] = {}
    for change in unsafe:
        by_folder.setdefault(change.folder, []).append(change)
    for changes in by_folder.values():
        stay = {"lost": 0, "kept": len(changes)}.get(mode)
        stay = chance.randint(0, len(changes)) if stay is None else stay
        for change in changes[stay:]:
            change.undone = True
    for change in reversed(unsafe):
        if change.undone:
            _undo(change)
            lost += 1
    return lost


def _read(journal: Path) -> tuple[list[_Change], set[str]]:
    """The changes of names that are not safe, in order, and the files whose bytes are not."""
    unsafe: list[_Change] = []
    dirty: set[str] = set()
    lines = journal.read_text().splitlines() if journal.exists() else []
    for line in lines:
        kind, first, second, third = line.split("\t")
        if kind == "sync" and Path(first).is_dir():
            unsafe = [change for change in unsafe if change.folder != first]
        elif kind == "sync":
            dirty.discard(first)
        elif kind == "write":
            dirty.add(first)
        elif kind == "create":
            dirty.add(first)
            unsafe.append(_Change("create", first))
        elif kind == "rename":
            dirty = {_moved(path, second, third) for path in dirty} if third != "-" else dirty
            dirty = {_moved(path, first, second) for path in dirty}
            unsafe.append(_Change("rename", first, second, third))
        elif kind == "unlink":
            dirty = {_moved(path, first, second) for path in dirty}
            unsafe.append(_Change("unlink", first, kept=second))
        else:  # mkdir, rmdir
            unsafe.append(_Change(kind, first))
    return unsafe, dirty


def _moved(path: str, old: str, new: str) -> str:
    """Where a file is after `old` (it, or a folder above it) has become `new`."""
    if path == old or path.startswith(f"{old}/"):
        return new + path[len(old) :]
    return path


def _undo(change: _Change) -> None:
    """Take one change of a name back, where what stands on it was taken back before."""
    path = change.path
    if change.kind == "create":
        Path(path).unlink(missing_ok=True)
    elif change.kind == "mkdir":
        shutil.rmtree(path, ignore_errors=True)
    elif change.kind == "rmdir":
        Path(path).mkdir(parents=True, exist_ok=True)
    elif change.kind == "rename" and os.path.lexists(change.to):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(change.to).rename(path)
    if change.kept != "-":
        target = Path(change.to or path)
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            os.link(change.kept, target)
