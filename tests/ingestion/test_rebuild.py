"""The warehouse from nothing but the archive: several nights, replayed, leave what they left."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ingestion import (
    hand_in,
    judge_landing,
    load,
    planned,
    rebuild,
    receive,
    records,
    refuse,
    waiting,
    withdraw,
)
from ingestion.archive import archived
from tests.security.test_names import REGISTRY, REGISTRY_HEAD, scores
from warehouse.errors import BadInput

AT = datetime.now(UTC)


@pytest.fixture
def lived(intake, tmp_path):
    """A warehouse with a history: every kind of event, and what depends on the order of nights."""
    intake.inboxes("registry,agency,waits,everybody", "a/S2,agency,no,agency:S2")
    intake.put("agencies.csv", REGISTRY)
    intake.put("nacc_2567.csv", scores("S1", 50, 2567) + "2567,S2,,,,,overall,,,88,,,\n")
    intake.put("early.csv", scores("S3"))  # not registered yet: rejected
    intake.night(AT - timedelta(days=9))
    intake.put("a/S2/own.csv", scores("S2", 91))
    intake.put("a/S2/other.csv", scores("S1", 91))  # not theirs
    intake.put("jump.csv", scores("S1", 93))  # 43 points more than last year
    intake.put("registry/agencies.csv", REGISTRY_HEAD + "S1,อบต.ใหม่,sao,41,,,2560,2568,,\n")
    intake.night(AT - timedelta(days=8))
    (sha256,) = intake.one("submission_sha256", "jump.csv")
    withdraw.withdraw(intake.conn, sha256, "wrong year", AT - timedelta(days=7))
    (waits,) = intake.one("submission_sha256", "registry/agencies.csv")
    waiting.approve(intake.conn, waits, "Somchai", AT - timedelta(days=7))
    intake.put("agencies-2.csv", REGISTRY_HEAD + "S3,อบต.สาม,sao,42,,,2560,,,\n")
    intake.put("early-again.csv", scores("S3"))
    (tmp_path / "by-hand.csv").write_text(scores("S2", 77, 2566))
    list(hand_in.receive_paths([tmp_path / "by-hand.csv"], AT - timedelta(days=6, hours=3)))
    intake.night(AT - timedelta(days=6))
    intake.put("jump-again.csv", scores("S1", 93))
    intake.put("own-again.csv", scores("S2", 91))
    intake.put("newer.csv", scores("S2", 92))
    receive.run(intake.conn, AT - timedelta(days=5))
    judge_landing.run(intake.conn)
    load.run(intake.conn, AT - timedelta(days=5))
    intake.put("own-once-more.csv", scores("S2", 91))
    intake.put("waits-for-its-judgement.csv", scores("S3", 70, 2566))
    receive.run(intake.conn, AT - timedelta(days=4))
    return intake


def test_the_same_tables_and_receipts(lived):
    before, receipts = lived.content(), lived.receipts()
    assert len(receipts) > 10 and before["ops.withdrawal"] and before["ops.registry_approval"]
    lived.begin_anew()
    assert rebuild.run(lived.conn, lambda line: None) == []
    assert lived.content() == before
    assert lived.receipts() == receipts


def test_what_a_step_recorded_before_it_was_cut_off_is_recorded_once(lived, monkeypatch):
    """Cut off behind the record and before the commit, and run again later."""

    def cut_off(*_):
        raise KeyboardInterrupt

    first, later = AT + timedelta(hours=1), AT + timedelta(hours=2)
    lived.put("late.csv", scores("S3", 60, 2565))
    for module, name, run in ((receive, "register", receive.run), (load, "_load", load.run)):
        with monkeypatch.context() as patch:
            patch.setattr(module, name, cut_off)
            with pytest.raises(KeyboardInterrupt):
                run(lived.conn, first)
        run(lived.conn, later)
        judge_landing.run(lived.conn)
    told = [event for _, events, wrong in records.read() for event in events if not wrong]
    sha256, seen_at = lived.one("submission_sha256, seen_at", "late.csv")
    (arrived,) = [event for event in told if event.get("sha256") == sha256]
    assert datetime.fromisoformat(arrived["seen_at"]) == seen_at == first
    assert len([event for event in told if sha256 in event.get("sha256s", ())]) == 1


@pytest.mark.slow_group
def test_what_was_refused_is_refused_again(lived):
    lived.put("registry/more.csv", REGISTRY_HEAD + "S2,อบต.แม่ใจ,sao,41,,,2560,,,\n")
    lived.night(AT - timedelta(days=3))
    (sha256,) = lived.one("submission_sha256", "registry/more.csv")
    refuse.refuse(lived.conn, sha256, "Somchai", "not moved", AT - timedelta(days=2))
    before, receipts = lived.content(), lived.receipts()
    assert before["ops.refusal"] and lived.one("state", "registry/more.csv") == ("rejected",)
    lived.begin_anew()
    assert rebuild.run(lived.conn, lambda line: None) == []
    assert lived.content() == before and lived.receipts() == receipts


@pytest.mark.slow_group
def test_progress_of_proposed_measures_is_judged_by_the_build_of_then(lived, monkeypatch):
    """A rebuild has no published build: what it proposed is in the record."""
    sheet = {
        "fiscal_year": 2568,
        "agency": {"agency_id": "S2"},
        "progress": [
            {"fiscal_year": 2568, "measure_no": 3, "as_of": "2568-03-31", "result": "ทำแล้ว"}
        ],
    }
    proposed = {("S2", year): frozenset({3}) for year in (2568, 2569)}
    real = planned.planned_of
    with monkeypatch.context() as published:
        for module in (planned, judge_landing):
            published.setattr(
                module, "planned_of", lambda conn: replace(real(conn), proposed=proposed)
            )
        lived.put("progress.json", json.dumps(sheet))
        lived.night(AT - timedelta(days=1))
    assert lived.conn.execute("select count(*) from raw.progress").fetchone() == (1,)
    before, receipts = lived.content(), lived.receipts()
    lived.begin_anew()
    rebuild.run(lived.conn, lambda line: None)
    assert lived.content() == before and lived.receipts() == receipts


def test_a_night_after_a_rebuild_goes_on_as_one_without_it(lived):
    lived.night(AT - timedelta(days=3))
    before = lived.content()
    lived.begin_anew()
    rebuild.run(lived.conn, lambda line: None)
    assert lived.content() == before
    lived.put("later.csv", scores("S3", 60))
    lived.night(AT - timedelta(days=2))
    assert lived.states()["later.csv"] == "accepted"
    assert len(list(records.read())) == len({name for name, _, _ in records.read()})


def test_a_rebuild_is_for_an_empty_warehouse(lived):
    with pytest.raises(BadInput, match="holds submissions already"):
        rebuild.run(lived.conn, lambda line: None)


def test_what_a_rebuild_could_not_have_is_said(lived):
    # known by the name under which it came again, through an inbox that may more
    (sha256,) = lived.one("submission_sha256", "own-again.csv")
    archived(sha256).unlink()
    stray = archived("f" * 64)
    stray.parent.mkdir(exist_ok=True)
    stray.write_text("nobody knows how it came")
    lost = [file for file, _, _ in records.read()][1]
    lost.write_bytes(b"")
    lived.begin_anew()
    said = "\n".join(rebuild.run(lived.conn, lambda line: None))
    assert lost.name in said and "f" * 64 in said


@pytest.mark.slow_group
def test_the_records_of_a_warehouse_of_before_are_made_from_what_it_knows(lived):
    """A warehouse of a release without records: the first night writes down what is known."""
    for file, _, _ in list(records.read()):
        file.unlink()
    lived.night(AT - timedelta(days=3))
    before = lived.content()
    lived.begin_anew()
    rebuild.run(lived.conn, lambda line: None)
    after = lived.content()
    for table in ("raw.submission", "raw.score", "raw.unit", "ops.withdrawal"):
        assert after[table] == before[table], table
