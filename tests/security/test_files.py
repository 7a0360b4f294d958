"""Hostile and unlucky files: halves, links, pipes, giants, full disks, changed originals."""

import errno
import hashlib
import os
import shutil
import socket
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from ingestion import archive, hand_in, judge_landing, judged_folder, load, receive, records
from tests.ingestion.intake_examples import HEADER
from tests.security.test_names import REGISTRY, scores
from warehouse import settings

GOOD = scores("S1")


@pytest.fixture
def settling(monkeypatch):
    """A settling time that a test can wait for."""
    monkeypatch.setenv("ITA_SETTLE_SECONDS", "0.6")


def landed(intake) -> list[str]:
    zone = intake.home / "landing"
    return sorted(str(p.relative_to(zone)) for p in zone.rglob("*") if not p.is_dir())


# --- whole or not ---------------------------------------------------------------------------------


def test_a_younger_file_is_waited_for_once(intake, settling):
    intake.put("agencies.csv", REGISTRY)
    began = time.monotonic()
    assert receive.register_landing(intake.conn, datetime.now(UTC)) == 1
    assert time.monotonic() - began >= 0.5
    assert landed(intake) == []


def test_an_upload_that_goes_on_is_never_taken_half(intake, settling):
    """A writer adds a line every tenth of the settling time over a whole night, then stops."""
    intake.put("agencies.csv", REGISTRY)
    intake.night()
    file, done = intake.put("slow.csv", f"{HEADER}\n"), threading.Event()

    def write():
        year = 2564
        while not done.wait(0.06):
            with file.open("a") as more:
                more.write(f"{year},S1,,,,,overall,,,90,,,\n")
            year = min(year + 1, 2568)

    writer = threading.Thread(target=write)
    writer.start()
    said = intake.night()
    done.set()
    writer.join()
    assert said.startswith("0 files new") and intake.troubles() == {"landing/slow.csv": False}
    whole = hashlib.sha256(file.read_bytes()).hexdigest()
    intake.night()
    assert intake.one("submission_sha256", "slow.csv") == (whole,)


def test_renamed_files_of_ita_receive_need_no_settling(intake, tmp_path, monkeypatch):
    monkeypatch.setenv("ITA_SETTLE_SECONDS", "60")
    (tmp_path / "agencies.csv").write_text(REGISTRY)
    list(hand_in.receive_paths([tmp_path / "agencies.csv"], datetime.now(UTC)))
    assert intake.night().startswith("1 files new")


def test_a_checksum_beside_a_file_says_that_it_is_whole(intake, monkeypatch):
    monkeypatch.setenv("ITA_SETTLE_SECONDS", "0.3")
    intake.put("agencies.csv", REGISTRY)
    intake.put("half.csv", GOOD[:-20])
    intake.put("half.csv.sha256", f"{hashlib.sha256(GOOD.encode()).hexdigest()}  half.csv\n")
    intake.put("later.csv.sha256", "0" * 64)
    intake.night()
    assert intake.states() == {"agencies.csv": "accepted"}
    assert intake.troubles() == {"landing/half.csv": False, "landing/later.csv.sha256": False}
    intake.put("half.csv", GOOD)
    intake.night()
    assert intake.states()["half.csv"] == "accepted"
    assert landed(intake) == ["later.csv.sha256"]


@pytest.mark.parametrize("name", ["x.csv.part", "x.csv.filepart", "x.TMP", "x.crdownload"])
def test_a_name_of_an_unfinished_upload_waits(intake, name):
    intake.put("agencies.csv", REGISTRY)
    intake.put(name, GOOD)
    assert intake.night() == "1 files new"
    assert intake.troubles() == {f"landing/{name}": False}
    (intake.home / "landing" / name).rename(intake.home / "landing/x.csv")
    intake.night()
    assert intake.states()["x.csv"] == "accepted"


# --- what cannot be read is named -----------------------------------------------------------------


def make_pipe(file):
    os.mkfifo(file)


def make_socket(file):
    here = Path.cwd()
    os.chdir(file.parent)  # a socket's path is short
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind(file.name)
    os.chdir(here)


