"""One real night for all tests of this folder: `ita` commands, Airflow, PostgreSQL, dbt, Great
Expectations, on the bundled samples.
"""

import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from ita import rows

ROOT = Path(__file__).parents[2]
ITA = Path(sys.executable).parent / "ita"


class Night:
    """An ITA_HOME and the `ita` command on it."""

    command = (str(ITA),)

    def __init__(self, home: Path):
        self.home, self._dsn = home, ""
        self.environment = {
            **{
                name: value
                for name, value in os.environ.items()
                if not name.startswith(("ITA_", "AIRFLOW"))
            },
            "ITA_HOME": str(home),
        }

    def ita(self, *arguments, timeout: int = 600) -> subprocess.CompletedProcess:
        return subprocess.run(
            [ITA, *map(str, arguments)],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=timeout,
        )

    def start(self, *arguments) -> subprocess.Popen:
        return subprocess.Popen(
            [ITA, *map(str, arguments)],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def query(self, statement: str, role: str = "ita_owner") -> list[dict]:
        """The rows as `ita query` writes them, without a process for each of hundreds of questions.

        `ita query` itself is tried in tests/access/.
        """
        out = io.StringIO()
        with self.connect(role if role != "ita_owner" else None) as connection:
            connection.execute("set default_transaction_read_only = on")
            answer = connection.execute(statement)
            rows.write([column.name for column in answer.description], answer, "json", out)
        return json.loads(out.getvalue())

    def dsn(self) -> str:
        """The owner's; the server keeps its port and its password."""
        if own := self.environment.get("ITA_WAREHOUSE_DSN"):
            return own
        if not self._dsn:
            self._dsn = self.ita("status", "--dsn", "ita_owner").stdout.strip()
        return self._dsn

    def connect(self, role: str | None = None) -> psycopg.Connection:
        login = (
            {"user": role, "password": (self.home / "secrets" / f"role-{role}").read_text()}
            if role
            else {}
        )
        return psycopg.connect(self.dsn(), autocommit=True, **login)

    def publications(self) -> list[dict]:
        return self.query(
            "select publication_no, build_id, inputs, counts, git_revision from "
            "ops.publication order by 1"
        )

    def end(self) -> None:
        self.ita("down")
        shutil.rmtree(
            (self.home / "postgres").resolve(), ignore_errors=True
        )  # as root it can lie outside (a link)


# Views of mart that tell what happened in which night: another night has others.
OF_THE_NIGHTS = ("publication", "check_result", "intake_night", "finding_rule")


@pytest.fixture(scope="session")
def night(tmp_path_factory):
    """The samples, refreshed once."""
    night = Night(tmp_path_factory.mktemp("night"))
    received = night.ita("receive", ROOT / "ingestion" / "samples")
    assert received.returncode == 0, received.stderr
    refreshed = night.ita("refresh")
    assert refreshed.returncode == 0, refreshed.stdout + refreshed.stderr
    yield night
    night.end()


@pytest.fixture
def empty_night(tmp_path):
    """An ITA_HOME of one test's own, nothing in it."""
    night = Night(tmp_path / "home")
    yield night
    night.end()
