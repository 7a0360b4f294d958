"""Shared fixtures: a real PostgreSQL of our own for the whole test run."""

import os
import shutil
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

from tests.browser.fixtures import browser, page  # noqa: F401
from tests.intake import intake, intake_database  # noqa: F401
from tests.mail_server import certificate  # noqa: F401
from warehouse import connect, postgres, schema

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
os.environ.setdefault("DBT_SEND_ANONYMOUS_USAGE_STATS", "0")
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("ITA_SETTLE_SECONDS", "0")  # tests write their files whole

TESTS = Path(__file__).parent


# Folders of minutes begin first, or one process would still be at work on one while the other is
# done; the rest goes by the alphabet.
LONGEST_FIRST = (
    *("night", "ingestion", "marts", "reports"),
    *("security", "access", "synth", "powercut"),
)


class Folders(LoadScopeScheduling):
    """Tests of one folder run in one process: they share the warehouse that their conftest built.

    Two processes of a folder would build it twice, which costs more than the second core brings.
    xdist's own groups (`--dist loadgroup`) do nothing here: 3.8.0 writes them into an attribute
    that pytest 9.2 does not read any more. A release of xdist that knows 9.2 would do instead.
    """

    def _split_scope(self, nodeid: str) -> str:
        return nodeid.split("::")[0].split("/")[1]


def pytest_xdist_make_scheduler(config, log):
    return Folders(config, log)


def pytest_collection_modifyitems(items):
    def place(item):
        folder = item.path.relative_to(TESTS).parts[0]
        return LONGEST_FIRST.index(folder) if folder in LONGEST_FIRST else len(LONGEST_FIRST)

    items.sort(key=place)


@pytest.fixture(scope="session")
def ita_home(tmp_path_factory):
    """An ITA_HOME of this test run with the embedded PostgreSQL up; stopped at the end."""
    home = tmp_path_factory.mktemp("ita_home")
    before = {name: os.environ.pop(name, None) for name in ("ITA_HOME", "ITA_WAREHOUSE_DSN")}
    os.environ["ITA_HOME"] = str(home)
    postgres.up()
    yield home
    postgres.down()
    shutil.rmtree(
        (home / "postgres").resolve(), ignore_errors=True
    )  # as root it can lie outside (a link)
    os.environ.pop("ITA_HOME")
    os.environ.update({name: value for name, value in before.items() if value is not None})


@pytest.fixture(scope="session")
def warehouse(ita_home):
    """An owner's connection (autocommit) to a warehouse with the schemas raw, ops, access."""
    with connect.connect(autocommit=True) as connection:
        schema.apply(connection)
        yield connection
