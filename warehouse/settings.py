"""Where things are: the repository, ITA_HOME and its folders, the warehouse DSN."""

import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
DBT_PROJECT = REPOSITORY / "dbt_project"
SEEDS = DBT_PROJECT / "seeds"


def home() -> Path:
    """ITA_HOME: all state lives below it (default `var/` in the repository)."""
    return Path(os.environ.get("ITA_HOME") or REPOSITORY / "var").resolve()


def folder(name: str) -> Path:
    """A folder of ITA_HOME (landing, archive, judged, receipts, packs, documents, secrets, airflow, dbt, postgres), made if absent."""
    path = home() / name
    path.mkdir(parents=True, exist_ok=True)
    return path


def external_dsn() -> str | None:
    """The DSN of a PostgreSQL that is not ours to start (ITA_WAREHOUSE_DSN), or None: the embedded one is used."""
    return os.environ.get("ITA_WAREHOUSE_DSN") or None
