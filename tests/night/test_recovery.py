"""A back-up of a real night, restored elsewhere: the same marts, receipts, packs, logins."""

import json
import shutil
import subprocess

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from recovery import manifest
from tests.night.conftest import Night
from warehouse import cluster, postgres, settings

pytestmark = pytest.mark.slow_group

LOGIN = """
    do $$ begin
        if not exists (select from pg_roles where rolname = 'ita_test_somchai') then
            create role ita_test_somchai login password 'his own' in role ita_province_24;
        end if;
    end $$;
    create schema if not exists of_analyst;
    grant create, usage on schema of_analyst to ita_analyst;
    create or replace view of_analyst.best as select agency_id from mart.assessment;
    alter view of_analyst.best owner to ita_analyst"""

# What offices have left at the counter: a file that is not handed in yet, a dispute, a decision.
UPLOAD = "0" * 31 + "1"
AT_THE_COUNTER = f"""
    insert into counter.upload (upload_id, agency_id, file_name, submission_sha256, size_bytes,
        uploaded_at, uploaded_by, state, receipt)
    values ('{UPLOAD}', '4240503', 'ผล.csv', '', 2, now(), 'agency', 'judged', '{{}}');
    insert into counter.question (agency_id, fiscal_year, figure, shown, kind, asked_at, asked_by,
        question_th) values ('4240503', 2568, 'overall', '99.34', 'dispute', now(), 'agency', '?');
    insert into counter.event (agency_id, happened_at, by_whom, what)
    values ('4240503', now(), 'agency', 'asked');
    insert into counter.decision (subject, verdict, reason, decided_at, decided_by)
    values ('b1', 'refuse', 'wrong year', now(), 'hq');
    insert into counter.ticket (ticket_sha256, kind, agency_id, made_at, made_by, expires_at)
    values (repeat('0', 64), 'letter', '4240503', now(), 'korat', now() + interval '30 days')"""
KEPT = ("upload", "question", "event", "decision", "ticket")
CONTACTS = "agency_id,email\n4240503,office@example.go.th\n"


@pytest.fixture(scope="module")
def backup(night, tmp_path_factory):
    """A back-up of the night of the samples, after a login and an analyst's view were made."""
    assert night.ita("refresh").returncode == 0  # other tests have left it work
    with night.connect() as connection:
        connection.execute(LOGIN)
        connection.execute(AT_THE_COUNTER)
    uploads = night.home / "counter/uploads" / UPLOAD
    uploads.mkdir(parents=True)
    (uploads / "ผล.csv").write_text("ok")
    (night.home / "access").mkdir(exist_ok=True)
    (night.home / "access/contacts.csv").write_text(CONTACTS)
    where = tmp_path_factory.mktemp("backups")
    done = night.ita("backup", where)
    assert done.returncode == 0, done.stderr
    yield manifest.backups(where)[-1]
    with night.connect() as connection:
        connection.execute("drop schema of_analyst cascade; drop role ita_test_somchai")
        connection.execute(f"truncate {', '.join(f'counter.{table}' for table in KEPT)}")
    shutil.rmtree(night.home / "counter")
    (night.home / "access/contacts.csv").unlink()


