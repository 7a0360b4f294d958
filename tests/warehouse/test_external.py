"""A PostgreSQL that is not ours to start: its password from a file, its absence waited for."""

import os
import threading
import time

import pytest

from warehouse import cluster, connect, postgres
from warehouse.errors import BadInput, Fault


@pytest.fixture
def external(home, monkeypatch, tmp_path):
    """A server of this test's own as if it were another's; its password is in a file."""
    postgres.up()
    given = connect.parameters()
    address = f"postgresql://{given['user']}@127.0.0.1:{given['port']}/{given['dbname']}"
    file = tmp_path / "password"
    file.write_text(given["password"] + "\n")
    monkeypatch.setenv("ITA_WAREHOUSE_DSN", address)
    monkeypatch.setenv("ITA_WAREHOUSE_PASSWORD_FILE", str(file))
    return file


def test_the_password_is_read_from_its_file(external):
    with connect.connect() as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    assert external.read_text().strip() in connect.sqlalchemy_url()
    assert external.read_text().strip() not in connect.address()


@pytest.mark.parametrize("content", [None, "", " \n"])
def test_a_password_file_that_says_nothing_is_bad_input(external, content):
    external.unlink() if content is None else external.write_text(content)
    with pytest.raises(BadInput, match="ITA_WAREHOUSE_PASSWORD_FILE"):
        connect.connect()


def test_a_server_that_is_starting_anew_is_waited_for(external, monkeypatch):
    """The server is stopped; a second later it is started, as a container would be."""
    dsn = os.environ.pop("ITA_WAREHOUSE_DSN")
    postgres.down()
    starter = threading.Timer(2, postgres.up)
    try:
        monkeypatch.setenv("ITA_WAREHOUSE_DSN", dsn)
        said = []
        starter.start()
        connect.wait(60, lambda: said.append("waiting"))
        assert said == ["waiting"]
        with connect.connect() as connection:
            assert connection.execute("select 1").fetchone() == (1,)
    finally:
        starter.join()


def test_a_server_that_does_not_come_is_a_fault_in_the_end(external, monkeypatch):
    monkeypatch.setenv("ITA_WAREHOUSE_DSN", "postgresql://nobody@127.0.0.1:9/nothing")
    start = time.monotonic()
    connect.wait(2)
    assert 2 <= time.monotonic() - start < 60
    with pytest.raises(Fault, match="does not answer"):
        connect.connect()


def test_the_embedded_server_is_tuned_by_the_file_that_compose_mounts(ita_home):
    wanted = cluster.tuning()
    assert len(wanted) > 10
    with connect.connect() as connection:
        applied = connection.execute("select name, setting from pg_file_settings where applied")
        assert wanted.items() <= dict(applied.fetchall()).items()


def test_a_database_that_cannot_hold_thai_is_named(ita_home):
    with connect.connect(autocommit=True) as owner:
        owner.execute("create database latin template template0 encoding 'LATIN1' locale 'C'")
        with pytest.raises(Fault, match="latin is in LATIN1"):
            connect.connect(dbname="latin")
        owner.execute("drop database latin with (force)")
