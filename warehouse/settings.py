"""Where things are: the repository, ITA_HOME and its folders, the warehouse DSN."""

import os
import re
from functools import cache
from pathlib import Path

from warehouse.errors import BadInput

REPOSITORY = Path(__file__).resolve().parent.parent
DBT_PROJECT = REPOSITORY / "dbt_project"
SEEDS = DBT_PROJECT / "seeds"


# PostgreSQL's pg_ctl, Airflow's settings and make hand paths to shells and templates.
SPECIAL = re.compile(r"""["'`$%\\\x00-\x1f\x7f]""")


def home() -> Path:
    """ITA_HOME: all state lives below it (default `var/` in the repository).

    Raises BadInput where a character of its path means something to the programs that we start.
    """
    return _usable(Path(os.environ.get("ITA_HOME") or REPOSITORY / "var").absolute())


@cache
def _usable(written: Path) -> Path:
    """An absolute path without links. Kept: it is asked for each file."""
    path = written.resolve()
    if found := SPECIAL.search(str(path)):
        raise BadInput(
            f"ITA_HOME has {found[0]!r} in its path: {str(path)!r}",
            "choose a path without quotes, $, %, backslashes and control characters",
        )
    return path


def folder(name: str) -> Path:
    """A folder of ITA_HOME (landing, archive, packs, …: docs/architecture.md), made if absent."""
    path = home() / name
    if not path.is_dir():
        path.mkdir(parents=True, exist_ok=True)
    return path


def option(name: str, default: str = "") -> str:
    """What the operator has set under that name (ITA_…), without blanks around it.

    The variable of that name, else what is in the file that the variable NAME_FILE names, else the
    line NAME=… of ITA_HOME/settings.env, else `default`. Raises BadInput for a file that cannot be
    read.
    """
    if given := os.environ.get(name, "").strip():
        return given
    if file := os.environ.get(f"{name}_FILE", "").strip():
        return _first_line(Path(file), f"{name}_FILE")
    lines = _settings_lines(home() / "settings.env")
    given_there = dict(line.split("=", 1) for line in lines if "=" in line and line[0] != "#")
    if file := given_there.get(f"{name}_FILE", "").strip():
        return _first_line(Path(file), f"{name}_FILE")
    return given_there.get(name, "").strip() or default


def _settings_lines(file: Path) -> list[str]:
    """The lines of settings.env; [] where there is none."""
    if not os.path.lexists(file):
        return []
    try:
        return file.read_text("utf-8-sig").splitlines()  # -sig: as editors of Windows save it
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(
            f"{file} cannot be read: {error}", "make it a file of lines NAME=value, in UTF-8"
        ) from None


def secret_option(name: str) -> str:
    """A secret that the operator was given by others (ITA_SMTP_PASSWORD): never a variable, which
    every process shows.

    What is in the file that NAME_FILE names, else in ITA_HOME/secrets under its own name
    (secrets/smtp-password). Raises BadInput where there is neither.
    """
    own = home() / "secrets" / name.removeprefix("ITA_").lower().replace("_", "-")
    return _first_line(Path(option(f"{name}_FILE") or own), f"{name}_FILE")


def _first_line(file: Path, named_by: str) -> str:
    try:
        return (file.read_text("utf-8").splitlines() or [""])[0].strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(
            f"{named_by}: {file}: {getattr(error, 'strerror', 'no UTF-8')}",
            "name a file that this user may read",
        ) from error


def external_dsn() -> str | None:
    """The DSN of a PostgreSQL that is not ours to start (ITA_WAREHOUSE_DSN).

    None: the embedded one is used.
    """
    return os.environ.get("ITA_WAREHOUSE_DSN") or None


def external_password() -> str | None:
    """The password for ITA_WAREHOUSE_DSN from the file that ITA_WAREHOUSE_PASSWORD_FILE names.

    So that it stands in no environment that others can look at. Raises BadInput where that file
    cannot be read or is empty.
    """
    named = os.environ.get("ITA_WAREHOUSE_PASSWORD_FILE")
    return secret_file("ITA_WAREHOUSE_PASSWORD_FILE", named) if named else None


def secret_file(setting: str, path: str) -> str:
    """What stands in a file of one secret. Raises BadInput where there is none."""
    try:
        found = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{setting}: {path} cannot be read: {error}", "give a file") from None
    if not found:
        raise BadInput(f"{setting}: {path} is empty", "write the password into it")
    return found
