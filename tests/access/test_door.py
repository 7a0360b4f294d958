"""The door with TLS: who may come from another machine, and what is refused at it."""

import contextlib
import os
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time

import psutil
import psycopg
import pytest

from ita import status
from publish import logins
from tests.access.conftest import ITA, login, told_password
from warehouse import certificate, connect, desk_login, door, secret
from warehouse.errors import BadInput

# What psql is told is libpq's to obey, and psycopg's libpq speaks TLS on every machine.
AS_PSQL = """
import sys, psycopg
with psycopg.connect(sys.argv[1]) as session:
    print(*session.execute("select session_user, (select count(*) from pg_roles) > 80").fetchone())
"""


@pytest.fixture(scope="module")
def outside(ita_home, warehouse, no_watcher):
    """(host, port) of the door, as `ita up` opens it where the setting says so."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, door.SETTING: f"127.0.0.1:{port}"}
    up = subprocess.run([ITA, "up"], env=environment, capture_output=True, text=True)
    assert f"by TLS from other machines: 127.0.0.1:{port}" in up.stdout, up.stderr
    kept = ita_home / "postgres.listen"
    assert kept.read_text() == f"127.0.0.1:{port}\n"
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield "127.0.0.1", port
    kept.write_text(f"{door.OFF}\n")
    _end(port)


def _end(port: int) -> None:
    """End the door of this test: it was started by a command that is over."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            ours = process.environ().get(door.SETTING) == f"127.0.0.1:{port}"
            if ours and process.cmdline()[-1:] == ["door"]:
                process.terminate()


def by_tls(outside, name: str, password: str, **more) -> psycopg.Connection:
    where = {
        "host": "localhost",
        "hostaddr": outside[0],
        "port": outside[1],
        "sslmode": "verify-full",
        "sslrootcert": str(certificate.path()),
        "dbname": connect.parameters()["dbname"],
    }
    return psycopg.connect(user=name, password=password, **{**where, **more})


def test_a_person_comes_by_tls_with_the_servers_name_verified(outside, somchai):
    with by_tls(outside, "somchai", somchai) as session:
        assert session.pgconn.ssl_in_use
        assert session.execute("select session_user, host(inet_client_addr())").fetchone() == (
            "somchai",
            "127.0.0.2",
        )
        rows = session.execute("select repeat('x', 1000) from generate_series(1, 20000)")
        assert sum(len(row[0]) for row in rows) == 20_000_000
    with pytest.raises(psycopg.OperationalError, match="does not match host name"):
        by_tls(outside, "somchai", somchai, host="warehouse.example")


