"""Files of the counter in ITA_HOME/counter: uploads until they are handed in, packs on request."""

import re
import shutil
from pathlib import Path
from urllib.parse import quote, unquote

from warehouse import durable, settings

LONGEST_NAME = 150  # bytes
ROOM = 600_000_000  # bytes that stay free on the disk


def file_of(upload_id: str, name: str) -> Path:
    """Where an upload lies; the name is part of what is judged, as it is of what is handed in."""
    if not re.fullmatch(r"[0-9a-f]{32}", upload_id):
        raise ValueError("no upload_id")
    return settings.folder("counter") / "uploads" / upload_id / safe(name)


def decoded(name: str) -> str:
    """A file name as its owner wrote it: browsers send a quotation mark as %22 and line ends as %0A
    (HTML), some programs every letter beyond ASCII in this way (RFC 7578). Any other percent sign
    is the name's own."""
    name = re.sub(r"%22|%0[AD]", lambda found: unquote(found[0]), name)
    return re.sub(r"(?:%[89A-Fa-f][0-9A-Fa-f])+", lambda found: _letters(found[0]), name)


def _letters(percented: str) -> str:
    try:
        return unquote(percented, errors="strict")
    except UnicodeDecodeError:
        return percented


def safe(name: str) -> str:
    """A file name without path parts and control characters, marks that turn or hide letters among
    them; not hidden, not too long."""
    name = re.split(r"[/\\]", name)[-1]
    name = re.sub(r"[\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]", "", name)
    name = re.sub(r"[\x00-\x1f\x7f:]", "_", name.encode("utf-8", "replace").decode())
    name = name.strip().lstrip(".") or "file"
    if len(name.encode()) <= LONGEST_NAME:
        return name
    suffix = Path(name).suffix.encode()[:20].decode("utf-8", "ignore")
    stem = Path(name).stem.encode()[: LONGEST_NAME - len(suffix.encode())]
    return stem.decode("utf-8", "ignore") + suffix


def has_room() -> bool:
    return shutil.disk_usage(settings.folder("counter")).free > ROOM


def put(upload_id: str, name: str, content: Path) -> None:
    """Take a finished file over; it is on the disk afterwards."""
    target = file_of(upload_id, name)
    durable.make_folder(target.parent)
    durable.sync([content])
    durable.rename(content, target)


def clear(upload_id: str) -> None:
    """Remove an upload's file; one that is not there is no error."""
    shutil.rmtree(file_of(upload_id, "x").parent, ignore_errors=True)


def incoming() -> Path:
    """Where a file lies while it comes in."""
    return settings.folder("counter/incoming")


def packs() -> Path:
    """Packs that the night does not write, made when they are asked for."""
    return settings.folder("counter/packs")


def pack_file(year: int, province_code: str, agency_id: str, name: str) -> Path | None:
    """A file of a pack: the night's, else one that was made on request; None where neither is."""
    agency = quote(agency_id, safe="")
    if agency.startswith("."):
        agency = agency.replace(".", "%2E")
    for out in (settings.folder("packs"), packs()):
        file = out / str(year) / province_code / agency / name
        if file.is_file():
            return file
    return None
