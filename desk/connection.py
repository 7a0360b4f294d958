"""Whose eyes the warehouse is read with: each person of the desk is a login of PostgreSQL.

Superset's own row rules and settings of a session can be got around by SQL; what PostgreSQL shows
a login cannot (docs/decisions/0004). So every connection is opened as `desk_<person>`.
"""

import os
from pathlib import Path
from typing import Any

from warehouse import desk_login


class NoLogin(Exception):
    """Nobody, or somebody without a login of PostgreSQL, asks the warehouse."""


def secret(name: str) -> str:
    """A secret of the desk: the file of that name in the folder DESK_SECRETS."""
    return (Path(os.environ["DESK_SECRETS"]) / name).read_text().strip()


def as_person(url: Any, options: dict, person: str | None, *_: Any) -> tuple[Any, dict]:
    """Superset's DB_CONNECTION_MUTATOR: the warehouse (DESK_WAREHOUSE) as the login of `person`.

    Whatever address stands in a database of Superset's, it is this one that is opened. Raises
    NoLogin without a person or for a name that can be no login's.
    """
    from sqlalchemy.engine import make_url

    try:
        login = desk_login.login(person or "")
    except ValueError:
        raise NoLogin(f"ไม่มีบัญชีในคลังข้อมูล (no login in the warehouse): {person!r}") from None
    key = secret(desk_login.KEY)
    url = make_url(os.environ["DESK_WAREHOUSE"]).set(
        drivername="postgresql+psycopg2",
        username=login,
        password=desk_login.password(key, login),
    )
    options.setdefault("connect_args", {}).update(application_name="desk", connect_timeout=10)
    return url, options
