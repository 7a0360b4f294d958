"""ops.query_log: every statement of a login, by whichever protocol, and no password."""

import json
import time
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from publish import query_log
from tests.access.conftest import ita, login
from warehouse import cluster

NOW = datetime.now(UTC)


@pytest.fixture
def log(nobody_yet):
    """Empty before the test; a call loads it and gives its rows."""

    def rows(columns: str = "login, statement, sqlstate") -> list[tuple]:
        new = True
        while new:  # the server hands its log to a process that writes it a moment later
            time.sleep(0.5)
            new = query_log.load(nobody_yet, NOW)
        return nobody_yet.execute(
            f"select {columns} from ops.query_log order by logged_at, line_no"
        ).fetchall()

    rows()
    nobody_yet.execute("truncate ops.query_log")
    return rows


def test_each_statement_stands_there_once_with_whose_it_is(log, somchai):
    with login("somchai", somchai, application_name="a test") as session:
        session.execute("select 1 as simple")
        session.execute("select %s::int as asked", [7])
        session.execute("select 3 as prepared", prepare=True)
        for statement in ("select * from ops.publication", "select no_such", "selec 1"):
            with pytest.raises(psycopg.Error):
                session.execute(statement)
        with session.cursor().copy("copy (select 4 as copied) to stdout") as copied:
            assert list(copied) == [b"4\n"]
    with login("somchai", somchai) as session, pytest.raises(psycopg.Error):
        session.execute("set default_transaction_read_only = off; create table mine (a int)")
    assert [row for row in log() if row[0] == "somchai"] == [
        ("somchai", "select 1 as simple", ""),
        ("somchai", "select $1::int as asked", ""),
        ("somchai", "select 3 as prepared", ""),
        ("somchai", "select * from ops.publication", "42501"),
        ("somchai", "select no_such", "42703"),
        ("somchai", "selec 1", "42601"),
        ("somchai", "copy (select 4 as copied) to stdout", ""),
        ("somchai", "set default_transaction_read_only = off; create table mine (a int)", "25006"),
    ]
    known = log("address, application, duration_ms > 0, parameters")
    assert known[0] == ("127.0.0.1", "a test", True, "")
    assert known[1][3].endswith("$1 = '7'")
    assert len(log()) == 8, "a second load finds nothing new"


def test_a_login_cannot_keep_itself_out_of_the_log(log, somchai):
    with login("somchai", somchai) as session:
        for setting in ("log_min_duration_statement = -1", "log_min_error_statement = panic"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                session.execute(f"set {setting}")
    assert len(log()) == 2


def test_who_could_not_log_in_stands_there_too(log, somchai):
    with pytest.raises(psycopg.OperationalError):
        login("somchai", "wrong")
    assert ("somchai", "", "28P01") in log()


def test_no_password_gets_into_the_log(log, somchai):
    with login("somchai", somchai) as session:
        session.execute("set default_transaction_read_only = off")
        session.execute("alter role somchai password 'geheim-1'")
        for statement in (
            "alter role somchai key 'geheim-2'",
            "alter user somchai with password e'geheim-3",
            "do $$ begin execute 'alter role somchai password ''geheim-4'''; select 1/0; end $$",
            "select 'postgresql://somchai:geheim-5@host/ita'::int",  # pragma: allowlist secret
        ):
            with pytest.raises(psycopg.Error):
                session.execute(statement)
    told = log("statement || error || parameters")
    assert len(told) == 6
    assert not [row for row in told if "geheim" in row[0]], told
    assert ("alter role somchai password '***'",) in told
    ita("access", "sync")
    assert "geheim" not in cluster.log().read_text()
    assert "geheim" not in cluster.json_log().read_text()


def test_what_the_server_says_itself_goes_to_its_log(log, nobody_yet, tmp_path):
    entry = {
        "timestamp": "2026-11-29 10:00:00.000 +07",
        "pid": 1,
        "error_severity": "LOG",
        "message": "checkpoint starting: time",
    }
    file = tmp_path / "server.1.json"
    file.write_text(json.dumps(entry) + '\n{"timestamp": "2026-11-29 10:00:01 +07", "us')
    before = log()
    assert query_log.load_file(nobody_yet, file) == 0
    assert log() == before
    assert "LOG:  checkpoint starting: time\n" in cluster.log().read_text()


def test_a_load_that_was_killed_counts_nothing_twice(log, nobody_yet, tmp_path):
    entry = {
        "timestamp": "2026-11-29 10:00:00.000 +07",
        "user": "nida",
        "session_id": "x.1",
        "line_num": 3,
        "error_severity": "LOG",
        "message": "duration: 0.5 ms  statement: select\n 1",
    }
    file = tmp_path / "server.1.json"
    file.write_text(json.dumps(entry) + "\n")
    for _ in range(2):  # the file was not removed
        assert query_log.load_file(nobody_yet, file) == 1
    assert [row for row in log() if row[0] == "nida"] == [("nida", "select\n 1", "")]


def test_old_statements_go(log, somchai, nobody_yet):
    with login("somchai", somchai) as session:
        session.execute("select 1")
    assert len(log()) == 1
    query_log.load(nobody_yet, NOW + query_log.KEPT + timedelta(days=1))
    assert nobody_yet.execute("select count(*) from ops.query_log").fetchone() == (0,)


def test_the_operator_and_the_roles_are_logged_the_pack_writer_is_not(log):
    for role in ("ita_owner", "ita_analyst", "ita_province_83", "ita_pack"):
        assert ita("query", f"select '{role}' as me", "--as", role).returncode == 0
    assert {row[0] for row in log()} == {"ita_operator", "ita_analyst", "ita_province_83"}
