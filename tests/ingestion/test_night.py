"""Receive, judge, load and withdraw on a real PostgreSQL: idempotent, killed and run again, who is
judged again.

Long, since all of it is asked of the same few files and of the same steps, killed in each way.
"""

import multiprocessing
import os
import shutil
import signal
import time
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest

from ingestion import (
    archive,
    hand_in,
    judge_file,
    judge_landing,
    judged_folder,
    load,
    readers,
    receive,
    withdraw,
)
from ingestion.archive import archived
from tests.ingestion.intake_examples import HEADER
from warehouse import connect, schema, settings
from warehouse.errors import BadInput

AT = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
REGISTRY = (
    "agency_id,name_th,agency_type,province_code,district_th,ministry_th,"
    "valid_from,valid_to,replaces,aliases\n"
    "S1,อบต.สามพร้าว,sao,41,,,2560,,,\n"
)
GOOD = f"{HEADER}\n2568,S1,,,,,overall,,,91.15,ผ่าน,,\n"
TABLES = [
    "raw.unit",
    "raw.score",
    "raw.remark",
    "raw.measure",
    "raw.progress",
    "raw.constraint_note",
    "raw.agency",
    "ops.finding",
]


EMPTY = f"truncate {', '.join(TABLES)}, raw.submission restart identity cascade"
DATABASE = "ita_intake_tests"


@pytest.fixture(scope="module")
def database(warehouse):
    """A database of these tests' own: they empty its tables."""
    warehouse.execute(f"drop database if exists {DATABASE}")
    warehouse.execute(f"create database {DATABASE}")
    with connect.connect(dbname=DATABASE, autocommit=True) as conn:
        schema.apply(conn)
        yield conn


@pytest.fixture
def night(database, tmp_path, monkeypatch):
    """Put files in landing and run the three steps; the warehouse's intake is empty before."""
    folder = settings.folder
    monkeypatch.setattr(
        settings,
        "folder",
        lambda name: folder(name) if name in ("postgres", "secrets") else _made(tmp_path / name),
    )
    database.execute(EMPTY)

    class Night:
        conn = database

        @staticmethod
        def put(**files: str | bytes) -> None:
            for name, content in files.items():
                file = settings.folder("landing") / name.replace("__", "/").replace("_dot_", ".")
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content if isinstance(content, bytes) else content.encode())

        @staticmethod
        def run(at: datetime = AT) -> int:
            new = receive.register_landing(database, at)
            judge_landing.run(database)
            load.run(database, at)
            return new

        @staticmethod
        def states() -> dict[str, str]:
            return dict(database.execute("select file_name, state from raw.submission").fetchall())

        @staticmethod
        def content() -> dict[str, list]:
            return {
                table: sorted(map(str, database.execute(f"select * from {table}").fetchall()))
                for table in TABLES
            }

    return Night


def _made(path):
    path.mkdir(parents=True, exist_ok=True)
    return path


def sha_of(night, name: str) -> str:
    return night.conn.execute(
        "select submission_sha256 from raw.submission where file_name = %s", [name]
    ).fetchone()[0]


def test_a_night_and_again(night):
    night.put(
        agencies_dot_csv=REGISTRY,
        office__a_dot_csv=GOOD,
        bad_dot_csv=GOOD.replace("S1", "S9"),
        junk=b"\x00\x01\x02",
    )
    assert night.run() == 4
    assert night.states() == {
        "agencies.csv": "accepted",
        "office/a.csv": "accepted",
        "bad.csv": "rejected",
        "junk": "rejected",
    }
    rows = night.conn.execute(
        "select rows_read, rows_accepted, rows_rejected, agencies, errors, layout, authority, "
        "received_at from raw.submission "
        "where file_name = 'office/a.csv'"
    ).fetchone()
    assert rows == (1, 1, 0, 1, 0, "long_table", "agency", AT)
    assert night.conn.execute(
        "select agency_id, fiscal_year, level, score::text, rating, source_place from raw.score"
    ).fetchall() == [("S1", 2568, "overall", "91.15", "pass", "row 2")]
    assert not list(settings.folder("landing").iterdir())
    for name in ("office/a.csv", "junk"):
        assert archived(sha_of(night, name)).exists()
        assert (
            (settings.folder("receipts") / f"{sha_of(night, name)}.md")
            .read_text()
            .startswith("# ใบรับข้อมูล ITA")
        )
    before = night.content()
    assert night.run() == 0 and night.content() == before