def make_link(file):
    file.symlink_to("/etc/passwd")


def make_folder_link(file):
    file.symlink_to("/etc")


def make_sparse_gigabyte(file):
    with file.open("wb") as opened:
        opened.truncate(1024**3)


KINDS = [make_pipe, make_socket, make_link, make_folder_link, make_sparse_gigabyte]


@pytest.mark.parametrize("make", KINDS)
def test_what_is_no_plain_file_is_named_and_the_night_goes_on(intake, make, monkeypatch, capsys):
    copied = []
    copy = archive.copy
    monkeypatch.setattr(archive, "copy", lambda *a: copied.append(a) or copy(*a))
    intake.put("agencies.csv", REGISTRY)
    make(intake.home / "landing" / "thing.csv")
    said = intake.night()
    assert said == "1 files new, 1 things could not be read" and len(copied) == 1
    assert intake.troubles() == {"landing/thing.csv": True}
    assert "landing/thing.csv" in capsys.readouterr().err
    assert os.path.lexists(intake.home / "landing/thing.csv")


@pytest.mark.parametrize("make", KINDS)
def test_what_is_no_plain_file_is_refused_by_hand(intake, make, tmp_path):
    make(tmp_path / "thing.csv")
    if make is not make_folder_link:
        (line,) = hand_in.receive_paths([tmp_path / "thing.csv"], datetime.now(UTC))
        assert line.startswith("-" * 64 + "  refused (")
    assert landed(intake) == []


def test_a_folder_swapped_for_a_link_leads_nowhere(intake, tmp_path, monkeypatch):
    """Between the look and the copy a sender puts a link in the place of their folder."""
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret/x.csv").write_text("secret")
    intake.put("agencies.csv", REGISTRY)
    folder = intake.put("a/S1/x.csv", GOOD).parent
    whole = receive.landing.whole

    def swapped(names):
        found = whole(names)
        shutil.rmtree(folder)
        folder.symlink_to(tmp_path / "secret")
        return found

    monkeypatch.setattr(receive.landing, "whole", swapped)
    intake.night()
    assert intake.states() == {"agencies.csv": "accepted"}
    assert "landing/a/S1/x.csv" in intake.troubles()


def test_a_link_in_an_inbox_leads_ita_receive_nowhere(intake, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (intake.home / "landing").mkdir()
    (intake.home / "landing/from").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "from").mkdir()
    (tmp_path / "from/x.csv").write_text(GOOD)
    (line,) = hand_in.receive_paths([tmp_path / "from"], datetime.now(UTC))
    assert "refused" in line and not list((tmp_path / "elsewhere").iterdir())


def test_what_may_not_be_opened_is_named(intake, monkeypatch):
    """As root nothing is closed to us: the system's refusal is played."""
    intake.put("agencies.csv", REGISTRY)
    intake.put("closed.csv", GOOD)
    opened = archive.open_below

    def refused(folder, name):
        if name == "closed.csv":
            raise PermissionError(13, "Permission denied")
        return opened(folder, name)

    monkeypatch.setattr(archive, "open_below", refused)
    assert intake.night() == "1 files new, 1 things could not be read"
    assert intake.troubles() == {"landing/closed.csv": True}


@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), OSError(28, "full")])
def test_an_archive_that_cannot_be_written_is_named_and_nothing_leaves(intake, monkeypatch, error):
    intake.put("agencies.csv", REGISTRY)
    intake.put("a.csv", GOOD)

    def fails(paths):
        raise error

    with monkeypatch.context() as broken:
        broken.setattr(archive.durable, "sync", fails)
        said = receive.run(intake.conn, datetime.now(UTC))
    assert said == "0 files new, 2 things could not be read"
    assert landed(intake) == ["a.csv", "agencies.csv"]
    assert intake.night() == "2 files new"


