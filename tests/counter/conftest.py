"""The counter on the real PostgreSQL: a database of its own with two offices in two provinces."""

import re
import time
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from psycopg.conninfo import make_conninfo

from counter import app, codes, role
from counter.routes import signing_in
from counter.routes.agency import PACK
from ita.counter_work import CounterWork
from tests.intake import Intake
from warehouse import connect, schema

DATABASE = "ita_counter_tests"
OURS, THEIRS, ELSEWHERE = "4240503", "4240601", "1630001"  # the first two are of province 24
CENTRAL = "0100001"  # of none
URL = "http://testserver"
COLUMNS = "agency_id,name_th,agency_type,province_code,district_th,ministry_th,valid_from,valid_to"
REGISTRY = f"""{COLUMNS}
{OURS},เทศบาลตำบลลาดขวาง,tambon_mun,24,บ้านโพธิ์,,2560,
{THEIRS},เทศบาลตำบลข้างเคียง,tambon_mun,24,บ้านโพธิ์,,2560,
{ELSEWHERE},องค์การบริหารส่วนจังหวัดตาก,pao,63,,,2560,
{CENTRAL},กรมตัวอย่าง,department,,,กระทรวงตัวอย่าง,2560,
"""
# What the counter reads of a published build, of one year.
MART = f"""
    create schema mart;
    create table mart.assessment as
    select agency_id, 2568 as fiscal_year, 'ชื่อ' || agency_id as name_th, province_code,
        score as overall_score, 'good' as level_code, 'ผ่านดี' as level_th,
        'เหตุผลของ' || agency_id as level_reason_th, 'published' as score_source,
        false as provisional, score as iit_score, score as eit_score,
        score as eit_public_score, score as eit_survey_score, score as oit_score,
        score >= 85 as is_pass
    from (values ('{OURS}', '24', 91.15), ('{THEIRS}', '24', 82.22), ('{ELSEWHERE}', '63', 99.4),
        ('{CENTRAL}', null, 90.5)) as v (agency_id, province_code, score);
    create table mart.national_ranking as
    select agency_id, fiscal_year, 1 as type_rank, 2 as type_count from mart.assessment;
    create table mart.provincial_ranking as
    select agency_id, fiscal_year, 1 as province_rank, 2 as province_count from mart.assessment;
    create table mart.indicator_score as
    select agency_id, fiscal_year, 9 as indicator_no, overall_score as score
    from mart.assessment;
    create table mart.item_score as
    select agency_id, fiscal_year, 'o1' as item_code, null::text as eit_part,
        overall_score as score, 'โครงสร้าง' as title_th, 9 as indicator_no from mart.assessment;
    create table mart.province_summary as
    select province_code, fiscal_year, 2 as agencies, 90 as mean_score, 50 as pass_share
    from mart.assessment"""
HEAD = "fiscal_year,agency_id,agency_name,agency_type,province,district,level,code,part,score"


def scores(agency_id: str = OURS, overall: str = "91.15", year: int = 2568) -> bytes:
    """A submission of an overall score."""
    return f"{HEAD}\n{year},{agency_id},,,,,overall,,,{overall}\n".encode()


def messages_without_outcome(owner) -> None:
    """Of three: the line went dead, the run was cut off, and one of a run that has not ended."""
    runs = (("2026-03-02", "2026-03-02 01:30+07"), ("2026-03-03", None), ("2026-03-04", None))
    for number, (night, ended) in enumerate(runs, 1):
        (run_no,) = owner.execute(
            "insert into ops.delivery_run (night, began_at, ended_at) values (%s, %s, %s)"
            " returning run_no",
            [night, night, ended],
        ).fetchone()
        (delivery_no,) = owner.execute(
            "insert into ops.delivery (message_key, kind, recipient, name_th, province_code, night,"
            " run_no, meant_at, address_hash) values (%s, 'agency', %s, %s, '24', %s, %s, %s, 'x')"
            " returning delivery_no",
            [f"{number}" * 32, OURS, f"หน่วยที่ {number}", night, run_no, night],
        ).fetchone()
        owner.execute("insert into ops.delivered values (%s, %s)", [f"pack:{number}", delivery_no])