def test_the_same_bytes_twice_are_one_submission(night):
    night.put(agencies_dot_csv=REGISTRY, a_dot_csv=GOOD, b_dot_csv=GOOD)
    night.run()
    assert len(night.states()) == 2
    night.put(c_dot_csv=GOOD)
    assert (
        night.run() == 0
        and len(night.states()) == 2
        and not list(settings.folder("landing").iterdir())
    )


def test_a_file_with_errors_is_judged_again_when_it_comes_again(night):
    partly = GOOD + "2568,S2,,,,,overall,,,90,,,\n"
    night.put(
        agencies_dot_csv=REGISTRY, all_dot_csv=GOOD.replace("S1", "S2"), partly_dot_csv=partly
    )
    night.run()
    assert night.states() == {
        "agencies.csv": "accepted",
        "all.csv": "rejected",
        "partly.csv": "accepted_with_warnings",
    }
    night.put(
        agencies_dot_csv=REGISTRY.replace("S1", "S2"),
        all_dot_csv=GOOD.replace("S1", "S2"),
        partly_dot_csv=partly,
    )
    assert night.run() == 3
    assert set(night.states().values()) == {"accepted"}
    assert night.conn.execute("select count(*) from raw.score").fetchone() == (3,)


def test_withdrawn_and_sent_again(night):
    night.put(agencies_dot_csv=REGISTRY, a_dot_csv=GOOD)
    night.run()
    sha256 = sha_of(night, "a.csv")
    assert "withdrawn" in withdraw.withdraw(night.conn, sha256, "wrong year", AT)
    assert "already" in withdraw.withdraw(night.conn, sha256[:12], "again", AT)
    assert night.conn.execute(
        "select submission_sha256, reason from ops.withdrawal"
    ).fetchall() == [(sha256, "wrong year")]
    night.run()
    assert night.states()["a.csv"] == "withdrawn"
    night.put(a_dot_csv=GOOD)
    assert night.run(AT + timedelta(days=1)) == 1 and night.states()["a.csv"] == "accepted"
    with pytest.raises(BadInput):
        withdraw.withdraw(night.conn, "f" * 64, "", AT)


def test_authority_by_file_or_folder_name(night):
    night.put(
        agencies_dot_csv=REGISTRY,
        nacc_2568_dot_csv=GOOD,
        NACC__x_dot_csv=GOOD.replace("2568", "2567"),
        my_nacc_dot_csv=GOOD.replace("91", "92"),
    )
    night.run()
    found = dict(night.conn.execute("select file_name, authority from raw.submission").fetchall())
    assert found == {
        "agencies.csv": "agency",
        "nacc_2568.csv": "nacc",
        "NACC/x.csv": "nacc",
        "my_nacc.csv": "agency",
    }


def test_receive_paths(night, tmp_path):
    source = tmp_path / "source"
    (source / "nacc" / "deep").mkdir(parents=True)
    (source / "nacc" / "deep" / "ผล.csv").write_text(GOOD)
    (source / "link.csv").symlink_to("/etc/passwd")
    (source / ".hidden").write_text("x")
    lines = list(hand_in.receive_paths([source, source / "nacc" / "deep" / "ผล.csv"], AT))
    assert [line.split("  ")[1] for line in lines] == [
        "refused (a link or no regular file)",
        "stored",
        "already known",
    ]
    assert (settings.folder("landing") / "source" / "nacc" / "deep" / "ผล.csv").read_text() == GOOD
    night.put(agencies_dot_csv=REGISTRY)
    night.run()
    assert night.states()["source/nacc/deep/ผล.csv"] == "accepted"
    assert "already known" in next(iter(hand_in.receive_paths([source / "nacc"], AT)))
    (source / "two.csv").write_text(GOOD + "\n")
    (settings.folder("landing") / "two.csv").write_text("other")
    assert "stored" in next(iter(hand_in.receive_paths([source / "two.csv"], AT)))
    assert len(list(settings.folder("landing").iterdir())) == 2


def test_a_link_in_landing_is_never_followed(night, tmp_path):
    (tmp_path / "secret").write_text(GOOD)
    (settings.folder("landing") / "link.csv").symlink_to(tmp_path / "secret")
    (settings.folder("landing") / "folder").symlink_to(tmp_path)
    assert night.run() == 0


