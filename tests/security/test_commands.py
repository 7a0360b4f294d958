"""The command line is no door: no secret unasked, no program run by SQL, no escape obeyed."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from ita import terminal
from warehouse import secret

ITA = str(Path(sys.executable).parent / "ita")


def ita(*arguments, **variables) -> subprocess.CompletedProcess:
    return subprocess.run(
        [ITA, *arguments],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        errors="surrogateescape",
    )


def test_a_password_is_told_only_who_asks_for_it(ita_home):
    analyst, owner = secret.secret("role-ita_analyst"), secret.kept("owner")
    assert f":{analyst}@" in ita("status", "--dsn", "ita_analyst").stdout
    for said in (ita("status"), ita("status", "--dsn", "nobody")):
        assert owner not in said.stdout + said.stderr
        assert analyst not in said.stdout + said.stderr
    assert "postgresql://ita_owner@127.0.0.1" in ita("status").stdout


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_stream_that_is_closed_stops_no_command(tmp_path, closed):
    """Nor does what is opened next take its number, and with it the words of the command."""
    done = subprocess.run(
        ["/bin/sh", "-c", f"exec '{ITA}' status {closed}"],
        env={"ITA_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert ("stopped" in done.stdout) == (">&-" not in closed.split())


def test_a_dsn_that_is_none_is_not_told(ita_home):
    done = ita("status", ITA_WAREHOUSE_DSN="postgres//ita_owner:geheim@db/ita")
    assert done.returncode == 2
    assert "ITA_WAREHOUSE_DSN" in done.stderr and "geheim" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    "statement",
    [
        "copy (select 1) to program 'touch {mark}'",
        "select pg_read_file('/etc/passwd')",
        "select lo_import('/etc/passwd')",
        "select pg_ls_dir('/')",
        "select rolpassword from pg_authid",
        "select set_config('session_authorization', 'ita_owner', false),"
        " query_to_xml('copy (select 1) to program ''touch {mark}''', true, true, '')",
        "select set_config('role', 'ita_owner', false),"
        " query_to_xml('copy (select 1) to program ''touch {mark}''', true, true, '')",
        "do $$ begin set session authorization default;"
        " copy (select 1) to program 'touch {mark}'; end $$",
    ],
)
def test_the_owners_queries_cannot_leave_the_database(warehouse, tmp_path, statement):
    tmp_path.chmod(0o777)
    mark = tmp_path / "mark"
    done = ita("query", statement.format(mark=mark), "--as", "ita_owner")
    assert done.returncode == 3, done.stdout + done.stderr
    assert not mark.exists()


def test_the_operator_reads_all_schemas_of_the_owner_also_later_ones(warehouse):
    statement = "select count(*) as files from raw.submission, ops.publication, access.role_scope"
    assert ita("query", statement, "--as", "ita_owner").returncode == 0
    warehouse.execute("create schema made_later; create table made_later.x as select 1 as one")
    try:
        done = ita("query", "select one from made_later.x", "--as", "ita_owner", "--format", "csv")
        assert done.stdout == "one\n1\n", done.stderr
    finally:
        warehouse.execute("drop schema made_later cascade")


@pytest.mark.parametrize(
    ("name", "commands"),
    [
        ('a"b', (["up"], ["status"], ["refresh"], ["airflow", "version"])),
        ("a'b", (["status"],)),
        ("a$(touch x)b", (["up"],)),
        ("a`id`b", (["refresh"],)),
        ("a%b", (["airflow", "version"],)),
        ("a\nb", (["status"],)),
        ("a\\b", (["status"],)),
    ],
)
def test_a_home_that_a_shell_or_template_would_take_for_more_is_refused(tmp_path, name, commands):
    for command in commands:
        done = ita(*command, ITA_HOME=str(tmp_path / name))
        assert done.returncode == 2
        assert done.stderr.count("\n") == 1 and "ITA_HOME" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("เทศบาล\tตำบล\nลาดขวาง", "เทศบาล\tตำบล\nลาดขวาง"),
        ("a\x1b]0;renamed\x07", "a\\u001b]0;renamed\\u0007"),
        ("a\x9b31mred", "a\\u009b31mred"),
        ("over\rwritten", "over\\u000dwritten"),
        ("turned\u202etxt.csv", "turned\\u202etxt.csv"),
        (os.fsdecode(b"\xe1\xb7.csv"), "\\xe1\\xb7.csv"),
    ],
)
def test_what_a_terminal_would_obey_is_written_out(text, shown):
    assert terminal.plain(text) == shown


def test_names_and_values_do_nothing_to_the_terminal(warehouse):
    values = ita("query", "select E'a\\x1b[31m\\u009b' as \"b\x1b[0m\"", "--as", "ita_owner")
    name = ita("check", "no\x1b[31m such \udce1 file.csv")
    for said in (values.stdout, name.stderr):
        assert said and not terminal.HARMFUL.search(said)
    assert values.returncode == 0 and "\\u001b[31m" in values.stdout


def test_who_has_read_enough_is_no_fault(warehouse):
    command = f"{ITA} query 'select generate_series(1, 200000)' --as ita_owner --format csv"
    done = subprocess.run(
        ["/bin/bash", "-c", f"{command} | head -1; exit ${{PIPESTATUS[0]}}"],
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "generate_series\n", "")


def test_work_of_more_than_two_seconds_shows_life_on_a_terminal(warehouse):
    screen, terminal_of_ita = pty.openpty()
    done = subprocess.run(
        [ITA, "query", "select 'done' from pg_sleep(4)", "--as", "ita_owner"],
        stdout=subprocess.PIPE,
        stderr=terminal_of_ita,
    )
    os.close(terminal_of_ita)
    shown = os.read(screen, 65536).decode()
    assert done.returncode == 0 and "ita query … 3 s" in shown
    assert shown.endswith("\r\x1b[K"), "and takes it away"


def test_the_version_is_told():
    assert ita("--version").stdout.startswith("ita 0.")
