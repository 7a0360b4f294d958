"""Persons on the embedded server of this test run."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from publish import watch
from tests.security.conftest import builds  # noqa: F401
from warehouse import connect, persons

ITA = str(Path(sys.executable).parent / "ita")


def ita(*arguments, **options) -> subprocess.CompletedProcess:
    """`ita` as the operator calls it, on the warehouse of this test run."""
    return subprocess.run(
        [ITA, *map(str, arguments)],
        env={**os.environ, **options.pop("environment", {})},
        capture_output=True,
        text=True,
        **options,
    )


def login(name: str, password: str, **where) -> psycopg.Connection:
    """A session of a person, with nothing but what they were told."""
    place = {key: connect.parameters()[key] for key in ("host", "port", "dbname")}
    return psycopg.connect(user=name, password=password, autocommit=True, **{**place, **where})


@pytest.fixture(scope="session")
def no_watcher(ita_home):
    """Commands start none: it would undo what other tests set in their databases."""
    with watch._alone():
        yield


@pytest.fixture
def nobody_yet(warehouse, no_watcher):
    """No person before and after the test."""
    persons.path().unlink(missing_ok=True)
    yield warehouse
    warehouse.execute("delete from ops.interference")
    if persons.path().exists():
        with persons.changing():
            persons.write([])
        assert ita("access", "sync").returncode == 0
        persons.path().unlink()


@pytest.fixture
def somchai(nobody_yet):
    """The password of a person of province 83, as it was shown."""
    done = ita("login", "add", "somchai", "--province", "83", "--full-name", "สมชาย ใจดี")
    assert done.returncode == 0, done.stderr
    return told_password(done)


def told_password(done: subprocess.CompletedProcess) -> str:
    return next(line.split()[1] for line in done.stdout.splitlines() if line.startswith("password"))