def test_a_growing_file_waits(night, monkeypatch):
    night.put(a_dot_csv=GOOD)
    file, copy = settings.folder("landing") / "a.csv", archive.copy

    def copy_while_it_grows(source, target, before):
        with file.open("a") as more:
            more.write("2567,S1,,,,,overall,,,90,,,\n")
        return copy(source, target, before)

    monkeypatch.setattr(archive, "copy", copy_while_it_grows)
    assert receive.register_landing(night.conn, AT) == 0
    monkeypatch.setattr(archive, "copy", copy)
    assert receive.register_landing(night.conn, AT) == 1


def test_year_limits_what_is_judged(night):
    night.put(agencies_dot_csv=REGISTRY, a_dot_csv=GOOD, b_dot_csv=GOOD.replace("2568", "2567"))
    receive.register_landing(night.conn, AT)
    judge_landing.run(night.conn, fiscal_year=2567)
    assert load.run(night.conn, AT) == "2 files: 2 accepted, 1 still to be judged"
    assert night.states() == {"agencies.csv": "accepted", "a.csv": "received", "b.csv": "accepted"}
    night.run()
    assert set(night.states().values()) == {"accepted"}


def test_official_overall_counts_for_the_jump(night):
    night.put(
        agencies_dot_csv=REGISTRY,
        nacc_dot_csv=GOOD.replace("2568", "2567").replace("91.15,ผ่าน", "50,"),
        own_dot_csv=GOOD.replace("2568", "2567"),
    )
    night.run()
    assert judge_landing.last_overall_of(night.conn) == {("S1", 2567): 50.0}
    night.put(now_dot_csv=GOOD)
    night.run()
    assert night.conn.execute(
        "select rule from ops.finding where fiscal_year = '2568'"
    ).fetchall() == [("jump",)]


def test_the_planner_learns_of_new_scores_also_after_a_kill(night, monkeypatch):
    def known() -> tuple:
        """When statistics were taken, and whether all pages are known to be visible to all."""
        return night.conn.execute("""
            select last_analyze, relpages > 0 and relallvisible = relpages
            from pg_stat_user_tables join pg_class on oid = relid
            where relid = 'raw.score'::regclass""").fetchone()

    night.put(agencies_dot_csv=REGISTRY, a_dot_csv=GOOD)
    night.run()
    first = known()
    assert first[0] and first[1]
    night.run()
    assert known() == first  # nothing new: not taken again
    night.put(b_dot_csv=GOOD.replace("2568", "2567"))
    with monkeypatch.context() as killed:
        killed.setattr(load, "_tidy", lambda conn: None)
        night.run()
    assert known() == first
    night.run()
    assert known()[0] > first[0] and known()[1]


@pytest.mark.parametrize("moment", [0.0, 0.05, 0.15, 0.4])
def test_killed_and_run_again(night, moment):
    files = {"agencies_dot_csv": REGISTRY} | {
        f"f{number}_dot_csv": GOOD.replace("91.15", f"{90 + number / 100}") for number in range(15)
    }
    night.put(**files)
    night.run()
    expected = night.content()
    night.conn.execute(EMPTY)
    for name in ("judged", "receipts", "archive"):
        shutil.rmtree(settings.folder(name))
    night.put(**files)

    def in_another_process():
        with connect.connect(dbname=DATABASE, autocommit=True) as conn:
            receive.register_landing(conn, AT)
            judge_landing.run(conn)
            load.run(conn, AT)

    process = multiprocessing.get_context("fork").Process(target=in_another_process)
    process.start()
    time.sleep(moment)
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    night.run()
    assert night.content() == expected and set(night.states().values()) == {"accepted"}


def test_the_latest_registry_row_wins_and_a_score_file_of_that_name_is_no_registry(night):
    night.put(z_agencies_dot_csv=REGISTRY.replace("สามพร้าว", "เดิม"))
    time.sleep(0.05)  # the clock of a file's changes is coarse
    night.put(agencies_a_dot_csv=REGISTRY)
    night.put(agencies_dot_csv=GOOD.replace(",S1,,", ",,อบต.สามพร้าว,"))
    night.run(datetime.now(UTC))
    assert set(night.states().values()) == {"accepted"}
    assert [row.name_th for row in judge_landing.registry_of(night.conn)] == ["อบต.สามพร้าว"]


def test_a_file_over_the_bound_is_not_even_read(night, monkeypatch):
    monkeypatch.setattr(readers, "LARGEST", 100)
    night.put(agencies_dot_csv=REGISTRY[:99], big_dot_csv=GOOD + "\n" * 100)
    night.run()
    assert night.conn.execute(
        "select rule from ops.finding where submission_sha256 = %s", [sha_of(night, "big.csv")]
    ).fetchall() == [("over_bound",)]