@pytest.fixture(scope="module")
def counter_home(warehouse, tmp_path_factory):
    """The counter's database and ITA_HOME, with a registry, contacts and persons.

    Told by variables: the back room's processes must find the same.
    """
    home = tmp_path_factory.mktemp("counter")
    warehouse.execute(f"drop database if exists {DATABASE} with (force)")
    warehouse.execute(f"create database {DATABASE}")
    patch = pytest.MonkeyPatch()
    patch.setenv("ITA_WAREHOUSE_DSN", make_conninfo(connect.dsn(), dbname=DATABASE))
    patch.setenv("ITA_HOME", str(home))
    with connect.connect(autocommit=True) as owner:
        schema.apply(owner)
        role.apply(owner)
        intake = Intake(owner, home)
        intake.put("agencies.csv", REGISTRY)
        intake.night(datetime(2026, 1, 1, tzinfo=UTC))
        owner.execute(MART)
        for agency_id, province in ((OURS, "24"), (THEIRS, "24"), (ELSEWHERE, "63")):
            folder = home / "packs/2568" / province / agency_id
            folder.mkdir(parents=True)
            for file in PACK:
                (folder / file).write_text(f"{file} of {agency_id}")
        (home / "access").mkdir()
        (home / "access/contacts.csv").write_text(
            f"agency_id,email\n{OURS},ours@example.go.th\n{ELSEWHERE},far@example.go.th\n"
        )
        (home / "access/logins.csv").write_text(
            "name,scope,full_name,email\nhq,headquarters,,\nchacho,24,,\ntak,63,,\n"
        )
        yield owner, home
    patch.undo()
    warehouse.execute(f"drop database if exists {DATABASE} with (force)")


class Counter:
    """The application and who may come in."""

    def __init__(self, owner, home, client):
        self.owner, self.home, self.client = owner, home, client

    def fresh(self) -> TestClient:
        """Another browser on the same application."""
        other = TestClient(self.client.app, base_url=URL)
        other.portal = self.client.portal  # one event loop, as in the server
        return other

    def clerk_is_done(self, do="ready"):
        """Wait until the clerk has done this, and so all that was ordered before."""
        return self.client.portal.call(self.client.app.state.crew.ask, do)

    def ticket(self, kind="letter", *, agency=None, person=None, at=None) -> str:
        """A code of a letter, or a link's token, made as the back room makes them."""
        at = at or datetime.now(UTC)
        made = codes.code() if kind == "letter" else codes.token()
        hashed = codes.hashed_code(made) if kind == "letter" else codes.hashed(made)
        lasts = timedelta(days=30) if kind == "letter" else timedelta(minutes=15)
        self.owner.execute(
            "insert into counter.ticket (ticket_sha256, kind, agency_id, person_name, made_at,"
            " made_by, expires_at) values (%s, %s, %s, %s, %s, 'a test', %s)",
            [hashed, kind, agency, person, at, at + lasts],
        )
        return made

    def signed_in(self, *, agency=None, person=None) -> TestClient:
        """A browser with a session."""
        client = self.fresh()
        code = self.ticket(agency=agency, person=person)
        answer = send(client, "/in", "/in/letter", login=agency or person, code=code)
        assert answer.status_code == 303, answer.text
        return client


def form_key(page: str) -> str:
    return re.search(r'name="form_key" value="([0-9a-f]{64})"', page)[1]


def send(client, page, action, files=None, headers=None, **values):
    """Open a page and send a form of it."""
    key = form_key(client.get(page).text)
    return client.post(
        action,
        data={"form_key": key, **values},
        files=files,
        headers=headers,
        follow_redirects=False,
    )


def put_in(client, name: str, content: bytes) -> str:
    """Have a file looked at; its page, once it is judged (its answer waits for some seconds)."""
    answer = send(client, "/", "/upload", files={"file": (name, content)})
    assert answer.status_code == 303, answer.text
    page = answer.headers["location"]
    for _ in range(120):
        if client.get(f"{page}/state").json()["state"] != "waiting":
            return page
        time.sleep(0.5)
    raise AssertionError(f"{page} is not judged")


@pytest.fixture(scope="module")
def counter(counter_home):
    """A `Counter`; the back room is the real one."""
    owner, home = counter_home
    made = app.create(app.Settings(URL, home / "fonts", judges=1), CounterWork())
    with pytest.MonkeyPatch.context() as patch, TestClient(made, base_url=URL) as client:
        patch.setattr(signing_in, "SLOWLY", 0.0)
        yield Counter(owner, home, client)


@pytest.fixture(autouse=True)
def no_tries(counter_home):
    """No test's tries count against the next."""
    counter_home[0].execute("truncate counter.attempt")
