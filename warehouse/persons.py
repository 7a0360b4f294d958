"""The persons who may ask: ITA_HOME/access/logins.csv, written by `ita login`, never in git.

One row a person: name (the login), scope (a province's two digits, or `headquarters`), full_name,
email. It holds no password. The desk and the counter know the same persons.
"""

import csv
import fcntl
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path

from warehouse import desk_login, durable, settings
from warehouse.errors import BadInput

HEADQUARTERS = "headquarters"
SCOPE = re.compile(rf"\d\d|{HEADQUARTERS}")
# Names that PostgreSQL or we keep for something else.
RESERVED = re.compile(
    r"(ita|pg|desk)_.*|public|none|user|postgres|current_\w+|session_user"
    r"|admin|superset"  # the desk's administrator, and the owner of its records
)


@dataclass(frozen=True)
class Person:
    """A row of logins.csv; full_name and email may be empty."""

    name: str
    scope: str
    full_name: str = ""
    email: str = ""

    @property
    def province_code(self) -> str | None:
        """The two digits of a person of a province; None at headquarters."""
        return None if self.scope == HEADQUARTERS else self.scope

    @property
    def role(self) -> str:
        """The role of publish/roles.csv that the person reads as."""
        return f"ita_province_{self.scope}" if self.province_code else "ita_analyst"


COLUMNS = [field.name for field in fields(Person)]


def path() -> Path:
    return settings.home() / "access" / "logins.csv"


def read() -> list[Person]:
    """All persons, in the order of the file; [] where there is none.

    Raises BadInput, with the line, for a file that is not as it should be.
    """
    try:
        text = path().read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return []
    except UnicodeDecodeError as error:
        raise BadInput(f"{path()} is no UTF-8: {error.reason}", "save it as UTF-8") from None
    rows = csv.DictReader(io.StringIO(text, newline=""))
    if missing := {"name", "scope"} - set(rows.fieldnames or []):
        raise BadInput(
            f"{path()} has no column {', '.join(sorted(missing))}",
            f"its first line is {','.join(COLUMNS)}",
        )
    found: dict[str, Person] = {}
    for row in rows:
        person = Person(**{column: (row.get(column) or "").strip() for column in COLUMNS})
        try:
            check(person)
        except BadInput as error:
            raise BadInput(f"{path()}, line {rows.line_num}: {error.what}", error.do) from None
        if person.name in found:
            raise BadInput(
                f"{path()}, line {rows.line_num}: {person.name} is there twice", "keep one line"
            )
        found[person.name] = person
    return list(found.values())


def find(name: str) -> Person | None:
    return next((person for person in read() if person.name == name), None)


def check(person: Person) -> None:
    """Raise BadInput for a name or a scope that cannot be one."""
    if not desk_login.NAME.fullmatch(person.name) or RESERVED.fullmatch(person.name):
        raise BadInput(
            f"{person.name!r} cannot be a login",
            "small Latin letters, digits and _, at most 40, a letter first; not ita_…, pg_…,"
            " desk_…, admin, superset or a word of PostgreSQL's",
        )
    if not SCOPE.fullmatch(person.scope):
        raise BadInput(
            f"{person.scope!r} is no scope of {person.name}",
            f"the two digits of a province, e.g. 24, or {HEADQUARTERS}",
        )


def write(persons: list[Person]) -> None:
    """Write the file whole; only its owner reads it."""
    text = io.StringIO(newline="")
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    rows.writerows([getattr(person, column) for column in COLUMNS] for person in persons)
    durable.write(path(), text.getvalue(), mode=0o600)


@contextmanager
def changing() -> Iterator[None]:
    """Only one process reads the file, changes and writes it."""
    folder = durable.make_folder(path().parent)
    folder.chmod(0o700)
    with (folder / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
