"""No login can stop the night or others: what is forbidden, ended or undone."""

import os
import re
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from publish import access, fence, operator, readers, watch
from warehouse import connect
from warehouse.errors import Fault

PROVINCE = "ita_province_83"
RUNBOOK = Path(__file__).parents[2] / "docs/operations"


@pytest.fixture
def reader(builds):
    """A province's session that may write as far as PostgreSQL lets it."""
    with connect.connect(PROVINCE, dbname=builds[0], autocommit=True) as connection:
        connection.execute("set default_transaction_read_only = off")
        yield connection


@pytest.fixture
def owner(builds):
    with connect.connect(dbname=builds[0], autocommit=True) as connection:
        yield connection


def reasons(owner) -> list[str]:
    return [row[0] for row in owner.execute("select reason_en from ops.interference").fetchall()]


@pytest.mark.parametrize(
    "statement",
    [
        "select pg_advisory_lock(1)",
        "select pg_try_advisory_xact_lock(1, 2)",
        "begin; lock table ops.step_lock in exclusive mode",
        "select lo_create(0)",
        "select lo_from_bytea(0, 'x')",
        "select pg_logical_emit_message(false, 'x', 'y')",
        "select pg_notify('x', 'y')",
        "select pg_terminate_backend(pg_backend_pid())",
        "select pg_cancel_backend(pg_backend_pid())",
        "select pg_export_snapshot()",
        "create temporary table mine (a int)",
        "create table public.mine (a int)",
        "set temp_file_limit = -1",
        "begin; lock table mart.assessment in access exclusive mode",
    ],
)
def test_what_stops_others_is_forbidden(reader, statement):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        reader.execute(statement)


@pytest.mark.parametrize("database", ["postgres", "template1"])
def test_other_databases_are_not_for_readers(builds, database):
    with pytest.raises(Exception, match="permission denied for database"):
        connect.connect(PROVINCE, dbname=database)


def test_connections_have_a_limit_and_some_are_kept(owner):
    # of roles.csv: other tests of this server have made and retired roles of their own
    names = [row["role_name"] for row in access.roles()]
    rows = owner.execute(
        "select rolname, rolconnlimit from pg_roles where rolname = any(%s)", [names]
    ).fetchall()
    assert len(rows) >= 79
    assert all(0 < limit <= access.CONNECTIONS for _, limit in rows)
    kept = int(owner.execute("show superuser_reserved_connections").fetchone()[0])
    assert kept >= 20
    may = "select pg_has_role(%s, 'pg_use_reserved_connections', 'usage')"
    assert owner.execute(may, ["ita_pack"]).fetchone() == (True,)
    for _ in range(2):  # of a warehouse of a release before, too
        operator.login(owner)
        assert owner.execute(may, [operator.OPERATOR]).fetchone() == (True,)
        owner.execute("revoke pg_read_all_stats, pg_use_reserved_connections from ita_operator")


def test_the_operator_sees_who_holds_up_whom_by_the_runbooks_questions(owner, reader):
    operator.login(owner)
    pages = "".join(page.read_text("utf-8") for page in RUNBOOK.glob("*.md"))
    questions = re.findall(r'ita query "([^"]+pg_(?:stat_activity|db_role)[^"]+)"', pages)
    assert len(questions) == 3
    with connect.connect(operator.OPERATOR, dbname=owner.info.dbname) as asks:
        answers = [asks.execute(question).fetchall() for question in questions]
    assert all(answers) and PROVINCE in str(answers)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        reader.execute("select * from pg_stat_activity")


def test_who_finds_all_connections_taken_is_told_where_to_read(owner):
    with owner.transaction():
        owner.execute(f"alter role {PROVINCE} connection limit 0")
    try:
        with pytest.raises(Fault, match=r"too many connections.*\*All connections are taken"):
            connect.connect(PROVINCE)
    finally:
        owner.execute(f"alter role {PROVINCE} connection limit {access.PROVINCE_CONNECTIONS}")