def test_names_that_are_no_text(night):
    (settings.folder("landing") / os.fsdecode(b"caf\xe9 \xe0\xb8\x81.csv")).write_text(GOOD)
    night.put(agencies_dot_csv=REGISTRY)
    night.run()
    assert night.states()["caf? ก.csv"] == "accepted"


@pytest.mark.parametrize(
    "name",
    [
        "ผลการประเมิน ๒๕๖๘.csv",
        "名前.csv",
        "نتيجة.csv",
        "\u202egpj.csv",
        "😀.csv",
        "a\nb\t.csv",
        "=cmd|' C calc'!A0.csv",
        "..csv",
        "-rf.csv",
        "a:b\\c.csv",
        "ก" * 80 + ".csv",
        "<script>.csv",
        "%s%n.csv",
        "'; drop table raw.submission; --.csv",
    ],
)
def test_names_in_any_script(night, tmp_path, name):
    (tmp_path / "from").mkdir()
    (tmp_path / "from" / name).write_text(GOOD)
    (line,) = hand_in.receive_paths([tmp_path / "from" / name], AT)
    assert "stored" in line and "\n" not in line
    night.put(agencies_dot_csv=REGISTRY)
    night.run()
    (kept,) = [file for file in night.states() if file != "agencies.csv"]
    assert (
        night.states()[kept] == "accepted"
        and not {"/", "\n", "\t"} & set(kept)
        and len(kept.encode()) <= hand_in.LONGEST_NAME
    )


def test_a_reader_that_dies_rejects_only_its_own_file(night, monkeypatch):
    night.put(
        agencies_dot_csv=REGISTRY,
        a_dot_csv=GOOD,
        b_dot_csv=GOOD.replace("91.15", "66.6"),
        c_dot_csv=GOOD.replace("91.15", "92"),
    )
    read = judge_file.read_one

    def read_or_die(one):
        if b"66.6" in one.path.read_bytes():
            os._exit(1)
        return read(one)

    monkeypatch.setattr(judge_file, "read_one", read_or_die)
    night.run()
    assert night.states() == {
        "agencies.csv": "accepted",
        "a.csv": "accepted",
        "b.csv": "rejected",
        "c.csv": "accepted",
    }
    assert night.conn.execute("select rule from ops.finding").fetchall() == [("reader_died",)]


def test_a_marked_copy_of_the_senders_workbook(night, tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "ผล"
    for row in (
        [*HEADER.split(",")],
        [2568, "S1", "=1+1", *[""] * 3, "overall", "", "", 91.15],
        [2568, "S1", *[""] * 4, "item", "i1", "", 101],
    ):
        book.active.append(row)
    book.save(tmp_path / "own.xlsx")
    night.put(agencies_dot_csv=REGISTRY, own_dot_xlsx=(tmp_path / "own.xlsx").read_bytes())
    night.run()
    copy = openpyxl.load_workbook(
        settings.folder("receipts") / f"{sha_of(night, 'own.xlsx')}.xlsx"
    )["ผล"]
    assert (
        "101" in copy["J3"].comment.text
        and copy["J3"].fill.fgColor.rgb.endswith("FFC7CE")
        and copy["A2"].comment is None
    )
    assert copy["C2"].value is None  # the formula is gone
    written = (settings.folder("receipts") / f"{sha_of(night, 'own.xlsx')}.md").read_text()
    assert (
        "| แผ่นงาน “ผล” แถวที่ 3 คอลัมน์ J |" in written
        and f"({sha_of(night, 'own.xlsx')}.xlsx)" in written
    )


def test_a_judged_folder_is_whole_or_absent(night):
    night.put(agencies_dot_csv=REGISTRY, a_dot_csv=GOOD)
    receive.register_landing(night.conn, AT)
    judge_landing.run(night.conn)
    folder = judged_folder.folder_of(sha_of(night, "a.csv"))
    assert sorted(file.name for file in folder.iterdir()) == [
        "receipt.json",
        "score.csv",
        "unit.csv",
    ]
    arrival = night.conn.execute(
        "select received_seq from raw.submission where file_name = 'a.csv'"
    ).fetchone()[0]
    assert (
        judged_folder.receipt_of(folder.name, arrival)
        and judged_folder.receipt_of(folder.name, arrival + 1) is None
    )
    (folder / "score.csv").write_text("half")
    assert load.run(night.conn, AT) == "1 files: 1 accepted, 1 still to be judged"
    night.run()
    assert set(night.states().values()) == {"accepted"}
