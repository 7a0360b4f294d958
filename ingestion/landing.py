"""What lies in the landing zone: which files are whole, and what cannot be taken."""

import os
import re
import stat
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ingestion import archive
from ingestion.troubles import Trouble, of_error
from warehouse import settings
from warehouse.errors import BadInput

UNFINISHED = re.compile(r"\.(part|partial|filepart|tmp|crdownload|uploading)$", re.IGNORECASE)
CHECKSUM = ".sha256"


@dataclass(frozen=True)
class Found:
    """A regular file in landing. `name`: its path below landing."""

    name: str
    size: int
    changed_ns: int  # st_ctime: no sender can set it
    modified_ns: int

    @property
    def changed_at(self) -> datetime:
        return datetime.fromtimestamp(self.changed_ns / 1e9, UTC)


def settling_seconds() -> float:
    """How long a file must be unchanged to be taken for whole (ITA_SETTLE_SECONDS, default 5).

    Raises BadInput for what is no number of seconds.
    """
    given = os.environ.get("ITA_SETTLE_SECONDS") or "5"
    if not re.fullmatch(r"\d{1,5}(\.\d+)?", given):
        raise BadInput(f"ITA_SETTLE_SECONDS is {given!r}", "give seconds, such as 5")
    return float(given)


def whole(handed: set[str]) -> tuple[list[Found], list[Trouble]]:
    """The files to take, and what else lies there.

    Whole is a file that `ita receive` has put there (`handed`: names), one with its checksum beside
    it, one that is unchanged for the settling time. Younger ones are waited for once.
    """
    files, troubles = look()
    young = {found for found in files if found.name not in handed and not is_settled(found)}
    if young:
        time.sleep(settling_seconds())
        files, troubles = look()
        still = {found for found in files if found.name not in handed and not is_settled(found)}
        young = still - young  # a file from the future is seen to be unchanged by looking twice
    names = {found.name for found in files}
    taken = []
    for found in files:
        reason = _waits(found, names, young)
        if reason:
            troubles.append(Trouble(f"landing/{found.name}", reason))
        elif not found.name.endswith(CHECKSUM):  # a checksum goes with its file
            taken.append(found)
    return taken, troubles


def _waits(found: Found, names: set[str], young: set[Found]) -> str:
    """Why a file is not taken yet; '' if it is. One with its checksum is judged by that alone."""
    if UNFINISHED.search(found.name):
        return "unfinished"
    if found.name.endswith(CHECKSUM):
        return "" if found.name.removesuffix(CHECKSUM) in names else "lone_checksum"
    return "changing" if found in young and f"{found.name}{CHECKSUM}" not in names else ""


def is_settled(found: Found) -> bool:
    """Is it unchanged for the settling time, by the clock?"""
    return time.time() - found.changed_ns / 1e9 >= settling_seconds()


def look() -> tuple[list[Found], list[Trouble]]:
    """Every file below landing in order, hidden ones left out, and what cannot be had."""
    zone = settings.folder("landing")
    files: list[Found] = []
    troubles: list[Trouble] = []

    def not_listed(error: OSError) -> None:
        troubles.append(of_error(_place(Path(error.filename), zone), error))

    for folder, folders, names in os.walk(zone, onerror=not_listed):
        shown = [Path(folder, name) for name in sorted(folders) if not name.startswith(".")]
        links = [path for path in shown if path.is_symlink()]
        troubles += [Trouble(_place(path, zone), "link") for path in links]
        folders[:] = [path.name for path in shown if path not in links]
        for name in sorted(names):
            if not name.startswith("."):
                found = _look_at(Path(folder, name), zone)
                if isinstance(found, Found):
                    files.append(found)
                else:
                    troubles.append(found)
    return files, troubles


def _place(path: Path, zone: Path) -> str:
    return f"landing/{path.relative_to(zone).as_posix()}"


def _look_at(path: Path, zone: Path) -> Found | Trouble:
    place = _place(path, zone)
    try:
        status = path.lstat()
    except OSError as error:
        return of_error(place, error)
    if stat.S_ISLNK(status.st_mode):
        return Trouble(place, "link")
    if not stat.S_ISREG(status.st_mode):
        return Trouble(place, "no_file")
    if status.st_size > archive.LARGEST:
        detail = f"{status.st_size:,} bytes, at most {archive.LARGEST:,}"
        return Trouble(place, "too_large", detail)
    name = path.relative_to(zone).as_posix()
    return Found(name, status.st_size, status.st_ctime_ns, status.st_mtime_ns)


def checksum_beside(name: str) -> str | None:
    """The SHA-256 in the file `<name>.sha256` beside it, as sha256sum writes it; None for none."""
    try:
        opened = archive.open_below(settings.folder("landing"), f"{name}{CHECKSUM}")
    except (OSError, archive.NotKept):
        return None
    with os.fdopen(opened, "rb") as file:
        found = re.match(rb"\\?([0-9a-fA-F]{64})\b", file.read(4096))
    return found[1].decode().lower() if found else ""
