"""The registered addresses of agencies, ITA_HOME/access/contacts.csv: never in git, packs, logs.

One row an agency: agency_id, email. Provinces mend it on the counter; mail to agencies reads it.
"""

import csv
import fcntl
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from warehouse import durable, settings
from warehouse.errors import BadInput

COLUMNS = ["agency_id", "email"]
# What a mail header and an SMTP command take as it stands: no blanks, no control characters.
EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,8}")


def path() -> Path:
    return settings.home() / "access" / "contacts.csv"


def read() -> dict[str, str]:
    """agency_id -> address; {} where there is no file.

    Raises BadInput, with the line, for a file that is not as it should be; no address is told.
    """
    try:
        text = path().read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError as error:
        raise BadInput(f"{path()} is no UTF-8: {error.reason}", "save it as UTF-8") from None
    rows = csv.DictReader(io.StringIO(text, newline=""))
    if missing := set(COLUMNS) - set(rows.fieldnames or []):
        raise BadInput(
            f"{path()} has no column {', '.join(sorted(missing))}",
            f"its first line is {','.join(COLUMNS)}",
        )
    found: dict[str, str] = {}
    for row in rows:
        agency_id, email = (row["agency_id"] or "").strip(), (row["email"] or "").strip()
        if not email:
            continue
        if not agency_id or not is_address(email) or agency_id in found:
            raise BadInput(
                f"{path()}, line {rows.line_num}: no agency_id or address, or one there twice",
                "one line an agency: agency_id,email",
            )
        found[agency_id] = email
    return found


def is_address(email: str) -> bool:
    """Can mail be sent to it: one plain address, nothing that would become a header?"""
    return bool(EMAIL.fullmatch(email))


def mend(agency_id: str, email: str) -> None:
    """Write an agency's address, or take it out ('' for none). Raises BadInput for none at all."""
    if email and not is_address(email):
        raise BadInput("no mail address", "write it as name@example.go.th")
    with _changing():
        known = read()
        known.pop(agency_id, None)
        if email:
            known[agency_id] = email
        text = io.StringIO(newline="")
        rows = csv.writer(text, lineterminator="\n")
        rows.writerow(COLUMNS)
        rows.writerows(sorted(known.items()))
        durable.write(path(), text.getvalue(), mode=0o600)


@contextmanager
def _changing() -> Iterator[None]:
    """Only one process reads the file, changes and writes it."""
    folder = durable.make_folder(path().parent)
    folder.chmod(0o700)
    with (folder / ".contacts.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
