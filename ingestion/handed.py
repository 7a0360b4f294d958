"""Notes of what `ita receive` put in landing: when, by which inbox, which bytes.

ITA_HOME/handed/<SHA-256 of the name below landing>.json. They lie outside landing: whoever may drop
files there cannot write one. A note counts only for the bytes that it names.
"""

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from ingestion.inboxes import Inbox
from warehouse import durable, settings


@dataclass(frozen=True)
class Note:
    """`name`: path below landing, as it came."""

    name: str
    sha256: str
    received_at: datetime
    inbox: Inbox


def write(notes: list[Note]) -> None:
    """Keep the notes; they are on the disk before the files get their names."""
    durable.write_all(
        {
            _file(note.name): durable.to_json(
                {**asdict(note), "received_at": note.received_at.isoformat()}
            )
            for note in notes
        }
    )


def read() -> dict[str, Note]:
    """Name → note. One that is broken is set aside: its file is as if it had been dropped."""
    found = {}
    for file in sorted(settings.folder("handed").glob("*.json")):
        content = durable.read_json(file)
        try:
            note = content and Note(
                content["name"],
                content["sha256"],
                datetime.fromisoformat(content["received_at"]),
                Inbox(**content["inbox"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            durable.set_aside(file, error)
            continue
        if note:
            found[note.name] = note
    return found


def forget(names: list[str]) -> None:
    """Remove the notes of files that are in the archive."""
    for name in names:
        _file(name).unlink(missing_ok=True)


def _file(name: str) -> Path:
    digest = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()
    return settings.folder("handed") / f"{digest}.json"