def files_of(home, *folders) -> dict[str, bytes]:
    return {
        str(path.relative_to(home)): path.read_bytes()
        for folder in folders
        for path in (home / folder).rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


def at_the_counter(night) -> dict[str, list]:
    with night.connect() as connection:
        return {
            table: connection.execute(f"select t::text from counter.{table} as t").fetchall()
            for table in KEPT
        }


def test_restored_elsewhere_it_is_the_same_warehouse(night, backup, empty_night):
    done = empty_night.ita("restore", backup)
    assert done.returncode == 0, done.stdout + done.stderr
    folders = ("archive", "receipts", "packs", "secrets", "handed", "counter", "access")
    assert files_of(empty_night.home, *folders) == files_of(night.home, *folders)
    assert empty_night.publications() == night.publications()
    assert at_the_counter(empty_night) == at_the_counter(night)
    link = empty_night.ita("counter", "--link", "nobody")
    assert link.returncode == 2 and "no login" in link.stderr  # the counter knows its tables
    with psycopg.connect(
        empty_night.dsn(),
        user="ita_test_somchai",
        password="his own",  # pragma: allowlist secret
        autocommit=True,
    ) as login:
        assert login.execute("select count(*) from mart.assessment").fetchone() == (3,)
    with empty_night.connect() as connection:
        assert connection.execute(
            "select viewowner from pg_views where schemaname = 'of_analyst'"
        ).fetchone() == ("ita_analyst",)
    refreshed = empty_night.ita("refresh")
    assert refreshed.returncode == 0, refreshed.stderr
    assert "nothing new" in refreshed.stdout and "packs: 0 written" in refreshed.stdout
    again = empty_night.ita("restore", backup)
    assert again.returncode == 2 and "not empty" in again.stderr


def test_a_restore_that_was_cut_off_is_begun_anew(backup, empty_night):
    empty_night.home.mkdir(parents=True)
    (empty_night.home / "restoring.json").write_text(json.dumps({"backup": str(backup)}))
    (empty_night.home / "inboxes.csv").write_text("half")
    assert "cut off" in empty_night.ita("up").stderr
    done = empty_night.ita("restore", backup)
    assert done.returncode == 0, done.stderr
    assert len(empty_night.publications()) >= 1


@pytest.fixture
def server(tmp_path, monkeypatch):
    """The DSN of a server of others', whose user is no superuser, and an empty database there."""
    monkeypatch.setattr(cluster, "OWNER", "postgres")
    monkeypatch.setattr(settings, "home", lambda: tmp_path / "server")
    with psycopg.connect(postgres.up(), autocommit=True) as connection:
        connection.execute("create role house login createdb createrole password 'pw'")
        connection.execute("create database elsewhere owner house")
        yield make_conninfo(
            host="127.0.0.1",
            port=connection.info.port,
            user="house",
            password="pw",  # pragma: allowlist secret
            dbname="elsewhere",
        )
    postgres.down()


def test_it_goes_to_a_server_of_ones_own_and_back(night, backup, server, tmp_path):
    outside = Night(tmp_path / "outside")
    outside.environment["ITA_WAREHOUSE_DSN"] = server
    done = outside.ita("restore", backup)
    assert done.returncode == 0, done.stdout + done.stderr
    with psycopg.connect(server) as connection:
        owners = connection.execute(
            "select distinct viewowner from pg_views where schemaname in ('mart', 'of_analyst')"
            " order by 1"
        ).fetchall()
    assert owners == [("house",), ("ita_analyst",)]
    assert outside.query("select count(*) as n from mart.assessment", "ita_analyst") == [{"n": 3}]
    made = outside.ita("backup", tmp_path / "from_outside")
    assert made.returncode == 0, made.stderr
    told = manifest.check(manifest.backups(tmp_path / "from_outside")[-1])
    assert told["owner"] == "house"
    assert told["marts"] == manifest.read(backup)["marts"]
    other = Night(tmp_path / "other")
    other.environment["ITA_WAREHOUSE_DSN"] = server
    refused = other.ita("restore", backup)
    assert refused.returncode == 2 and "elsewhere_airflow is there already" in refused.stderr
    assert not (tmp_path / "other" / "archive").exists()


def test_a_back_up_waits_for_a_step_and_the_passwords_are_in_no_argument(night, tmp_path):
    with psycopg.connect(night.dsn()) as holder:
        holder.execute("lock table ops.step_lock in exclusive mode")
        process = night.start("backup", tmp_path / "b")
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(3)
        assert not list((tmp_path / "b").glob("*")) if (tmp_path / "b").exists() else True
        holder.rollback()
    assert process.wait(60) == 0
    assert len(manifest.backups(tmp_path / "b")) == 1


def test_the_drill_restores_and_rebuilds_and_status_says_so(night, backup, tmp_path):
    done = night.ita("drill", backup, "--room", tmp_path / "room")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "rebuilt: from the archive alone the same marts" in done.stdout
    assert list((tmp_path / "room").iterdir()) == []
    status = night.ita("status").stdout
    assert f"of {backup}" in status and "\nbackup " in status