def test_psql_comes_in_as_the_person_was_told(outside, nobody_yet, tmp_path):
    told = subprocess.run(
        [ITA, "login", "add", "somchai", "--province", "83"], capture_output=True, text=True
    ).stdout
    (tmp_path / "ita-warehouse.crt").write_bytes(certificate.path().read_bytes())
    line = next(line for line in told.splitlines() if line.endswith(f":{told_password_of(told)}"))
    command = next(line for line in told.splitlines() if line.startswith("psql "))
    uri = command.split('"')[1]
    host = uri.split("@")[1].split(":")[0]
    uri, line = (text.replace(host, "localhost") for text in (uri, line))  # no name server here
    (tmp_path / "pgpass").write_text(line + "\n")
    (tmp_path / "pgpass").chmod(0o600)
    done = subprocess.run(
        [sys.executable, "-c", AS_PSQL, uri],
        env={"PGPASSFILE": str(tmp_path / "pgpass")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.stdout == "somchai True\n", done.stderr


def told_password_of(told: str) -> str:
    return told_password(subprocess.CompletedProcess([], 0, stdout=told))


@pytest.mark.parametrize("name", ["desk_somchai", "ita_owner", "ita_province_83", "ita_pack"])
def test_nobody_else_comes_through_the_door(outside, somchai, name):
    """With the right password: the same one is good on this machine."""
    if name == "desk_somchai":
        password = desk_login.password(secret.kept(desk_login.KEY), name)
    else:
        password = secret.kept("owner" if name == "ita_owner" else f"role-{name}")
    login(name, password).close()
    with pytest.raises(psycopg.OperationalError, match=r"no pg_hba\.conf entry"):
        by_tls(outside, name, password)


def test_a_person_goes_to_no_other_database(outside, somchai):
    with pytest.raises(psycopg.OperationalError, match=r"no pg_hba\.conf entry"):
        by_tls(outside, "somchai", somchai, dbname="postgres")


def test_without_tls_nothing_is_said_but_that(outside, somchai):
    with pytest.raises(psycopg.OperationalError, match="TLS is required"):
        by_tls(outside, "somchai", somchai, sslmode="disable")


def test_what_follows_the_request_in_clear_is_not_taken(outside):
    """Bytes stuffed behind the request for TLS must not count as said by the client within it."""
    with socket.create_connection(outside, timeout=20) as client:
        client.sendall(struct.pack("!ii", 8, door.TLS) + b"in clear")
        assert client.recv(1) == b"S"
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with pytest.raises((ssl.SSLError, OSError)):
            context.wrap_socket(client)


def test_who_says_nothing_or_nonsense_is_sent_away(outside, monkeypatch):
    for words in (b"GET / HTTP/1.1\r\n\r\n", b"\0" * 8, b"\x16\x03\x01\x02\x00\x01\x00\x01"):
        with socket.create_connection(outside, timeout=20) as client:
            client.sendall(words)
            answer = client.recv(200)
            assert answer == b"" or b"TLS is required" in answer


def test_a_statement_is_cancelled_through_the_door(outside, somchai):
    with by_tls(outside, "somchai", somchai) as session:
        threading.Timer(0.5, session.cancel).start()
        with pytest.raises(psycopg.errors.QueryCanceled, match="user request"):
            session.execute("select pg_sleep(60)")


@pytest.mark.parametrize("said", ["warehouse:5432", "10.0.0.5", "10.0.0.5:0", "10.0.0.5:x", ":"])
def test_a_setting_that_is_no_address_is_refused(ita_home, monkeypatch, said):
    monkeypatch.setenv(door.SETTING, said)
    with pytest.raises(BadInput, match=door.SETTING):
        door.address()


def test_half_a_certificate_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("ITA_HOME", str(tmp_path))
    (tmp_path / "tls").mkdir()
    (tmp_path / "tls" / "server.key").write_text("x")
    with pytest.raises(BadInput, match="only one of"):
        certificate.have([], certificate.now())


def test_the_groups_of_the_file_are_those_of_the_logins():
    from warehouse import hba

    assert f"+{logins.PERSONS} " in hba.EMBEDDED and f"+{logins.DESK} " in hba.OUTSIDE


def test_a_door_that_is_not_open_is_told(tmp_path, monkeypatch):
    """Its address may be another machine's, its port somebody else's."""
    monkeypatch.setenv("ITA_HOME", str(tmp_path))
    monkeypatch.setenv(door.SETTING, "203.0.113.9:5555")
    certificate.have(["203.0.113.9"], certificate.now())
    (line,) = status._door()
    assert "203.0.113.9:5555 is not open" in line and "door.log" in line


@pytest.mark.parametrize("kept", [b"", b"\xff\xfe", b"nonsense", None])
def test_a_broken_note_of_the_address_is_named(tmp_path, monkeypatch, kept):
    monkeypatch.setenv("ITA_HOME", str(tmp_path))
    if kept is None:
        (tmp_path / "postgres.listen").mkdir()
    else:
        (tmp_path / "postgres.listen").write_bytes(kept)
    with pytest.raises(BadInput, match=r"postgres\.listen: .* is no address and port"):
        door.address()
    (line,) = status._door()
    assert "postgres.listen" in line
