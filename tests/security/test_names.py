"""Who may say what: names, inboxes, registries, times; each a way to speak as somebody else."""

import os
import time
from datetime import UTC, datetime, timedelta

import pytest

from ingestion import hand_in, inboxes, receive, records, repeated, waiting, withdraw
from ingestion.inboxes import Inbox
from ingestion.troubles import Trouble
from tests.ingestion.intake_examples import HEADER
from warehouse import objects
from warehouse.errors import BadInput

REGISTRY_HEAD = (
    "agency_id,name_th,agency_type,province_code,district_th,ministry_th,valid_from,valid_to,"
    "replaces,aliases\n"
)
REGISTRY = (
    REGISTRY_HEAD
    + "S1,อบต.สามพร้าว,sao,41,,,2560,,,\nS2,อบต.แม่ใส,sao,56,,,2560,,,\n"
    + "C1,กรมทดสอบ,department,,,,2560,,,\n"
)


def scores(agency: str, score: float = 91.15, year: int = 2568) -> str:
    return f"{HEADER}\n{year},{agency},,,,,overall,,,{score},,,\n"


@pytest.mark.parametrize(
    ("name", "official"),
    [
        ("nacc.csv", True),
        ("NACC.CSV", True),
        ("nacc_2568.xlsx", True),
        ("nacc-2568.xlsx", True),
        ("NACC-export/a.csv", True),
        ("in/nacc/a.csv", True),
        ("nacc2568.csv", False),
        ("naccredited.csv", False),
        ("my_nacc.csv", False),
        ("nacc 2568.csv", False),
        ("connacc_.csv", False),
        ("naccurate/a.csv", False),
        ("\uff4e\uff41\uff43\uff43_x.csv", False),
    ],
)
def test_official_by_name(name, official):
    assert inboxes.is_official(name) == official


def test_an_official_name_in_another_inbox_rejects_the_file(intake):
    intake.inboxes("offices,agency,no,everybody", "hq,nacc,counts,everybody")
    intake.put("agencies.csv", REGISTRY)
    intake.put("offices/nacc_2568.csv", scores("S1", 1))
    intake.put("offices/deep/NACC/x.csv", scores("S1", 2))
    intake.put("hq/nacc_2568.csv", scores("S1", 3))
    intake.put("nacc.csv", scores("S2", 4))
    intake.night()
    for name in ("offices/nacc_2568.csv", "offices/deep/NACC/x.csv"):
        assert intake.one("state, authority, agencies", name) == ("rejected", "agency", 0)
        assert intake.rules(name) == ["inbox_authority"]
    assert intake.one("state, authority", "hq/nacc_2568.csv") == ("accepted", "nacc")
    assert intake.one("state, authority", "nacc.csv") == ("accepted", "nacc")
    assert intake.conn.execute("select sum(score) from raw.score").fetchone() == (7,)


def test_an_inbox_speaks_only_for_its_own(intake):
    intake.inboxes("p/41,agency,no,province:41", "a/S2,agency,no,agency:S2")
    intake.put("agencies.csv", REGISTRY)
    both = scores("S1") + "2568,S2,,,,,overall,,,90,,,\n2568,C1,,,,,overall,,,80,,,\n"
    intake.put("p/41/both.csv", both)
    intake.put("a/S2/both.csv", both.replace("91.15", "91.16"))
    intake.put("a/S2/only.csv", scores("S1", 12))
    intake.put("a/S2/own.csv", scores("S2", 13))
    intake.night()
    assert intake.rules("p/41/both.csv") == ["inbox_scope", "inbox_scope"]
    assert intake.one("state, rows_accepted", "p/41/both.csv") == ("accepted_with_warnings", 1)
    assert intake.rules("a/S2/both.csv") == ["inbox_scope", "inbox_scope"]
    assert intake.one("state", "a/S2/only.csv") == ("rejected",)
    assert intake.one("state", "a/S2/own.csv") == ("accepted",)
    said = intake.conn.execute(
        "select distinct agency_id, score::float8 from raw.score order by 1, 2"
    ).fetchall()
    assert said == [("S1", 91.15), ("S2", 13.0), ("S2", 90.0)]


