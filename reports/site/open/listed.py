"""The site's list, `.pages.csv`: address -> what its page or file was made from, and whether what
was written still stands as it was.

An address that begins with = is a file that is no page, or says what lets years be left out.
"""

import csv
import io
import os
from math import inf
from pathlib import Path

from reports.site.open import downloads
from warehouse import durable

LIST = ".pages.csv"


def read(folder: Path) -> dict[str, str]:
    """address -> digest; empty where there is no list, or not one of ours: all is written again."""
    try:
        with (folder / LIST).open(encoding="utf-8", newline="") as file:
            return dict(csv.reader(file))
    except (OSError, ValueError):
        return {}


def as_written(folder: Path, listed: dict[str, str]) -> dict[str, str]:
    """The list, with '' for what is gone or was written after it, and then without what lets years
    be left out."""
    since = _written(f"{folder}/{LIST}")
    lost = [a for a in listed if any(_written(f"{folder}/{f}") > since for f in _files(a))]
    if not lost:
        return listed
    _make_room(folder, lost)
    kept = {a: d for a, d in listed.items() if a != "=build" and not a.startswith("=year/")}
    return kept | dict.fromkeys(lost, "")


def _files(address: str) -> tuple[str, ...]:
    """The files behind an address of the list, by their paths in the site."""
    if not address.startswith("="):
        return (f"{address}/index.html".lstrip("/"),)
    if address in ("=build", "=years") or address.startswith("=year/"):
        return ()
    name = address[1:]
    if address.startswith("=download/") and not name.endswith(".json"):
        return tuple(f"{name}.{kind}" for kind in downloads.KINDS)
    return (name,)


def _written(path: str) -> float:
    """When a file was written (nanoseconds); as if it were to come, where there is none."""
    try:
        return os.stat(path).st_mtime_ns  # noqa: PTH116 - a third of the time of an object
    except OSError:
        return inf


def _make_room(folder: Path, lost: list[str]) -> None:
    """Put aside what is a folder in place of a file of these addresses, or no folder on its way."""
    for file in (Path(name) for address in lost for name in _files(address)):
        for above in reversed(file.parents):
            at = folder / above
            if at.is_symlink() and not at.exists() or at.is_file():
                durable.set_aside(at, "no folder")
        if (folder / file).is_dir():
            durable.set_aside(folder / file, "a folder")


def write(folder: Path, rows: dict[str, str]) -> None:
    """Write the list; what it names is on the disk."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(sorted(rows.items()))
    durable.write(folder / LIST, text.getvalue())
