"""Shared fixtures: a real PostgreSQL of our own for the whole test run."""

import os
import shutil

import hypothesis
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

# How long an example takes is the machine's matter, and no fault.
hypothesis.settings.register_profile("ita", deadline=None)
hypothesis.settings.load_profile("ita")

# What shares no fixture of minutes with the rest of its folder: modules, and tests of which each
# parameter stands alone.
APART = (
    *("night/test_counter_day.py", "night/test_new_year.py", "night/test_scheduler.py"),
    *("reports/test_figures.py", "reports/test_year_round.py"),
)
EACH_APART = (
    "faults/test_faults.py::test_after_each_of_ten_faults_all_is_as_undisturbed",
    "powercut/test_powercut.py::test_the_power_goes_before_every_operation",
)
# Units of minutes begin first, or one process would still be at work on one while the others are
# done; the rest goes by the alphabet.
LONGEST_FIRST = (
    *("night", "desk", "ingestion", "marts", "night/test_new_year.py", "deployment"),
    *("night/test_counter_day.py", "night/test_scheduler.py", *EACH_APART),
    *("reports/test_figures.py", "security", "access", "reports", "warehouse", "synth"),
    *("operations", "counter"),
)


def unit(nodeid: str) -> str:
    """What runs in one process: a folder, or what stands apart in it."""
    place = nodeid.removeprefix("tests/")
    module, one = place.partition("::")[0], place.partition("[")[0]
    return place if one in EACH_APART else module if module in APART else module.split("/")[0]


class Folders(LoadScopeScheduling):
    """Tests of one folder run in one process: they share the warehouse that their conftest built.

    Two processes of a folder would build it twice, which costs more than the second core brings.
    xdist's own groups (`--dist loadgroup`) do nothing here: 3.8.0 writes them into an attribute
    that pytest 9.2 does not read any more. A release of xdist that knows 9.2 would do instead.
    """

    def _split_scope(self, nodeid: str) -> str:
        return unit(nodeid)

    def _reschedule(self, node):
        """Bind one test beside the one that runs, not two: a test may be minutes, and another
        process free for it."""
        if self._pending_of(self.assigned_work[node]) < 2 or not self.workqueue:
            super()._reschedule(node)


def pytest_xdist_make_scheduler(config, log):
    return Folders(config, log)


def pytest_collection_modifyitems(items):
    def place(item):
        begins = unit(item.nodeid).partition("[")[0]
        return LONGEST_FIRST.index(begins) if begins in LONGEST_FIRST else len(LONGEST_FIRST)

    items.sort(key=place)


@pytest.fixture(scope="session")
def ita_home(tmp_path_factory):
    """An ITA_HOME of this test run with the embedded PostgreSQL up; stopped at the end."""
    home = tmp_path_factory.mktemp("ita_home")
    before = {name: os.environ.pop(name, None) for name in ("ITA_HOME", "ITA_WAREHOUSE_DSN")}
    os.environ["ITA_HOME"] = str(home)
    postgres.up()
    with connect.connect(autocommit=True) as connection:  # no power goes here: nothing to flush for
        for setting in ("fsync", "full_page_writes"):
            connection.execute(f"alter system set {setting} = off")
        connection.execute("select pg_reload_conf()")
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


@pytest.fixture(scope="session")
def template(warehouse):
    """The name of a database that has the schemas and nothing else, nobody in it: a copy of it is
    made sooner than the schemas are."""
    warehouse.execute("create database ita_template")
    with connect.connect(dbname="ita_template", autocommit=True) as connection:
        schema.apply(connection)
    return "ita_template"
