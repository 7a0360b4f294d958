"""One desk for all tests of this folder: a small synthetic country, `ita desk serve`, persons."""

import csv
import json
import os
import signal
import socket
import subprocess
import time

import pytest

from tests.desk.client import Client
from tests.desk.looked import COLUMN, HASHES, MAP, OWN
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

    def publish(self, agencies: int = 240, years: str = "2567-2568"):
        """A country of so many agencies and years, through the steps of a night."""
        country = self.home / "country"
        arguments = ("--agencies", agencies, "--years", years, "--seed", 7, "--layout", "long")
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


def signed_in(desk: Desk, name: str) -> Client:
    """The person, with a password of their own in place of the first."""
    client = Client(desk.address, name, desk.first_password(name))
    assert client.choose_password(f"{name}-of-this-test-2569").ok
    return client


@pytest.fixture(scope="session")
def hq(desk):
    """A person of headquarters, signed in with a password of their own."""
    return signed_in(desk, "hq")


@pytest.fixture(scope="session")
def own(desk):
    """A person of province 39."""
    return signed_in(desk, "own")


@pytest.fixture(scope="session")
def admin(desk):
    """The administrator."""
    return signed_in(desk, "admin")


@pytest.fixture(scope="session")
def foreign(desk) -> set[str]:
    """The hashes that province 39 may not see."""
    rows = desk.query("select province_code, submission_sha256 from published.assessment")
    own = {row["submission_sha256"] for row in rows if row["province_code"] == OWN}
    found = {row["submission_sha256"] for row in rows} - own
    assert found
    return found


@pytest.fixture(scope="session")
def assessments(admin) -> int:
    """A dataset of `mart.assessment` as it is, which everybody of the desk may read."""
    made = admin.post(
        "/api/v1/dataset/",
        json={"database": admin.database(), "schema": "mart", "table_name": "assessment"},
    )
    if made.status_code == 422:  # there is one already
        return admin.found("dataset", table_name="assessment")["id"]
    assert made.ok, made.text
    return made.json()["id"]


@pytest.fixture(scope="session")
def left(hq, assessments):
    """What headquarters left behind: a query, a saved one, a chart, keys of states."""
    form = {**MAP, "datasource": f"{assessments}__table", "viz_type": "table"}
    state = {
        "datasource_id": assessments,
        "datasource_type": "table",
        "form_data": json.dumps(form),
    }
    context = {
        "datasource": {"id": assessments, "type": "table"},
        "queries": [{**COLUMN, "metrics": [], "row_limit": 50_000}],
        "result_format": "json",
        "result_type": "full",
    }
    chart = {
        "slice_name": "of headquarters",
        "viz_type": "table",
        "datasource_id": assessments,
        "datasource_type": "table",
        "params": json.dumps(form),
        "query_context": json.dumps(context),
    }
    saved = {"db_id": hq.database(), "label": "of headquarters", "schema": "mart", "sql": HASHES}
    board = hq.found("dashboard", slug="national")["id"]
    posts = {
        "chart": ("/api/v1/chart/", chart),
        "saved": ("/api/v1/saved_query/", saved),
        "form": ("/api/v1/explore/form_data", state),
        "link": ("/api/v1/explore/permalink", {"formData": form, "urlParams": []}),
        "sql": ("/api/v1/sqllab/permalink", {"dbId": 1, "name": "x", "sql": HASHES}),
        "board": (f"/api/v1/dashboard/{board}/permalink", {"dataMask": {}}),
        "filter": (f"/api/v1/dashboard/{board}/filter_state", {"value": json.dumps({"a": 1})}),
    }  # fmt: skip
    made = {name: hq.post(path, json=body) for name, (path, body) in posts.items()}
    assert all(answer.ok for answer in made.values()), {n: a.text for n, a in made.items()}
    asked = hq.sql(HASHES).json()["query"]
    return {
        **{
            name: answer.json().get("id", answer.json().get("key")) for name, answer in made.items()
        },
        "query": asked["queryId"],
        "results": asked.get("resultsKey") or asked["id"],
        "dashboard": board,
        "dataset": assessments,
    }