def test_the_province_of_an_agency_is_that_of_the_year(intake):
    """S1 moved from 41 to 42 with 2567: 41 speaks for its 2566 and not for its 2568."""
    intake.inboxes("p/41,agency,no,province:41")
    moved = "S1,อบต.สามพร้าว,sao,41,,,2560,2566,,\nS1,อบต.สามพร้าว,sao,42,,,2567,,,\n"
    intake.put("agencies.csv", REGISTRY_HEAD + moved)
    intake.put("p/41/a.csv", scores("S1", year=2566) + "2568,S1,,,,,overall,,,90,,,\n")
    intake.night()
    assert intake.rules("p/41/a.csv") == ["inbox_scope"]
    assert intake.conn.execute("select fiscal_year from raw.score").fetchall() == [(2566,)]


def test_an_agency_or_a_province_brings_no_registry(intake):
    intake.inboxes("p/41,agency,no,province:41")
    intake.put("agencies.csv", REGISTRY)
    intake.put("p/41/agencies.csv", REGISTRY_HEAD + "S9,อบต.ใหม่,sao,41,,,2560,,,\n")
    intake.night()
    assert intake.one("state, rows_read, rows_rejected", "p/41/agencies.csv") == ("rejected", 1, 1)
    assert intake.rules("p/41/agencies.csv") == ["inbox_registry"]
    assert intake.conn.execute("select count(*) from raw.agency").fetchone() == (3,)


@pytest.mark.parametrize(
    ("row", "waits"),
    [
        ("S1,อบต.สามพร้าว,sao,42,,,2560,,,", True),  # moves
        ("S1,อบต.สามพร้าว,sao,41,,,2560,2567,,", True),  # closes
        ("S1,อบต.อื่น,sao,41,,,2560,,,", True),  # renames
        ("S1,อบต.สามพร้าว,sao,42,,,2568,,,", True),  # moves from a year on
        ("S7,อบต.แทน,sao,41,,,2568,,S1,", True),  # replaces
        ("S1,อบต.สามพร้าว,sao,41,,,2560,,,", False),  # says what is known
        ("S7,อบต.ใหม่,sao,41,,,2568,,,", False),  # a new one
        ("S2,อบต.แม่ใจ,sao,56,,,2560,,,", False),  # renames one without results
    ],
)
def test_registry_rows_that_change_results_wait(intake, row, waits):
    intake.inboxes("registry,agency,waits,everybody")
    intake.put("agencies.csv", REGISTRY)
    intake.put("s1.csv", scores("S1"))
    intake.night()
    intake.put("registry/agencies.csv", REGISTRY_HEAD + row + "\n")
    intake.night()
    assert intake.rules("registry/agencies.csv") == ["registry_waits"] * waits
    assert intake.conn.execute("select count(*) from raw.agency where waits").fetchone() == (waits,)
    assert len(waiting.listed(intake.conn)) == waits


def test_a_waiting_row_counts_once_approved_and_holds_up_nothing(intake):
    intake.inboxes("registry,agency,waits,everybody")
    intake.put("agencies.csv", REGISTRY)
    intake.put("s1.csv", scores("S1"))
    intake.night()
    rows = "S1,อบต.สามพร้าว,sao,41,,,2560,2566,,\nS7,อบต.ใหม่,sao,41,,,2568,,,\n"
    intake.put("registry/agencies.csv", REGISTRY_HEAD + rows)
    intake.put("s1-again.csv", scores("S1", 92))
    intake.put("s7.csv", scores("S7", 80))
    intake.night()
    assert set(intake.states().values()) == {"accepted", "accepted_with_warnings"}
    assert intake.states()["s1-again.csv"] == "accepted"  # S1 still stands
    (sha256,) = intake.one("submission_sha256", "registry/agencies.csv")
    with pytest.raises(BadInput, match="no file"):
        waiting.approve(intake.conn, "f" * 12, "Somchai", datetime.now(UTC))
    waiting.approve(intake.conn, sha256[:12], "Somchai", datetime.now(UTC))
    assert waiting.listed(intake.conn) == []
    intake.put("s1-late.csv", scores("S1", 93))
    intake.night()
    assert intake.rules("s1-late.csv") == ["unknown_agency"]  # closed with 2566


