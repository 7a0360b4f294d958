"""Who may say what: the rights of the inbox by which a file comes, from the reviewed table.

`inboxes.csv` lies in ITA_HOME (a site's own), else beside this file (which names none). One row an
inbox: a folder below landing (`offices/24`; `.` is landing itself), the address of an object store,
or a name for `ita receive --inbox`.

| column | values |
|---|---|
| authority | `nacc`: may be official, by the file's name; `agency`: may not |
| registry | `counts`; `waits` for `ita approve` where it changes agencies with results; `no` |
| speaks_for | `everybody`, `province:24` or `agency:4240503` |

A folder without a row is as its nearest parent with one (but `counter/<agency_id>`, where the
counter puts what an agency hands in: that speaks for the agency); landing itself without one is the
operator's own and may everything. Only an inbox for everybody may be official or bring a registry.
"""

import csv
import os
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath

from warehouse import settings
from warehouse.errors import BadInput

BUNDLED = Path(__file__).with_name("inboxes.csv")
COLUMNS = ("inbox", "authority", "registry", "speaks_for")
HELP = "see docs/operations/inboxes.md"
COUNTER = "counter"  # the folder of landing in which the counter's inboxes lie
AGENCY_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
SPEAKS_FOR = re.compile(r"everybody|province:\d{2}|agency:[A-Za-z0-9._-]{1,64}")


@dataclass(frozen=True)
class Inbox:
    """A row of inboxes.csv."""

    name: str = ""
    authority: str = "nacc"
    registry: str = "counts"
    speaks_for: str = "everybody"


OPERATOR = Inbox()


def table() -> dict[str, Inbox]:
    """Name → inbox. Raises BadInput for a row that says something impossible: no file is taken."""
    own = settings.home() / "inboxes.csv"
    path = own if os.path.lexists(own) else BUNDLED  # a link that leads nowhere is no "none"
    try:
        return _read(path, path.stat().st_mtime_ns)
    except (OSError, UnicodeDecodeError, csv.Error, KeyError) as error:
        raise BadInput(f"{path}: cannot be read: {error}", HELP) from None


@lru_cache(2)
def _read(path: Path, _changed: int) -> dict[str, Inbox]:
    found = {}
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines)
        # one that was emptied would leave every folder of landing to the operator
        if missing := [name for name in COLUMNS if name not in (rows.fieldnames or [])]:
            raise BadInput(f"{path} has no column {', '.join(missing)}", HELP)
        for number, row in enumerate(rows, 2):
            name, *said = [(row[column] or "").strip() for column in COLUMNS]
            inbox = Inbox(_written(name), *said)
            if why := _wrong(inbox) or (inbox.name in found and "it is there twice"):
                raise BadInput(f"{path} line {number}: {row['inbox']}: {why}", HELP)
            found[inbox.name] = inbox
    return found


def _written(name: str) -> str:
    name = unicodedata.normalize("NFC", name.strip())
    return name if "://" in name else name.strip("/")


def _wrong(inbox: Inbox) -> str:
    """What is impossible about it; '' for nothing."""
    if not inbox.name or ".." in PurePosixPath(inbox.name).parts:
        return "an inbox needs a name that does not leave landing"
    if inbox.authority not in ("nacc", "agency"):
        return f"authority {inbox.authority!r} is neither nacc nor agency"
    if inbox.registry not in ("counts", "waits", "no"):
        return f"registry {inbox.registry!r} is none of counts, waits, no"
    if not SPEAKS_FOR.fullmatch(inbox.speaks_for):
        return f"speaks_for {inbox.speaks_for!r} is no everybody, province:24 or agency:4240503"
    if inbox.speaks_for != "everybody" and (inbox.authority, inbox.registry) != ("agency", "no"):
        return "who speaks for a province or an agency is not official and brings no registry"
    return ""


def named(name: str) -> Inbox:
    """The inbox of `ita receive --inbox NAME`. Raises BadInput where the table has none."""
    found = table().get(_written(name))
    if not found:
        known = ", ".join(sorted(table())) or "none"
        raise BadInput(f"--inbox {name}: no such inbox", f"inboxes.csv names: {known}")
    return found


def of_agency(agency_id: str) -> Inbox:
    """The inbox by which an agency hands in on the counter: the row of the table that speaks for
    it alone, else the folder counter/<agency_id>.
    """
    own = Inbox(f"{COUNTER}/{agency_id}", "agency", "no", f"agency:{agency_id}")
    rows = [row for row in table().values() if row.speaks_for == own.speaks_for]
    return next((row for row in rows if "://" not in row.name and row.name != "."), own)


def of_folder(folder: PurePosixPath) -> Inbox:
    """The inbox of what was dropped in a folder, given below landing."""
    known = table()
    parts = [unicodedata.normalize("NFC", part) for part in folder.parts]
    for length in range(len(parts), 0, -1):
        if found := known.get("/".join(parts[:length])):
            return found
        # the counter's folders need no row: what lies there never speaks for more than its agency,
        # also where the note of who handed it in is lost
        if length == 2 and parts[0] == COUNTER and AGENCY_ID.fullmatch(parts[1]):
            return Inbox(f"{COUNTER}/{parts[1]}", "agency", "no", f"agency:{parts[1]}")
    return known.get(".", OPERATOR)


def of_address(address: str) -> Inbox:
    """The inbox of what comes from an object store: the longest address in the table above it."""
    fitting = [
        inbox
        for name, inbox in table().items()
        if "://" in name and f"{address.rstrip('/')}/".startswith(f"{name.rstrip('/')}/")
    ]
    return max(fitting, key=lambda inbox: len(inbox.name), default=OPERATOR)


def is_official(name: str) -> bool:
    """Is the file's or a folder's name, without extension and letter case, an official export's?"""
    return any(
        stem == "nacc" or stem.startswith(("nacc_", "nacc-"))
        for stem in (PurePosixPath(part).stem.casefold() for part in PurePosixPath(name).parts)
    )
