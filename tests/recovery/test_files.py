"""The files of a back-up: whole, shared with the one before, and told apart when they rot."""

import json
import os
import shutil
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest

from ita import status
from recovery import backup, files, manifest, restore, state
from warehouse import known_mail
from warehouse.errors import BadInput, Fault


@pytest.fixture
def home(tmp_path):
    home = tmp_path / "home"
    for name, content in {
        "archive/ab/abcd": "original",
        "secrets/owner": "password",
        "inboxes.csv": "inbox",
        "postgres/data/PG_VERSION": "18",
        "judged/abcd/receipt.json": "{}",
        "landing/new.csv": "a,b",
        "landing/.draft": "half",
        "of_another_release/x": "kept, whatever it is",
    }.items():
        file = home / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    (home / "secrets/owner").chmod(0o600)
    (home / "landing/link").symlink_to("/etc/passwd")
    return home


def save(home, where, name, before=None):
    draft = where / name
    draft.mkdir(parents=True)
    known = {file.path: file for file in manifest.files(before)} if before else {}
    saved = files.save(home, draft, before, known)
    told = {"format": 1, "files_sha256": manifest.write_files(draft, saved)}
    (draft / "manifest.json").write_text(json.dumps(told))
    return draft


def test_what_is_made_again_and_drafts_are_left_out_and_all_else_is_in(home, tmp_path):
    draft = save(home, tmp_path / "b", "ita-20261129T010203Z")
    assert sorted(file.path for file in manifest.files(draft)) == [
        "home/archive/ab/abcd",
        "home/inboxes.csv",
        "home/landing/new.csv",
        "home/of_another_release/x",
        "home/secrets/owner",
    ]
    assert (draft / "home/secrets/owner").stat().st_mode & 0o777 == 0o600
    manifest.check(draft)


def test_an_unchanged_file_is_shared_and_a_changed_one_is_not(home, tmp_path):
    first = save(home, tmp_path / "b", "ita-20261129T010203Z")
    (home / "inboxes.csv").write_text("other")
    second = save(home, tmp_path / "b", "ita-20261130T010203Z", first)

    def number(folder, name):
        return (folder / "home" / name).stat().st_ino

    assert number(first, "archive/ab/abcd") == number(second, "archive/ab/abcd")
    assert number(first, "inboxes.csv") != number(second, "inboxes.csv")
    assert (first / "home/inboxes.csv").read_text() == "inbox"
    assert (second / "home/inboxes.csv").read_text() == "other"
    shutil.rmtree(first)
    manifest.check(second)


@pytest.mark.parametrize("harm", ["changed", "lost", "list"])
def test_a_back_up_that_is_not_what_it_was_is_refused(home, tmp_path, harm):
    draft = save(home, tmp_path / "b", "ita-20261129T010203Z")
    file = draft / "home/archive/ab/abcd"
    if harm == "changed":
        file.write_text("originaL")
    elif harm == "lost":
        file.unlink()
    else:
        (draft / "files.jsonl").write_text("")
    with pytest.raises(Fault, match=r"abcd|files\.jsonl"):
        manifest.check(draft)


def test_a_folder_that_is_replaced_while_it_is_copied_is_copied_whole(home, tmp_path, monkeypatch):
    pack = home / "packs" / "2568"
    pack.mkdir(parents=True)
    for name in ("a.json", "b.json"):
        (pack / name).write_text("old")
    copied, real = [], files.copy

    def copy(source, draft, told):
        if source == pack / "b.json" and not copied:
            copied.append(source)
            new = home / "packs" / ".2568"
            new.mkdir()
            for name in ("a.json", "b.json"):
                (new / name).write_text("new")
            pack.rename(home / "packs" / ".old")
            new.rename(pack)
        return real(source, draft, told)

    monkeypatch.setattr(files, "copy", copy)
    draft = save(home, tmp_path / "b", "ita-20261129T010203Z")
    assert copied
    said = {file.name: file.read_text() for file in (draft / "home/packs/2568").iterdir()}
    assert said == {"a.json": "new", "b.json": "new"}
    manifest.check(draft)


def test_restored_files_are_what_they_were(home, tmp_path):
    draft, back = save(home, tmp_path / "b", "ita-20261129T010203Z"), tmp_path / "back"
    for name in ("secrets/owner", "archive/ab/abcd"):  # as a plain copy on another machine has them
        (draft / files.HOME / name).chmod(0o644)
        os.utime(draft / files.HOME / name, (0, 0))
    assert files.bring_back(draft, back, manifest.files(draft)) == 5
    assert (back / "secrets/owner").stat().st_mode & 0o777 == 0o600
    for name in ("archive/ab/abcd", "landing/new.csv"):
        assert (back / name).read_bytes() == (home / name).read_bytes()
        assert (back / name).stat().st_mtime_ns == (home / name).stat().st_mtime_ns