def test_the_same_bytes_from_a_lesser_inbox_take_nothing_away(intake):
    """A national export with an error in it, sent once more by an office as its own."""
    intake.inboxes("a/S2,agency,no,agency:S2")
    national = scores("S1") + "2568,S9,,,,,overall,,,90,,,\n"
    intake.put("agencies.csv", REGISTRY)
    intake.put("nacc_2568.csv", national)
    intake.night()
    intake.put("a/S2/mine.csv", national)
    intake.night()
    assert intake.one("state, authority", "nacc_2568.csv") == ("accepted_with_warnings", "nacc")
    assert not intake.one("1", "a/S2/mine.csv")
    assert intake.conn.execute("select agency_id from raw.score").fetchall() == [("S1",)]


def test_the_same_bytes_from_an_inbox_that_may_more_are_judged_again(intake):
    """Who sends an official file's bytes first cannot keep it from being official."""
    intake.inboxes("a/S1,agency,no,agency:S1")
    intake.put("agencies.csv", REGISTRY)
    intake.put("a/S1/early.csv", scores("S1"))
    intake.night()
    ((first,),) = intake.conn.execute("select received_at from raw.submission where inbox <> ''")
    intake.put("nacc.csv", scores("S1"))
    intake.night()
    assert intake.one("state, authority, received_at", "nacc.csv") == ("accepted", "nacc", first)


def test_a_rejected_file_is_judged_by_the_inbox_it_comes_by_next(intake):
    intake.inboxes("a/S2,agency,no,agency:S2")
    intake.put("agencies.csv", REGISTRY)
    intake.put("a/S2/x.csv", scores("S1"))
    intake.night()
    assert intake.one("state", "a/S2/x.csv") == ("rejected",)
    intake.put("x.csv", scores("S1"))
    intake.night()
    assert intake.one("state, inbox", "x.csv") == ("accepted", "")


def test_later_is_when_it_came_not_what_the_sender_sets(intake):
    intake.put("agencies.csv", REGISTRY)
    before = datetime.now(UTC) - timedelta(seconds=1)
    file = intake.put("zzz-2599-12-31.csv", scores("S1"))
    os.utime(file, (4_102_444_800, 4_102_444_800))  # 2100
    old = intake.put("aaa.csv", scores("S1", 90))
    os.utime(old, (0, 0))
    intake.night()
    for name in ("zzz-2599-12-31.csv", "aaa.csv"):
        (came,) = intake.one("received_at", name)
        assert before <= came <= datetime.now(UTC)


def test_a_file_from_the_future_came_when_it_was_first_seen(intake):
    at = datetime(2026, 1, 1, tzinfo=UTC)  # the night's clock is behind the file's
    intake.put("agencies.csv", REGISTRY)
    intake.night(at)
    assert intake.one("received_at", "agencies.csv") == (at,)


@pytest.mark.parametrize("ahead", [timedelta(hours=5), timedelta(days=1)])
def test_a_correction_counts_after_what_it_corrects_though_the_clock_was_set_back(
    intake, tmp_path, ahead
):
    """By the times alone the file before would win until the clock has caught up, and for good."""
    right = datetime(2026, 9, 30, 18, tzinfo=UTC)
    intake.put("agencies.csv", REGISTRY)
    (tmp_path / "first.csv").write_text(scores("S1", 70))
    list(hand_in.receive_paths([tmp_path / "first.csv"], right + ahead - timedelta(hours=1)))
    intake.night(right + ahead)
    came = [intake.one("received_at", "first.csv")]
    for name, hour in (("z.csv", 0), ("a.csv", 1)):  # two in one night, by hour and not by name
        (tmp_path / name).write_text(scores("S1", 80 + hour))
        list(hand_in.receive_paths([tmp_path / name], right + timedelta(hours=hour)))
    intake.night(right + timedelta(hours=2))
    (tmp_path / "last.csv").write_text(scores("S1", 95))
    list(hand_in.receive_paths([tmp_path / "last.csv"], right + timedelta(hours=2.5)))
    intake.night(right + timedelta(hours=3))
    came += [intake.one("received_at", name) for name in ("z.csv", "a.csv", "last.csv")]
    assert came == sorted(set(came))
    told = intake.conn.execute("select serious from ops.trouble where place = 'landing'").fetchall()
    assert told == [(False,)]
    # the records, from which a lost warehouse is made again, say the same
    events = [event for _, some, _ in records.read() for event in some]
    told = [event["received_at"] for event in events if event["event"] == "arrived"]
    assert [datetime.fromisoformat(at) for at in told[-4:]] == [at for (at,) in came]


