"""Where things are: the repository, ITA_HOME and its folders, the warehouse DSN."""

import os
import re
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
    path = Path(os.environ.get("ITA_HOME") or REPOSITORY / "var").resolve()
    if found := SPECIAL.search(str(path)):
        raise BadInput(
            f"ITA_HOME has {found[0]!r} in its path: {str(path)!r}",
            "choose a path without quotes, $, %, backslashes and control characters",
        )
    return path


def folder(name: str) -> Path:
    """A folder of ITA_HOME (landing, archive, packs, …: docs/architecture.md), made if absent."""
    path = home() / name
    path.mkdir(parents=True, exist_ok=True)
    return path


def external_dsn() -> str | None:
    """The DSN of a PostgreSQL that is not ours to start (ITA_WAREHOUSE_DSN).

    None: the embedded one is used.
    """
    return os.environ.get("ITA_WAREHOUSE_DSN") or None
