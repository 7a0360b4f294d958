"""The embedded PostgreSQL: starts, stops, survives a kill, trusts nobody."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from warehouse import cluster, postgres, secret
from warehouse.errors import BadInput, Fault


def value(dsn: str, statement: str):
    with psycopg.connect(dsn) as connection:
        return connection.execute(statement).fetchone()[0]


def server_pid(home) -> int:
    return int((home / "postgres" / "data" / "postmaster.pid").read_text().split()[0])


def test_up_and_down_can_be_repeated(home):
    assert postgres.dsn() is None
    assert postgres.down() is False
    first = postgres.up()
    assert postgres.up() == first
    assert value(first, "select 1") == 1
    assert postgres.down() is True
    assert postgres.dsn() is None


def test_data_survive_a_kill_of_the_server(home):
    with psycopg.connect(postgres.up(), autocommit=True) as connection:
        connection.execute("create table kept as select 42 as answer")
    os.kill(server_pid(home), signal.SIGKILL)
    assert value(postgres.up(), "select answer from kept") == 42


def test_a_stale_lock_file_of_a_number_that_another_process_has_now_is_no_obstacle(home):
    postgres.up()
    pid_file = home / "postgres" / "data" / "postmaster.pid"
    text = pid_file.read_text()
    os.kill(server_pid(home), signal.SIGKILL)
    time.sleep(1)
    pid_file.write_text(text.replace(text.split()[0], str(os.getpid()), 1))
    assert value(postgres.up(), "select 1") == 1


def test_a_full_disk_is_why_the_server_does_not_start(home, monkeypatch):
    postgres.up()
    postgres.down()
    full = shutil.disk_usage(home)._replace(free=10**6)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _: full)
        patch.setattr(cluster, "run", _no_room)
        with pytest.raises(Fault, match=r"the disk of .* is full — make room"):
            postgres.up()
    assert postgres.up()


def _no_room(*_):
    raise Fault("PostgreSQL's pg_ctl failed: ", "see its log")


def test_a_set_up_that_was_cut_off_is_made_again(home):
    (home / "postgres" / "data.unfinished").mkdir(parents=True)
    (home / "postgres" / "data.unfinished" / "half").write_text("made")
    (home / "postgres" / "data").mkdir()
    assert value(postgres.up(), "select 1") == 1
    assert not (home / "postgres" / "data.unfinished").exists()


def test_a_data_folder_that_is_not_whole_is_never_made_anew(home):
    with psycopg.connect(postgres.up(), autocommit=True) as connection:
        connection.execute("create table kept as select 42 as answer")
    postgres.down()
    version = home / "postgres" / "data" / "PG_VERSION"
    version.rename(home / "PG_VERSION")
    with pytest.raises(Fault, match="no PG_VERSION"):
        postgres.up()
    (home / "PG_VERSION").rename(version)
    assert value(postgres.up(), "select answer from kept") == 42


def test_a_link_to_data_that_are_not_there_is_no_reason_to_begin_anew(home):
    (home / "postgres").symlink_to(home / "not mounted")
    with pytest.raises(Fault, match="not mounted"):
        postgres.up()
    assert not (home / "not mounted").exists()


def test_data_outside_a_closed_home_are_taken_up_or_set_aside(home, tmp_path, monkeypatch):
    home.chmod(0o700)
    if os.geteuid() != 0:  # the server is the same user then, and no home is closed to it
        monkeypatch.setattr(cluster, "can_enter", lambda *_: False)
        monkeypatch.setattr(cluster, "OUTSIDE", tmp_path / "outside")
    with psycopg.connect(postgres.up(), autocommit=True) as connection:
        connection.execute("create table kept as select 42 as answer")
    outside = (home / "postgres").resolve()
    assert outside != home / "postgres"
    postgres.down()
    (home / "postgres").unlink()  # a back-up of the home that left links out
    assert value(postgres.up(), "select answer from kept") == 42
    postgres.down()
    shutil.rmtree(home / "secrets")  # another home of the same name
    (home / "postgres").unlink()
    left = outside.with_name(f"{outside.name}.left-1")
    try:
        assert value(postgres.up(), "select to_regclass('kept')") is None
        assert (left / "data" / "PG_VERSION").exists()
    finally:
        shutil.rmtree(left)


def test_the_port_is_chosen_once(home, monkeypatch):
    first = postgres.up()
    postgres.down()
    assert postgres.up() == first
    postgres.down()
    port = int((home / "postgres.port").read_text())
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        monkeypatch.setattr(postgres, "PATIENCE", 1)
        with pytest.raises(Fault, match=f"port {port} .* is taken"):
            postgres.up()
    assert int((home / "postgres.port").read_text()) == port
    monkeypatch.setenv("ITA_WAREHOUSE_PORT", str(port + 1))
    assert f":{port + 1}/" in postgres.up()
    monkeypatch.setenv("ITA_WAREHOUSE_PORT", "5432; drop")
    postgres.down()
    with pytest.raises(BadInput, match="is no port"):
        postgres.up()


def test_a_broken_file_beside_the_data_keeps_no_server_down(home):
    postgres.up()
    for name in ("postgres.port", "postgres/data/pg_hba.conf"):
        for harm in (b"", None):
            postgres.down()
            (home / name).unlink()
            if harm is None:
                (home / name).mkdir()
            else:
                (home / name).write_bytes(harm)
            assert value(postgres.up(), "select 1") == 1
            assert (home / name).read_text().strip()
    postgres.down()
    (home / "postgres/data/pg_hba.conf").write_bytes(b"host all all trust \xff")
    assert value(postgres.up(), "select 1") == 1
    assert "trust" not in (home / "postgres/data/pg_hba.conf").read_text()
    postgres.down()
    (home / "postgres.port").write_bytes(b"\xff\xfe")
    with pytest.raises(BadInput, match=r"postgres\.port: .* is no port"):
        postgres.up()


def became_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    "damage",
    [
        Path.unlink,
        lambda path: path.write_text(""),
        lambda path: path.write_bytes(b"\xff\xfe\x00"),
        lambda path: path.write_text("a\0b"),
        became_a_folder,
    ],
)
def test_a_lost_password_is_not_replaced_by_a_wrong_one(home, damage):
    before = postgres.up()
    postgres.down()
    damage(home / "secrets" / "owner")
    with pytest.raises(Fault, match="owner is lost"):
        postgres.up()
    postgres.new_password()
    after = postgres.up()
    assert value(after, "select 1") == 1 and after != before
    with pytest.raises(Fault, match="the server runs"):
        postgres.new_password()


def test_a_database_that_was_renamed_is_not_replaced_by_an_empty_one(home):
    beside = postgres.up().rpartition("/")[0] + "/postgres"
    with psycopg.connect(beside, autocommit=True) as connection:
        connection.execute("alter database ita rename to ita_old")
    postgres.down()
    with pytest.raises(Fault, match="database ita is gone; there are ita_old"):
        postgres.up()
    with psycopg.connect(beside, autocommit=True) as connection:
        connection.execute("alter database ita_old rename to ita")
    postgres.down()
    assert value(postgres.up(), "select 1") == 1


def test_it_listens_on_loopback_only_and_asks_for_a_password(home):
    dsn = postgres.up()
    assert value(dsn, "show listen_addresses") == "127.0.0.1"
    assert value(dsn, "show unix_socket_directories") == ""
    assert (
        value(dsn, "select count(*) from pg_hba_file_rules where auth_method <> 'scram-sha-256'")
        == 0
    )
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(dsn, password="guess")


def test_the_server_never_runs_as_root(home):
    postgres.up()
    owner = Path(f"/proc/{server_pid(home)}").stat().st_uid
    assert owner != 0


def test_many_starters_at_once_start_one_server(home):
    code = "from warehouse import postgres; print(postgres.up())"
    starters = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    answers = {starter.communicate(timeout=60)[0].strip() for starter in starters}
    assert answers == {postgres.dsn()}


def test_secrets_are_made_once_and_readable_by_the_owner_only(home):
    made = secret.secret("owner")
    assert secret.secret("owner") == made and len(made) >= 64
    assert stat.S_IMODE((home / "secrets" / "owner").stat().st_mode) == 0o600
    assert stat.S_IMODE((home / "secrets").stat().st_mode) == 0o700
