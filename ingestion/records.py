"""Records beside the archive: what the database alone would know of what arrived.

archive/records/<number>-<SHA-256, first 16 digits>.jsonl, one a step that changed something, whole
and on the disk before the step commits. The first line names the record before it, so that a lost
or changed one is found; each other line is an event:

| event | fields |
|---|---|
| arrived | the fields of `arrivals.Arrival`: who brought it, with which rights, and when |
| judged | at (when loaded), sha256s (those judged on the same state of the warehouse), proposed |
| withdrawn | sha256, at, reason |
| registry_approved | sha256, at, by |
| registry_refused | sha256, at, by, reason |
| build_approved | build_id, at, by |
| build_refused | build_id, at, by, reason |
| taken_back | build_id, at, by, reason |
| released | at, by |

`ita rebuild` makes the warehouse from them and the originals (`rebuild.py`).
"""

import errno
import hashlib
import json
import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import psycopg

from warehouse import durable, settings

NAME = re.compile(r"(\d{8})-([0-9a-f]{16})\.jsonl")


def append(events: list[dict]) -> list[dict]:
    """Write a record of these events; nothing for none. The caller holds the lock of the steps.

    What the newest record tells already, of a step that was cut off before it committed, is told
    once. Gives the events as the records have them: with the times of the first telling.
    """
    if not events:
        return []
    folder = durable.make_folder(settings.folder("archive") / "records")
    last = max(_names(folder), default="")
    newest = _lines(folder / last) if last else None
    told = {_what(event): event for event in (newest or [])[1:]}
    judged = {s for event in told.values() for s in event.get("sha256s", ())}
    new = [event for event in events if _what(event) not in told]
    # of what was judged together a part can be loaded already
    new = [event for event in new if not judged.issuperset(event.get("sha256s") or [None])]
    if new:
        lines = [{"after": last}, *new]
        content = "".join(f"{_line(line)}\n" for line in lines)
        number = int(last[:8] or 0) + 1
        durable.write(folder / f"{number:08}-{_hash(content.encode())}.jsonl", content)
    return [told.get(_what(event), event) for event in events]


def _what(event: dict) -> str:
    """An event without when it was done, which is another when a step is run again."""
    return _line({name: event[name] for name in event if name not in ("at", "seen_at")})


def _line(event: dict) -> str:
    return json.dumps(event, ensure_ascii=False, sort_keys=True)


def read() -> Iterator[tuple[Path, list[dict], str]]:
    """Each record in order: its file, its events, and what is wrong with it ('' for nothing).

    A record whose bytes are not what its name says has no events.
    """
    folder, before = settings.folder("archive") / "records", ""
    for name in sorted(_names(folder)):
        content = _lines(folder / name)
        if content is None:
            yield folder / name, [], "its bytes are not those that its name says"
        else:
            first, *events = content
            lost = "" if first["after"] == before else f"the record before it, {first['after']}"
            yield folder / name, events, lost and f"{lost}, is not there"
        before = name


def _lines(file: Path) -> list[dict] | None:
    """The lines of a record; None where its bytes are not what its name says, or it has none."""
    try:
        content = file.read_bytes()
    except OSError as error:  # a folder, a link: as lost as one whose bytes are wrong
        if error.errno not in (errno.EISDIR, errno.ELOOP, errno.ENOENT):
            raise
        return None
    if _hash(content) != file.name[9:25]:
        return None
    return [json.loads(line) for line in content.splitlines()]


def _names(folder: Path) -> Iterator[str]:
    if folder.is_dir():
        yield from (file.name for file in folder.iterdir() if NAME.fullmatch(file.name))


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def begin(conn: psycopg.Connection) -> None:
    """Write down what a warehouse of before there were records knows; nothing where there are any.

    Which files were judged on the same state of the warehouse was not kept: those that came in one
    night are taken for that.
    """
    if any(_names(settings.folder("archive") / "records")):
        return
    arrived = conn.execute("""
        select submission_sha256 as sha256, file_name, inbox, authority, registry, speaks_for,
               overclaims, received_at, coalesce(seen_at, received_at) as seen_at, state
        from raw.submission order by received_seq""")
    columns = [column.name for column in arrived.description or []]
    rows = [dict(zip(columns, row, strict=True)) for row in arrived]
    came = []
    for seen_at, night in groupby(rows, key=lambda row: row["seen_at"]):
        came += _came_and_judged(list(night), seen_at.isoformat())
    append(came)
    taken_back = conn.execute("""
        select submission_sha256, withdrawn_at, reason from ops.withdrawal order by withdrawn_at""")
    append(
        [
            {"event": "withdrawn", "sha256": sha256, "at": at.isoformat(), "reason": reason}
            for sha256, at, reason in taken_back
        ]
    )
    withdrawn = {
        sha256 for (sha256,) in conn.execute("select submission_sha256 from ops.withdrawal")
    }
    again = [row for row in rows if row["sha256"] in withdrawn and row["state"] != "withdrawn"]
    if again:
        append(_came_and_judged(again, again[-1]["seen_at"].isoformat()))


def _came_and_judged(rows: list[dict], at: str) -> list[dict]:
    events = []
    for row in rows:
        times = {name: row[name].isoformat() for name in ("received_at", "seen_at")}
        given = {name: value for name, value in row.items() if name != "state"}
        events.append({"event": "arrived", **given, **times})
    judged = [row["sha256"] for row in rows if row["state"] != "received"]
    return [*events, {"event": "judged", "at": at, "sha256s": judged}]