def test_nothing_is_left_open_on_the_embedded_server(owner):
    assert fence.open_doors(owner) == []
    owner.execute("grant execute on function pg_advisory_lock(bigint) to public")
    assert fence.open_doors(owner) == [
        "revoke execute on function pg_advisory_lock(bigint) from public"
    ]
    fence.close(owner)
    assert fence.open_doors(owner) == []


def test_the_locks_of_the_steps_keep_two_apart_and_go_with_the_session(warehouse):
    order = []

    def second():
        with connect.lock("step", on_wait=lambda: order.append("waits")):
            order.append("second")

    with connect.lock("step"):
        thread = threading.Thread(target=second)
        thread.start()
        while not order:
            time.sleep(0.05)
        order.append("first")
    thread.join()
    assert order == ["waits", "first", "second"]


HOLDS = """
import sys, time
from warehouse import connect
with connect.lock("step"):
    print("holds", flush=True)
    time.sleep(60)"""


def test_a_step_ends_where_its_lock_is_lost(warehouse):
    """Else it would work on beside the next one that takes the lock."""
    step = subprocess.Popen([sys.executable, "-c", HOLDS], stdout=-1, stderr=-1, text=True)
    assert step.stdout.readline() == "holds\n"
    warehouse.execute("""
        select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'ita step lock'""")
    _, said = step.communicate(timeout=50)
    assert step.returncode == 1 and said.startswith("ita: the warehouse does not answer")


def test_a_password_and_settings_of_its_own_are_undone(reader, owner):
    verifier = "select rolpassword from pg_authid where rolname = %s"
    before = owner.execute(verifier, [PROVINCE]).fetchone()
    reader.execute(f"alter role {PROVINCE} password 'taken'")
    reader.execute(f"alter role {PROVINCE} set search_path = elsewhere")
    reader.execute(f"alter role {PROVINCE} in database {reader.info.dbname} set work_mem = '1TB'")
    watch.look(owner)
    assert owner.execute(verifier, [PROVINCE]).fetchone() == before
    found = owner.execute(
        "select setdatabase, setconfig from pg_db_role_setting where setrole = %s::regrole",
        [PROVINCE],
    ).fetchall()
    assert found == [(0, access.settings_of(PROVINCE, superuser=True))]
    for what in ("password", "settings"):
        assert f"it had changed its own {what}: set back" in reasons(owner)
    with connect.connect(PROVINCE, dbname=owner.info.dbname) as again:
        assert again.execute("select 1").fetchone() == (1,)


@pytest.mark.parametrize(
    "statement",
    [
        "set work_mem = '8GB'",
        "SET SESSION statement_timeout TO 0",
        "select set_config('idle_in_transaction_session_timeout', '0', false)",
        "reset statement_timeout",
    ],
)
def test_a_session_that_sets_its_own_bounds_is_ended(reader, owner, statement):
    reader.execute(statement)
    watch.look(owner)
    with pytest.raises(psycopg.OperationalError):
        reader.execute("select 1")
    assert "it had changed its own bounds of time or memory" in reasons(owner)


def test_a_session_over_a_bound_is_ended_and_others_stay(reader, owner, builds, monkeypatch):
    monkeypatch.setattr(watch, "LONGEST_IDLE", -5.0)
    with connect.connect("ita_province_42", dbname=builds[0], autocommit=True) as other:
        reader.execute("begin")
        reader.execute("select count(*) from mart.assessment")
        watch.look(owner)
        assert other.execute("select 1").fetchone() == (1,)
        with pytest.raises(psycopg.OperationalError):
            reader.execute("select 1")


def test_a_session_that_takes_much_memory_is_ended(reader, owner, monkeypatch):
    monkeypatch.setattr(watch, "MOST_MEMORY", 1)
    watch.look(owner)
    with pytest.raises(psycopg.OperationalError):
        reader.execute("select 1")
    assert "it held more than a gigabyte of memory" in reasons(owner)