def test_only_whole_back_ups_are_listed(tmp_path):
    (tmp_path / "ita-20261129T010203Z").mkdir()
    (tmp_path / "ita-20261128T010203Z").mkdir()
    (tmp_path / "ita-20261128T010203Z" / "manifest.json").write_text("{}")
    (tmp_path / ".ita-20261130T010203Z.unfinished").mkdir()
    assert [path.name for path in manifest.backups(tmp_path)] == ["ita-20261128T010203Z"]
    with pytest.raises(BadInput, match="no back-up"):
        manifest.read(tmp_path / "ita-20261129T010203Z")


@pytest.mark.parametrize("keep", [1, 2, 3, 9])
def test_the_oldest_go_and_never_the_one_just_made_though_the_clock_was_set_back(tmp_path, keep):
    days = [f"ita-202611{day}T010203Z" for day in (26, 27, 28)]
    made = tmp_path / "ita-20000101T010203Z"
    for name in (*days, made.name):
        (tmp_path / name).mkdir()
        (tmp_path / name / "manifest.json").write_text("{}")
    backup._remove_oldest(tmp_path, keep, made)
    left = [path.name for path in manifest.backups(tmp_path)]
    assert left == [made.name, *days[max(3 + 1 - keep, 0) :]]


def test_a_back_up_of_a_time_to_come_is_not_taken_for_a_new_one(home, monkeypatch):
    monkeypatch.setenv("ITA_HOME", str(home))
    now = datetime(2026, 11, 30, tzinfo=UTC)
    state.note("backup", now + timedelta(days=365), {"where": "/b"})
    assert "the clock was wrong" in state.lines(now)[0]
    state.note("backup", now - timedelta(hours=1), {"where": "/b"})
    assert state.lines(now)[0].endswith("in /b")


@pytest.mark.parametrize("said", ["0", "many", "-1"])
def test_a_number_of_back_ups_that_is_none_is_named(monkeypatch, said):
    monkeypatch.setenv("ITA_BACKUPS_KEEP", said)
    with pytest.raises(BadInput, match="ITA_BACKUPS_KEEP"):
        backup._keep()


@pytest.mark.parametrize("note", [b"", b"{", b"[]", b"{}", b"5", b"\xff", None])
def test_a_broken_note_of_a_restore_still_says_that_it_was_cut_off(tmp_path, monkeypatch, note):
    monkeypatch.setenv("ITA_HOME", str(tmp_path))
    file = tmp_path / restore.UNFINISHED
    if note is None:
        file.symlink_to("/nowhere/at/all")
    else:
        file.write_bytes(note)
    (tmp_path / "inboxes.csv").write_text("half")
    with pytest.raises(Fault, match="cut off"):
        restore.must_be_finished()
    assert "was cut off here" in " ".join(status.lines())
    assert restore._target(tmp_path, tmp_path / "ita-1")  # begins anew
    with pytest.raises(Fault, match="cut off"):
        restore.must_be_finished()


def test_a_restore_that_was_cut_off_before_the_roles_were_let_in_is_not_done(
    home, tmp_path, monkeypatch
):
    made = save(home, tmp_path / "where", "ita-20261130T000000Z")
    told = json.loads((made / "manifest.json").read_text())
    of_one = {"made_at": "", "files": 0, "bytes": 0, "schema_version": 1}
    (made / "manifest.json").write_text(json.dumps({**told, **of_one}))
    monkeypatch.setenv("ITA_HOME", str(tmp_path / "again"))
    for name in ("postgres.up", "_check_server", "schema.apply"):
        monkeypatch.setattr(f"recovery.restore.{name}", lambda *_: None)
    monkeypatch.setattr(restore, "_databases", lambda *_: ["somchai"])
    monkeypatch.setattr(restore.connect, "connect", lambda **_: nullcontext())

    def cut_off(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore.run(made, lambda _: None, cut_off)
    assert restore.unfinished() == str(made)
    assert restore.run(made, lambda _: None, lambda _: None) == ["somchai"]
    assert restore.unfinished() is None
    assert known_mail.doubtful(), "what was sent after the back-up is not in it"
