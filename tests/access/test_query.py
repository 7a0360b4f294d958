"""`ita query`: as a person without the owner's secrets, into files, with what the server says."""

import os
import pty
import subprocess
import sys
import tempfile

import openpyxl
import pandas as pd
import pytest

from publish import access
from tests.access.conftest import ITA, ita
from warehouse import connect

ONE = "select 24 as province_code, 'ฉะเชิงเทรา' as province_th, null as nothing"


@pytest.fixture(scope="module", autouse=True)
def roles(warehouse):
    """Readers can log in, whichever test comes first."""
    access.apply(warehouse, "new")


@pytest.fixture
def as_somchai(somchai, tmp_path):
    """The environment of an account that has nothing but what somchai was told."""
    place = connect.parameters()
    line = ":".join([place["host"], place["port"], place["dbname"], "somchai", somchai])
    (tmp_path / "pgpass").write_text(line + "\n")
    (tmp_path / "pgpass").chmod(0o600)
    return {
        "ITA_HOME": str(tmp_path / "no-home"),
        "PGPASSFILE": str(tmp_path / "pgpass"),
        "ITA_QUERY_DSN": connect.address("somchai"),
    }


def test_a_person_asks_without_the_owners_secrets(as_somchai, tmp_path):
    done = ita(
        "query", "select session_user as me", "--format", "csv", environment=as_somchai, cwd="/"
    )
    assert (done.stdout, done.stderr) == ("me\nsomchai\n", "")
    assert not (tmp_path / "no-home").exists()
    for statement in ("select * from ops.publication", "create table mine (a int)"):
        done = ita("query", statement, environment=as_somchai, cwd="/")
        assert (done.returncode, done.stderr.count("\n")) == (3, 1), done.stderr


def test_a_wrong_password_is_said_in_a_line(as_somchai):
    done = ita("query", "select 1", environment={**as_somchai, "PGPASSWORD": "wrong"}, cwd="/")
    assert done.returncode == 3 and "password authentication failed" in done.stderr
    done = ita("query", "select 1", "--dsn", "postgresql://somchai:geheim@localhost/ita")
    assert done.returncode == 2 and "geheim" not in done.stderr
    assert ita("query", "select 1", "--dsn", "postgresql//x").returncode == 2


def test_the_operator_asks_as_a_person(somchai):
    done = ita("query", "select session_user as me", "--as", "somchai", "--format", "json")
    assert done.stdout == '[\n{"me": "desk_somchai"}\n]\n', done.stderr
    assert ita("query", "select 1", "--as", "nobody_we_know").returncode == 2


def test_an_account_that_may_not_read_the_secrets_is_told_how(warehouse, ita_home, monkeypatch):
    from ita import query
    from warehouse.errors import BadInput

    monkeypatch.setattr(query.os, "access", lambda path, mode: False)
    with pytest.raises(BadInput, match="ITA_QUERY_DSN"):
        query.run("select 1", "ita_analyst", query.Output("table"))


def test_files_for_excel(warehouse, tmp_path):
    """A CSV with a mark, a workbook with text that is no formula; no mark on standard output."""
    book, table = tmp_path / "answer.xlsx", tmp_path / "answer.csv"
    for file in (book, table):
        done = ita("query", f"{ONE}, '=1+1' as told, 1.50 as score", "--out", file)
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert table.read_bytes() == (
        "\ufeffprovince_code,province_th,nothing,told,score\n24,ฉะเชิงเทรา,,=1+1,1.50\n".encode()
    )
    rows = list(openpyxl.load_workbook(book).active.iter_rows())
    assert [cell.value for cell in rows[1]] == [24, "ฉะเชิงเทรา", None, "=1+1", 1.5]
    assert rows[1][3].data_type == "s"
    assert len(pd.read_csv(table)) == len(pd.read_excel(book)) == 1
    assert list(tmp_path.iterdir()) == [book, table] or set(tmp_path.iterdir()) == {book, table}
    plain = ita("query", ONE, "--format", "csv").stdout
    assert plain.startswith("province_code,")
    assert ita("query", ONE, "--format", "csv", "--bom").stdout == "\ufeff" + plain


@pytest.mark.parametrize("ending", ["csv", "xlsx", "json"])
def test_an_answer_that_breaks_off_leaves_the_file_of_before(warehouse, tmp_path, ending):
    file = tmp_path / f"answer.{ending}"
    file.write_text("before")
    done = ita("query", "select 1 / (5000 - n) from generate_series(1, 9000) as n", "--out", file)
    assert done.returncode == 2 and "division by zero" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == [file.name]
    assert file.read_text() == "before"
    assert ita("query", "select 1", "--out", tmp_path / "no" / "x.csv").returncode == 2


