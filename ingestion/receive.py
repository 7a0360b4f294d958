"""The nightly receive step: from `landing/` into `archive/` and raw.submission.

What has left landing is on the disk, with who brought it and when, before it leaves. Killed at any
point, also by a power cut, the step can run again.
"""

import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath

import psycopg

from ingestion import archive, handed, inboxes, landing, records, repeated, troubles
from ingestion.archive import NotKept
from ingestion.arrivals import Arrival, in_their_order, newest_seen, register, without_seen_again
from ingestion.handed import Note
from ingestion.landing import CHECKSUM, Found
from ingestion.troubles import Trouble
from warehouse import durable, settings

FILES_AT_ONCE = 500  # in one transaction
SKEW = timedelta(minutes=5)  # by which clocks of two machines may differ


@dataclass(frozen=True)
class _Copied:
    found: Found
    status: os.stat_result
    draft: Path
    sha256: str


def run(conn: psycopg.Connection, at: datetime) -> str:
    """The whole step: take what is whole, look at a part of the archive; a line of what came.

    What could not be read is in ops.trouble and on stderr.
    """
    new = register_landing(conn, at)
    check_archive(conn, at, part=at.toordinal() % 256)
    found = troubles.serious(conn)
    return f"{new} files new" + (f", {len(found)} things could not be read" if found else "")


def register_landing(conn: psycopg.Connection, at: datetime) -> int:
    """Every whole file in landing goes to the archive and into raw.submission; how many are new.

    Known bytes are one submission with its first arrival; with errors or withdrawn they are judged
    again (`arrivals.py`). What cannot be read, and what is not whole, stays and is named.
    """
    _clear_drafts()
    records.begin(conn)
    notes = handed.read()
    files, found_troubles = landing.whole(set(notes))
    if newest := newest_seen(conn, at + SKEW):
        found_troubles.append(Trouble("landing", "clock", f"{newest:%Y-%m-%d %H:%M}"))
    new = 0
    for begin in range(0, len(files), FILES_AT_ONCE):
        copied = [
            one
            for number, found in enumerate(files[begin : begin + FILES_AT_ONCE])
            if (one := _copy(found, notes.get(found.name), number, found_troubles))
        ]
        try:
            archive.keep({one.draft: one.sha256 for one in copied})
        except (NotKept, OSError) as error:
            found_troubles += [_trouble(one.found, error) for one in copied]
            _clear_drafts()
            continue
        new += _register(conn, copied, notes, at)
        found_troubles += [stuck for one in copied if (stuck := _remove(one))]
        _keep_removed(copied)
        handed.forget([one.found.name for one in copied])
    _clear_drafts()
    _remove_empty_folders()
    for trouble in found_troubles:
        print(trouble, file=sys.stderr)
    troubles.replace(conn, "landing", found_troubles, at)
    return new


def _clear_drafts() -> None:
    """The lock of the steps is held: no other process writes in the archive."""
    for draft in settings.folder("archive").glob(".incoming-*"):
        draft.unlink()


def _copy(found: Found, note: Note | None, number: int, left: list[Trouble]) -> _Copied | None:
    """A copy beside its place in the archive; None, and a trouble, for a file that stays."""
    draft = settings.folder("archive") / f".incoming-{number}"
    try:
        opened = archive.open_below(settings.folder("landing"), found.name)
        try:
            status = os.fstat(opened)
            if (status.st_size, status.st_ctime_ns) != (found.size, found.changed_ns):
                raise NotKept("changing")
            sha256 = archive.copy(opened, draft, status)
        finally:
            os.close(opened)
        if landing.checksum_beside(found.name) not in (None, sha256):
            raise NotKept("checksum")
        if note and note.sha256 != sha256 and not landing.is_settled(found):
            raise NotKept("changing")
        return _Copied(found, status, draft, sha256)
    except (NotKept, OSError) as error:
        draft.unlink(missing_ok=True)
        left.append(_trouble(found, error))
        return None


def _trouble(found: Found, error: NotKept | OSError) -> Trouble:
    place = f"landing/{found.name}"
    if isinstance(error, NotKept):
        return Trouble(place, error.reason, error.detail)
    return troubles.of_error(place, error)


def _register(
    conn: psycopg.Connection, copied: list[_Copied], notes: dict[str, Note], at: datetime
) -> int:
    arrivals = [_arrival(one, notes.get(one.found.name), at) for one in copied]
    arrivals = in_their_order(conn, without_seen_again(conn, arrivals), at)
    told = records.append([arrival.as_event() for arrival in arrivals])
    arrivals = [Arrival.from_event(event) for event in told]
    with conn.transaction():
        judged = register(conn, arrivals)
    pairs = zip(arrivals, judged, strict=True)
    repeated.mark(conn, [arrival.sha256 for arrival, is_new in pairs if not is_new])
    return sum(judged)


def _arrival(one: _Copied, note: Note | None, at: datetime) -> Arrival:
    """Who brought it and when: by the note of `ita receive`, else by its folder and st_ctime."""
    name = one.found.name.encode("utf-8", "replace").decode()
    if note and note.sha256 == one.sha256:
        return Arrival.of(one.sha256, name, note.inbox, min(note.received_at, at), at)
    inbox = inboxes.of_folder(PurePosixPath(one.found.name).parent)
    return Arrival.of(one.sha256, name, inbox, min(one.found.changed_at, at), at)


def _remove(one: _Copied) -> Trouble | None:
    """Take the file out of landing, unless another stands under its name by now; a trouble where
    it stays: it arrives again each night."""
    file = settings.folder("landing") / one.found.name
    try:
        now = file.lstat()
        if (now.st_ino, now.st_ctime_ns) == (one.status.st_ino, one.status.st_ctime_ns):
            file.unlink()
            file.with_name(file.name + CHECKSUM).unlink(missing_ok=True)
    except OSError as error:
        return Trouble(f"landing/{one.found.name}", "stays", error.strerror or "")
    return None


def _keep_removed(copied: list[_Copied]) -> None:
    """Before their notes go: a file that a power cut brings back without its note would count as
    one that came at another time."""
    zone = settings.folder("landing").resolve()
    for folder in {(zone / one.found.name).parent for one in copied}:
        with suppress(OSError):  # its sender has moved it: it is another folder, or gone
            durable.sync([folder])


def _remove_empty_folders() -> None:
    """But those that are somebody's inbox."""
    zone = settings.folder("landing")
    kept = {zone, *(zone / name for name in inboxes.table() if "://" not in name)}
    for folder, _, _ in os.walk(zone, topdown=False):
        if Path(folder) not in kept:
            try:
                Path(folder).rmdir()
            except OSError:  # not empty
                pass


def check_archive(conn: psycopg.Connection, at: datetime, part: int | None = None) -> int:
    """Look whether originals are what they were: all, or one part of 256; how many were looked at.

    What is not is in ops.trouble. A part is a folder of the archive; a night looks at one.
    """
    begin = "" if part is None else f"{part:02x}"
    known = [
        sha256
        for (sha256,) in conn.execute(
            "select submission_sha256 from raw.submission where starts_with(submission_sha256, %s)"
            " order by 1",
            [begin],
        )
    ]
    found = [Trouble(f"archive/{s[:2]}/{s}", reason) for s, reason in archive.changed(known)]
    wrong = [
        Trouble(f"archive/records/{file.name}", "record", why)
        for file, _, why in records.read()
        if why
    ]
    for trouble in [*found, *wrong]:
        print(trouble, file=sys.stderr)
    troubles.replace(conn, "archive", found, at)
    troubles.replace(conn, "record", wrong, at)
    return len(known)