def steps_back(connection) -> set[int]:
    """How far the session's process stands behind ours: by itself, and by its session of Linux."""
    pid = connection.info.backend_pid
    group = Path(f"/proc/{pid}/autogroup")
    found = {os.getpriority(os.PRIO_PROCESS, pid)}
    found |= {int(group.read_text().split()[-1])} if group.exists() else set()
    return {nice - os.nice(0) for nice in found}


def test_a_reader_stands_back_while_a_step_is_at_work(reader, owner):
    watch.look(owner)
    assert steps_back(reader) == {0}
    with connect.connect(dbname=owner.info.dbname) as step:
        step.execute("lock table ops.step_lock in exclusive mode")
        watch.look(owner)
        assert steps_back(reader) == {watch.STEPS_BACK}
        assert os.getpriority(os.PRIO_PROCESS, step.info.backend_pid) == os.nice(0)
    watch.look(owner)
    if os.geteuid() == 0:  # anybody else cannot take a process's own nice value back
        assert steps_back(reader) == {0}


def test_a_persons_login_gets_a_limit_of_connections(owner):
    owner.execute("drop role if exists person_of_this_test")
    owner.execute(f"create role person_of_this_test login in role {PROVINCE}")
    watch.look(owner)
    limit = "select rolconnlimit from pg_roles where rolname = 'person_of_this_test'"
    assert owner.execute(limit).fetchone() == (access.PERSONAL_CONNECTIONS,)
    owner.execute("drop role person_of_this_test")


def test_an_open_transaction_delays_our_work_by_ten_seconds_and_is_ended(
    reader, owner, monkeypatch
):
    """What is dropped before a build: a reader still looks at it."""
    monkeypatch.setattr(readers, "PATIENCE", 1.0)
    owner.execute("create schema mart_before_1")
    owner.execute("create view mart_before_1.old as select 1 as one")
    owner.execute(f"grant usage on schema mart_before_1 to {PROVINCE}")
    owner.execute(f"grant select on mart_before_1.old to {PROVINCE}")
    reader.execute("begin")
    reader.execute("select * from mart_before_1.old")
    started = time.monotonic()
    readers.let_work(
        owner, lambda: owner.execute("drop schema mart_before_1 cascade"), readers.BUILDS_BEFORE
    )
    assert 1.0 <= time.monotonic() - started < 30
    with pytest.raises(psycopg.OperationalError):
        reader.execute("select 1")
    assert readers.WHY_EN in reasons(owner)


def test_why_is_written_before_the_session_is_ended(owner):
    readers.note(owner, datetime.now(UTC), PROVINCE, 1, "เพราะ", "because")
    assert "because" in reasons(owner)


def test_an_owner_who_is_no_superuser_is_told_what_is_missing(owner):
    """As on a server of somebody else's: what our rights do not close is said as statements."""
    owner.execute("drop role if exists owner_of_this_test")
    owner.execute("create role owner_of_this_test createrole")
    owner.execute("grant usage on schema access to owner_of_this_test")
    owner.execute("grant select on access.role_scope to owner_of_this_test")
    owner.execute("grant select on access.login to owner_of_this_test")
    owner.execute("grant execute on function pg_advisory_lock(bigint) to public")
    owner.execute("set role owner_of_this_test")
    fence.close(owner)
    doors = fence.open_doors(owner)
    owner.execute("reset role")
    assert "revoke execute on function pg_advisory_lock(bigint) from public" in doors
    assert "grant pg_signal_backend to owner_of_this_test" in doors
    for door in doors:
        owner.execute(door) if "alter system" not in door else None
    owner.execute("set role owner_of_this_test")
    for seen in ("pg_locks", "pg_stat_user_tables", "pg_stat_activity"):  # a night looks at them
        owner.execute(f"select count(*) from {seen}")
    left = fence.open_doors(owner)
    owner.execute("reset role")
    assert all("reserved_connections" in door for door in left), left
    owner.execute("drop owned by owner_of_this_test; drop role owner_of_this_test")
    assert fence.open_doors(owner) == []