def test_what_is_handed_in_came_then_and_by_that_inbox(intake, tmp_path):
    (tmp_path / "nacc_x.csv").write_text(scores("S1"))
    at = datetime.now(UTC) - timedelta(hours=3)
    inbox = Inbox("a/S1", "agency", "no", "agency:S1")
    (line,) = hand_in.receive_paths([tmp_path / "nacc_x.csv"], at, inbox)
    assert line.endswith("stored  a/S1/nacc_x.csv")
    intake.put("agencies.csv", REGISTRY)
    intake.night()
    found = intake.one("received_at, inbox, state, overclaims", "a/S1/nacc_x.csv")
    assert found == (at, "a/S1", "rejected", True)
    assert not list((intake.home / "handed").iterdir())


def test_a_note_counts_only_for_the_bytes_that_were_handed_in(intake, tmp_path):
    """A file put in the place of one that the operator handed in is no word of the operator's."""
    intake.inboxes("in,agency,no,agency:S2")
    (tmp_path / "in").mkdir()
    (tmp_path / "in/x.csv").write_text(scores("S1", 90))
    list(hand_in.receive_paths([tmp_path / "in"], datetime.now(UTC)))
    intake.put("in/x.csv", scores("S1", 10))
    intake.put("agencies.csv", REGISTRY)
    intake.night()
    assert intake.one("inbox, state", "in/x.csv") == ("in", "rejected")


def test_withdrawn_and_sent_again_keeps_its_first_arrival(intake):
    intake.put("agencies.csv", REGISTRY)
    intake.put("a.csv", scores("S1"))
    intake.night()
    sha256, first = intake.one("submission_sha256, received_at", "a.csv")
    withdraw.withdraw(intake.conn, sha256, "wrong", datetime.now(UTC))
    time.sleep(0.02)
    intake.put("b.csv", scores("S1"))
    intake.night()
    assert intake.one("state, received_at", "b.csv") == ("accepted", first)


def test_a_withdrawn_file_that_cannot_leave_landing_does_not_count_again(intake, monkeypatch):
    intake.put("agencies.csv", REGISTRY)
    intake.put("a.csv", scores("S1"))
    with monkeypatch.context() as patch:
        patch.setattr(receive, "_remove", lambda one: Trouble(one.found.name, "stays", ""))
        intake.night()
        (sha256,) = intake.one("submission_sha256", "a.csv")
        withdraw.withdraw(intake.conn, sha256, "wrong", datetime.now(UTC))
        intake.night()
        assert intake.one("state", "a.csv") == ("withdrawn",)
        intake.put("a.csv", scores("S1"))  # sent once more, under the same name
        intake.night()
    assert intake.one("state", "a.csv") == ("accepted",)


def test_nearest_parent_and_address(intake):
    intake.inboxes(
        ".,agency,no,everybody",
        "offices,agency,waits,everybody",
        "offices/24,agency,no,province:24",
        "memory://in/nacc,nacc,counts,everybody",
        "memory://in,agency,no,everybody",
    )
    of = {
        name: inboxes.of_folder(inboxes.PurePosixPath(name)).name
        for name in ("", "x", "offices", "offices/23", "offices/24", "offices/24/deep/er")
    }
    assert of == {
        "": ".",
        "x": ".",
        "offices": "offices",
        "offices/23": "offices",
        "offices/24": "offices/24",
        "offices/24/deep/er": "offices/24",
    }
    assert inboxes.of_address("memory://in/nacc/2568").name == "memory://in/nacc"
    assert inboxes.of_address("memory://in/naccount").name == "memory://in"
    assert inboxes.of_address("memory://inside").name == ""
    assert inboxes.named("offices/24").speaks_for == "province:24"
    with pytest.raises(BadInput, match="no such inbox"):
        inboxes.named("offices/25")