def test_a_disk_without_room_takes_nothing(intake, monkeypatch, tmp_path):
    intake.put("a.csv", GOOD)
    full = shutil.disk_usage("/")._replace(free=archive.durable.ROOM)
    monkeypatch.setattr(archive.shutil, "disk_usage", lambda path: full)
    assert intake.night() == "0 files new, 1 things could not be read"
    (tmp_path / "b.csv").write_text(GOOD)
    (line,) = hand_in.receive_paths([tmp_path / "b.csv"], datetime.now(UTC))
    assert "no room" in line and landed(intake) == ["a.csv"]


def test_what_cannot_leave_landing_is_told_until_it_can(intake, monkeypatch):
    """A folder without the right to remove, or that can only be read: it is taken in once."""
    intake.put("agencies.csv", REGISTRY)
    intake.put("a.csv", GOOD)
    remove = Path.unlink

    def stays(file, *arguments, **named):
        if file.name == "a.csv":
            raise PermissionError(errno.EACCES, "Permission denied")
        remove(file, *arguments, **named)

    with monkeypatch.context() as closed:
        closed.setattr(Path, "unlink", stays)
        assert intake.night() == "2 files new, 1 things could not be read"
        assert intake.night() == "0 files new, 1 things could not be read"
    assert intake.one("state", "a.csv") == ("accepted",)
    assert intake.night() == "0 files new" and landed(intake) == []


def test_the_command_ends_with_1_and_the_nightly_step_goes_on(ita_home):
    from ita.cli import main

    link = settings.folder("landing") / "link.csv"
    link.symlink_to("/etc/passwd")
    try:
        handed_in = CliRunner().invoke(main, ["receive", str(link)])
        by_hand = CliRunner().invoke(main, ["receive"])
        nightly = CliRunner().invoke(main, ["receive", "--nightly"])
        status = CliRunner().invoke(main, ["status"])
    finally:
        link.unlink()
    assert handed_in.exit_code == 1 and "1 files were not taken" in handed_in.output
    assert by_hand.exit_code == 1 and "landing/link.csv" in by_hand.output
    assert nightly.exit_code == 0 and "1 things could not be read" in nightly.output
    assert "not read: landing/link.csv" in status.output
    assert CliRunner().invoke(main, ["receive"]).exit_code == 0


# --- the archive ----------------------------------------------------------------------------------


def spoil(file, content: bytes | None) -> None:
    file.chmod(0o600)
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)


@pytest.mark.parametrize("content", [None, b"", b"other"])
def test_a_changed_original_is_found(intake, content):
    intake.put("agencies.csv", REGISTRY)
    intake.put("a.csv", GOOD)
    intake.night()
    (sha256,) = intake.one("submission_sha256", "a.csv")
    spoil(archive.archived(sha256), content)
    assert receive.check_archive(intake.conn, datetime.now(UTC)) == 2
    assert intake.troubles() == {f"archive/{sha256[:2]}/{sha256}": True}
    other = (int(sha256[:2], 16) + 1) % 256
    receive.check_archive(intake.conn, datetime.now(UTC), part=other)
    assert intake.troubles() == {}
    receive.check_archive(intake.conn, datetime.now(UTC), part=int(sha256[:2], 16))
    assert len(intake.troubles()) == 1


def test_every_part_of_the_archive_is_looked_at_within_256_nights(intake, monkeypatch):
    parts = []
    monkeypatch.setattr(receive, "check_archive", lambda conn, at, part: parts.append(part))
    for day in range(256):
        receive.run(intake.conn, datetime.fromordinal(740_000 + day).replace(tzinfo=UTC))
    assert sorted(parts) == list(range(256))


def test_a_lost_original_is_not_judged_and_comes_back_with_its_bytes(intake):
    intake.put("agencies.csv", REGISTRY)
    intake.put("a.csv", GOOD)
    receive.register_landing(intake.conn, datetime.now(UTC))
    (sha256,) = intake.one("submission_sha256", "a.csv")
    spoil(archive.archived(sha256), GOOD.replace("91.15", "99.99").encode())
    judge_landing.run(intake.conn)
    load.run(intake.conn, datetime.now(UTC))
    assert intake.states() == {"agencies.csv": "accepted", "a.csv": "received"}
    assert intake.troubles() == {f"archive/{sha256[:2]}/{sha256}": True}
    intake.put("a.csv", GOOD)
    intake.night()
    assert intake.states()["a.csv"] == "accepted" and intake.troubles() == {}