def test_a_workbook_refuses_what_a_cell_does_not_hold(warehouse, tmp_path):
    done = ita("query", "select repeat('x', 40000)", "--out", tmp_path / "x.xlsx")
    assert done.returncode == 2 and "32767" in done.stderr
    assert ita("query", "select 1", "--format", "xlsx").returncode == 2


def test_expanded_shows_a_line_a_column(warehouse):
    shown = "-[ 1 ]-\nprovince_code | 24\nprovince_th   | ฉะเชิงเทรา\nnothing       |\n(1 rows)\n"
    assert ita("query", "-x", ONE).stdout == shown
    assert ita("query", ONE, "--format", "expanded").stdout == shown


@pytest.mark.parametrize("format_", ["csv", "table", "json", "expanded"])
def test_an_answer_without_rows_keeps_its_columns(warehouse, format_):
    done = ita("query", "select 1 as a where false", "--format", format_)
    shown = {"csv": "a\n", "table": "a\n-\n(0 rows)\n", "json": "[\n]\n", "expanded": "(0 rows)\n"}
    assert (done.returncode, done.stdout) == (0, shown[format_])


def test_a_table_says_what_it_cuts(warehouse):
    said = ita("query", "select generate_series(1, 1234)").stdout
    assert said.endswith("(200 rows; 1034 more are not shown: use --format csv or json)\n")


def test_where_and_what_the_server_says(warehouse):
    done = ita("query", "select 1,\n  rolnam from pg_roles")
    assert done.returncode == 2 and done.stderr == (
        'ita: column "rolnam" does not exist, line 2, character 3: rolnam from pg_roles — Perhaps'
        ' you meant to reference the column "pg_roles.rolname".\n'
    )


def test_a_question_from_a_file(warehouse, tmp_path):
    question = tmp_path / "question.sql"
    question.write_text("\ufeff-- how many\nselect 1 as one;\n", encoding="utf-8")
    assert ita("query", "--file", question, "--format", "csv").stdout == "one\n1\n"
    assert ita("query", "-f", "-", "--format", "csv", input="select 2 as two").stdout == "two\n2\n"
    two = tmp_path / "two.sql"
    two.write_text("select 1; drop table mart.agency")
    for arguments in (["--file", two], ["--file", tmp_path / "none.sql"], ["select 1", "-f", two]):
        assert ita("query", *arguments).returncode == 2


def test_columns_of_one_name_are_no_object_of_json(warehouse):
    done = ita("query", "select 1 as a, 2 as a", "--format", "json")
    assert done.returncode == 2 and "several columns are called a" in done.stderr


@pytest.mark.slow_group
def test_many_rows_take_no_memory(warehouse):
    """Peak memory with many rows is that with few, for each format that gives all rows."""
    with tempfile.TemporaryDirectory() as folder:
        for format_ in ("csv", "json", "xlsx"):
            few, many = (peak(folder, format_, rows) for rows in (10, 200_000))
            assert many < few + 40_000, (format_, few, many)  # KB


def peak(folder: str, format_: str, rows: int) -> int:
    """KB that `ita query` held at most."""
    statement = f"select n, 'x' || n as t, n / 7.0 as d from generate_series(1, {rows}) as n"
    child = subprocess.Popen(
        [ITA, "query", statement, "--out", f"{folder}/rows.{format_}"], env=os.environ
    )
    _, status, usage = os.wait4(child.pid, 0)
    assert status == 0
    return usage.ru_maxrss


def test_who_has_read_enough_ends_the_question(warehouse):
    """`| head` of rows without end comes back at once, and the server works no more."""
    command = f"{ITA} query 'select generate_series(1, 2000000000)' --format csv"
    done = subprocess.run(
        ["/bin/bash", "-c", f"{command} | head -1; exit ${{PIPESTATUS[0]}}"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "generate_series\n", "")
    busy = "select count(*) from pg_stat_activity where query ~ '2000000000' and pid <> %s"
    pid = warehouse.info.backend_pid
    assert warehouse.execute(busy + " and state = 'active'", [pid]).fetchone() == (0,)


def test_a_password_is_asked_for_on_a_terminal(as_somchai, somchai):
    screen, terminal = pty.openpty()
    environment = {**os.environ, **as_somchai, "PGPASSFILE": "/dev/null"}
    child = subprocess.Popen(
        [sys.executable, "-c", ASKER, ITA],
        stdin=terminal,
        stdout=subprocess.PIPE,
        stderr=terminal,
        env=environment,
        start_new_session=True,
        cwd="/",
    )
    os.close(terminal)
    shown = os.read(screen, 1000).decode()
    while "Password" not in shown:
        shown += os.read(screen, 1000).decode()
    os.write(screen, f"{somchai}\n".encode())
    assert child.communicate(timeout=30)[0] == b"me\nsomchai\n"
    assert somchai not in shown
    os.close(screen)


# a session of its own whose terminal is the screen, then ita
ASKER = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], [sys.argv[1], "query", "select session_user as me", "--format", "csv"])
"""