@pytest.mark.parametrize(
    "row",
    [
        "p,nacc,no,province:41",
        "p,agency,waits,province:41",
        "p,agency,no,agency:a b",
        "p,agency,no,province:4",
        "p,agency,perhaps,everybody",
        "p,both,no,everybody",
        "../p,agency,no,everybody",
        ",agency,no,everybody",
    ],
)
def test_an_impossible_table_takes_no_file(intake, row):
    intake.inboxes(row)
    intake.put("p/agencies.csv", REGISTRY)
    with pytest.raises(BadInput, match=r"inboxes\.csv line 2"):
        intake.night()
    assert (intake.home / "landing/p/agencies.csv").exists()


def spoil_table(file, kind):
    if kind == "folder":
        file.mkdir()
    elif kind == "link":
        file.symlink_to("/nowhere/at/all")
    else:
        file.write_bytes(kind)


@pytest.mark.parametrize(
    "kind",
    [
        b"",
        b"p,agency,no,everybody\n",
        b"inbox,authority,registry,speaks_for\np,agen",
        b"\xff\xfe\x00",
        "folder",
        "link",
    ],
)
def test_a_broken_table_takes_no_file_and_gives_no_right(intake, kind):
    spoil_table(intake.home / "inboxes.csv", kind)
    intake.put("p/agencies.csv", REGISTRY)
    with pytest.raises(BadInput, match=r"inboxes\.csv"):
        intake.night()
    assert (intake.home / "landing/p/agencies.csv").exists()


def test_an_inbox_keeps_its_folder(intake):
    intake.inboxes("a/S2,agency,no,agency:S2")
    intake.put("agencies.csv", REGISTRY)
    intake.put("a/S2/2568/x.csv", scores("S2"))
    intake.night()
    assert (intake.home / "landing/a/S2").is_dir()
    assert not (intake.home / "landing/a/S2/2568").exists()


def test_the_time_of_an_object_is_the_stores_not_the_file_systems(tmp_path):
    (tmp_path / "in").mkdir()
    file = tmp_path / "in/x.csv"
    file.write_text("x")
    os.utime(file, (0, 0))
    with objects.fetched(f"file://{tmp_path}/in", 1000) as folder:
        age = datetime.now(UTC) - objects.stored_at(folder / "x.csv")
    assert timedelta() <= age < timedelta(minutes=1)


def test_known_bytes_name_the_later_submission_that_counts_instead(intake, tmp_path):
    intake.put("agencies.csv", REGISTRY)
    intake.put("first.csv", scores("S1", 90))
    intake.night()
    time.sleep(0.02)
    intake.put("second.csv", scores("S1", 91))
    intake.night()
    (first,), (second,) = (
        intake.one("submission_sha256", name) for name in ("first.csv", "second.csv")
    )
    (tmp_path / "first.csv").write_text(scores("S1", 90))

    def of_known(sha256):
        return repeated.line(intake.conn, sha256)

    (line,) = hand_in.receive_paths([tmp_path / "first.csv"], datetime.now(UTC), of_known=of_known)
    assert line.startswith(f"{first}  already known  first.csv; second.csv came later")
    assert f"ita withdraw {second[:12]}" in line
    intake.put("first-again.csv", scores("S1", 90))
    intake.night()
    assert second in (intake.home / "receipts" / f"{first}.md").read_text()
    withdraw.withdraw(intake.conn, second, "wrong", datetime.now(UTC))
    assert repeated.line(intake.conn, first) == ""


def test_files_handed_in_together_came_one_after_the_other(intake, tmp_path):
    """What is later is not left to chance: the second argument is."""
    files = [tmp_path / f"{11 - number}.csv" for number in range(12)]
    for number, file in enumerate(files):
        file.write_text(scores("S1", 50 + number))
    list(hand_in.receive_paths(files))
    intake.put("agencies.csv", REGISTRY)
    intake.night()
    names = intake.conn.execute(
        "select file_name from raw.submission where file_name <> 'agencies.csv'"
        " order by received_at, submission_sha256"
    ).fetchall()
    assert [name for (name,) in names] == [file.name for file in files]