@pytest.mark.parametrize("harm", ["folder", "link"])
def test_bytes_come_back_to_what_is_no_file_and_hold_up_no_other(intake, harm):
    intake.put("agencies.csv", REGISTRY)
    intake.put("a.csv", GOOD)
    intake.night()
    (sha256,) = intake.one("submission_sha256", "a.csv")
    original = archive.archived(sha256)
    original.unlink()
    if harm == "folder":
        original.mkdir()
    else:
        original.symlink_to(original)
    assert list(archive.changed([sha256])) == [(sha256, "missing")]
    intake.put("a.csv", GOOD)
    intake.put("b.csv", scores("S1", 50))
    intake.night()
    assert landed(intake) == [] and intake.states()["b.csv"] == "accepted"
    assert original.read_text() == GOOD and not original.is_symlink()


@pytest.mark.parametrize("harm", ["lost", "changed", "empty", "folder", "link"])
def test_a_lost_or_changed_record_is_found(intake, harm):
    for number in range(3):
        intake.put(f"{number}.csv", scores("S1", number))
        intake.night()
    files = [file for file, _, _ in records.read()]
    victim = files[1]
    if harm == "lost":
        victim.unlink()
    elif harm == "folder":
        victim.unlink()
        victim.mkdir()
    elif harm == "link":
        victim.unlink()
        victim.symlink_to(victim)
    else:
        victim.write_bytes(b"" if harm == "empty" else victim.read_bytes() + b" ")
    intake.put("more.csv", scores("S1", 50))
    assert "things could not be read" in intake.night()
    assert any(place.startswith("archive/records/") for place in intake.troubles())


# --- state files ----------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b"null", b"{}", b"\xff\xfe"])
def test_a_broken_receipt_is_made_again(intake, content, tmp_path):
    intake.put("agencies.csv", REGISTRY)
    intake.put("a.csv", GOOD)
    intake.night()
    (sha256,) = intake.one("submission_sha256", "a.csv")
    before, file = intake.receipts(), intake.home / "receipts" / f"{sha256}.json"
    spoil(file, content)
    (tmp_path / "a.csv").write_text(GOOD)
    list(hand_in.receive_paths([tmp_path / "a.csv"], datetime.now(UTC)))  # reads the receipt
    intake.night()
    intake.night()
    after = {n: c for n, c in intake.receipts().items() if not n.endswith(".broken")}
    assert after == before or content == b"{}"  # of the right form: nobody can tell


@pytest.mark.parametrize("name", ["receipt.json", "score.csv"])
@pytest.mark.parametrize("content", [None, b"", b"{", b"[]"])
def test_a_broken_judged_folder_is_judged_again_and_never_loaded(intake, name, content):
    intake.put("agencies.csv", REGISTRY)
    intake.put("a.csv", GOOD)
    receive.register_landing(intake.conn, datetime.now(UTC))
    judge_landing.run(intake.conn)
    (sha256,) = intake.one("submission_sha256", "a.csv")
    spoil(judged_folder.folder_of(sha256) / name, content)
    load.run(intake.conn, datetime.now(UTC))
    assert intake.states()["a.csv"] == "received"
    intake.night()
    assert intake.states()["a.csv"] == "accepted"
    assert intake.conn.execute("select count(*) from raw.score").fetchone() == (1,)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"name": 1}', b"\xff"])
def test_a_broken_note_leaves_the_file_as_dropped(intake, tmp_path, content):
    intake.inboxes("in,agency,no,agency:S2")
    (tmp_path / "in").mkdir()
    (tmp_path / "in/x.csv").write_text(scores("S2"))
    list(hand_in.receive_paths([tmp_path / "in"], datetime.now(UTC)))
    (note,) = (intake.home / "handed").iterdir()
    note.write_bytes(content)
    intake.put("agencies.csv", REGISTRY)
    intake.night()
    assert intake.one("inbox, state", "in/x.csv") == ("in", "accepted")
