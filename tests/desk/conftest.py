"""One desk for all tests of this folder: a small synthetic country, `ita desk serve`, persons."""

import csv
import os
import signal
import socket
import subprocess
import time

import pytest

from tests.desk.client import Client
from tests.night.conftest import ITA, Night
from warehouse import children

# name: how `ita login add` is told what they may see. The provinces are the country's largest.
PERSONS = {
    "hq": ["--headquarters"],
    "own": ["--province", "39"],
    "other": ["--province", "37"],
    "newcomer": ["--province", "13"],
}
STEPS = ("receive", "judge", "load", "build", "audit", "publish")

# One file brought all agencies: give each agency and year a hash of its own, by which a row that
# somebody may not see is known wherever it turns up.
MARKS = """
    update published.assessment
    set submission_sha256 = encode(sha256((agency_id || fiscal_year)::bytea), 'hex');
    insert into published.submission (submission_sha256, file_name, province_codes)
    select submission_sha256, agency_id, array[province_code] from published.assessment"""


class Desk(Night):
    """An ITA_HOME with a published build and persons, and the desk that serves it."""

    def __init__(self, home):
        super().__init__(home)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        self.environment |= {"DESK_PORT": str(port), "ITA_SETTLE_SECONDS": "0"}
        if "DESK_ENVIRONMENT" in os.environ:
            self.environment["DESK_ENVIRONMENT"] = os.environ["DESK_ENVIRONMENT"]
        self.pages: subprocess.Popen | None = None

    def publish(self):
        """A country of 240 agencies and two years, through the steps of a night."""
        country = self.home / "country"
        arguments = ("--agencies", 240, "--years", "2567-2568", "--seed", 7, "--layout", "long")
        for step in (
            ["synth", *arguments, country],
            ["receive", country],
            *([step] for step in STEPS),
            *(["login", "add", name, *scope] for name, scope in PERSONS.items()),
        ):
            done = self.ita(*step)
            assert done.returncode == 0, (step, done.stdout, done.stderr)
        with self.connect() as owner:
            owner.execute(MARKS)

    def serve(self):
        """Start the pages, and wait until they answer."""
        with (self.home / "serve.log").open("w") as words:
            self.pages = subprocess.Popen(
                [ITA, "desk", "serve"],
                env={**self.environment, children.PARENT: str(os.getpid())},
                stdout=words,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + 300
        while f"desk    {self.address}" not in (self.home / "serve.log").read_text():
            said = (self.home / "serve.log").read_text()
            assert self.pages.poll() is None and time.monotonic() < deadline, said
            time.sleep(0.5)

    def first_password(self, name: str) -> str:
        path = self.home / "secrets" / "desk_first_passwords"
        return dict(csv.reader(path.read_text().splitlines()))[name]

    def end(self):
        if self.pages:
            self.pages.send_signal(signal.SIGTERM)
            self.pages.wait(60)
        super().end()


@pytest.fixture(scope="session")
def desk(tmp_path_factory):
    """The desk, served; ended with the run."""
    desk = Desk(tmp_path_factory.mktemp("desk"))
    try:
        desk.publish()
        desk.serve()
        yield desk
    finally:
        desk.end()


def _signed_in(desk: Desk, name: str) -> Client:
    client = Client(desk.address, name, desk.first_password(name))
    assert client.choose_password(f"{name}-of-this-test-2569").ok
    return client


@pytest.fixture(scope="session")
def hq(desk):
    """A person of headquarters, signed in with a password of their own."""
    return _signed_in(desk, "hq")


@pytest.fixture(scope="session")
def own(desk):
    """A person of province 39."""
    return _signed_in(desk, "own")


@pytest.fixture(scope="session")
def admin(desk):
    """The administrator."""
    return _signed_in(desk, "admin")
