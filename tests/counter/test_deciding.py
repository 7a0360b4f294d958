"""What headquarters decides on the counter: registry rows that wait, builds that are held."""

import re
from datetime import UTC, datetime

import pytest

from ingestion import judge_landing, load, receive
from publish import candidate
from tests.counter.conftest import (
    COLUMNS,
    OURS,
    THEIRS,
    form_key,
    messages_without_outcome,
    scores,
    send,
)
from warehouse import connect


def test_the_country_shows_the_agencies_of_no_province_too(counter):
    page = counter.signed_in(person="hq").get("/country?year=2568").text
    rows = {name: row for row in page.split("<tr")[2:] for name in re.findall(r">([ก-๙]+)<", row)}
    for name, figures in (
        ("หน่วยงานส่วนกลาง", ["1", "1", "90.50", "100.00"]),
        ("ฉะเชิงเทรา", ["2", "2", "86.69", "50.00"]),
    ):
        assert re.findall(r">([\d.]+)</td>", rows[name])[:4] == figures


def test_registry_rows_that_wait_are_approved_as_by_the_command(counter):
    sha = "7" * 64
    counter.owner.execute(
        "insert into raw.submission (submission_sha256, file_name, authority, received_at, state)"
        " values (%s, 'agencies-new.csv', 'agency', '2026-02-01', 'accepted_with_warnings')",
        [sha],
    )
    counter.owner.execute(
        "insert into raw.agency (submission_sha256, agency_id, name_th, agency_type,"
        " province_code, valid_from, waits) values (%s, %s, 'ชื่อใหม่', 'town', '24', 2569, true)",
        [sha, OURS],
    )
    hq = counter.signed_in(person="hq")
    shown = hq.get("/waiting").text
    assert "ชื่อใหม่" in shown and "เทศบาลตำบลลาดขวาง" in shown
    refused = send(hq, "/waiting", "/waiting", subject=sha, verdict="approve", reason="")
    assert refused.status_code == 400
    send(hq, "/waiting", "/waiting", subject=sha, verdict="approve", reason="ตามประกาศ")
    (waits,) = counter.owner.execute(
        "select waits from raw.agency where submission_sha256 = %s", [sha]
    ).fetchone()
    by = counter.owner.execute(
        "select approved_by from ops.registry_approval where submission_sha256 = %s", [sha]
    ).fetchone()
    assert not waits and by == ("hq",)
    assert "ตามประกาศ" in hq.get("/waiting").text
    counter.owner.execute("delete from raw.agency where submission_sha256 = %s", [sha])


def test_refused_registry_rows_are_out_as_by_the_command(counter):
    folder = counter.home / "landing/registry"
    folder.mkdir(parents=True)
    (counter.home / "inboxes.csv").write_text(
        "inbox,authority,registry,speaks_for,note\nregistry,agency,waits,everybody,\n"
    )
    (counter.home / "landing/known.csv").write_bytes(scores(THEIRS))
    row = f"{THEIRS},เทศบาลตำบลย้ายแล้ว,tambon_mun,63,บ้านตาก,,2560,\n"
    for file, content in (("", None), ("agencies.csv", f"{COLUMNS}\n{row}")):
        if content:
            (folder / file).write_text(content)
        at = datetime.now(UTC)
        receive.run(counter.owner, at)
        judge_landing.run(counter.owner)
        load.run(counter.owner, at)
    hq = counter.signed_in(person="hq")
    assert "เทศบาลตำบลย้ายแล้ว" in hq.get("/waiting").text
    (sha256,) = counter.owner.execute(
        "select submission_sha256 from raw.agency where waits"
    ).fetchone()
    for _ in range(2):  # twice is as once
        send(hq, "/waiting", "/waiting", subject=sha256, verdict="refuse", reason="ไม่มีประกาศ")
    shown = hq.get("/waiting").text
    assert "เทศบาลตำบลย้ายแล้ว" not in shown and "ไม่มีประกาศ" in shown
    state = counter.owner.execute(
        "select state, rows_read, rows_accepted, rows_rejected from raw.submission"
        " where submission_sha256 = %s",
        [sha256],
    ).fetchone()
    assert state == ("rejected", 1, 0, 1)
    assert "ไม่มีประกาศ" in (counter.home / f"receipts/{sha256}.md").read_text()


@pytest.fixture
def held(counter):
    """A candidate that changes a score."""
    counter.owner.execute(
        "insert into ops.build (schema_name, build_id, inputs_sha256, inputs, state, built_at)"
        " values ('candidate', 'b123', 'x', '{}', 'audited', now())"
    )
    counter.owner.execute(
        "insert into ops.change_preview (build_id, agency_id, fiscal_year, change)"
        " values ('b123', %s, 2568, 'score')",
        [OURS],
    )
    yield counter
    counter.owner.execute("delete from ops.build where build_id = 'b123'")
    counter.owner.execute("truncate ops.change_preview, ops.approval, ops.refusal, ops.rollback")


def test_a_refused_build_is_not_asked_about_again(held):
    hq = held.signed_in(person="hq")
    assert 'value="b123"' in hq.get("/waiting").text
    send(hq, "/waiting", "/waiting", subject="b123", verdict="refuse", reason="ผิดปี")
    shown = hq.get("/waiting").text
    assert 'value="b123"' not in shown and "ไม่อนุมัติ" in shown and "ผิดปี" in shown
    assert candidate.refused(held.owner)["by"] == "hq"


def test_a_build_after_one_that_was_taken_back_waits_whatever_it_changes(held):
    """Also where it changes no figure, and where it was approved before that."""
    held.owner.execute("truncate ops.change_preview")
    hq = held.signed_in(person="hq")
    assert 'id="bb123"' not in hq.get("/waiting").text
    held.owner.execute("insert into ops.approval values ('b123', now() - interval '1 day', 'hq')")
    held.owner.execute("insert into ops.rollback values ('b100', now(), 'Somchai', 'ผิดน้ำหนัก')")
    shown = hq.get("/waiting").text
    assert 'value="b123"' in shown and "Somchai" in shown and "ผิดน้ำหนัก" in shown
    send(hq, "/waiting", "/waiting", subject="b123", verdict="approve", reason="ตรวจแล้ว")
    shown = hq.get("/waiting").text
    assert 'value="b123"' not in shown and "อนุมัติแล้ว" in shown


@pytest.fixture
def unknown(counter):
    """Three messages without an outcome: the line went dead, the run was cut off, and one of a run
    that sends in this moment."""
    messages_without_outcome(counter.owner)
    with connect.lock("deliver"):
        yield counter
    counter.owner.execute("truncate ops.delivery_run, ops.delivery, ops.delivered")


def test_a_message_of_which_nobody_knows_is_sent_again_or_not_as_by_the_command(unknown):
    again, drop, now = "1" * 32, "2" * 32, "3" * 32
    hq = unknown.signed_in(person="hq")
    shown = hq.get("/waiting").text
    assert "หน่วยที่ 1" in shown and "2 มี.ค. 2569" in shown and "การติดต่อขาด" in shown
    assert "หน่วยที่ 2" in shown and "3 มี.ค. 2569" in shown and "หยุดกลางคัน" in shown
    assert "หน่วยที่ 3" not in shown, "the run that sends it knows"
    for subject, verdict in ((again, "again"), (drop, "drop")):
        sent = send(hq, "/waiting", "/waiting", subject=subject, verdict=verdict)
        assert sent.status_code == 303
    for subject, verdict in ((again, "drop"), (drop, "again"), (now, "again"), (drop[:8], "drop")):
        sent = send(hq, "/waiting", "/waiting", subject=subject, verdict=verdict)
        assert sent.status_code == 404, "it is decided, or not asked"
    rows = unknown.owner.execute(
        "select message_key, outcome, decided_by from ops.delivery order by delivery_no"
    ).fetchall()
    assert rows == [(again, "again", "hq"), (drop, "drop", "hq"), (now, None, None)]
    things = unknown.owner.execute("select thing from ops.delivered order by 1").fetchall()
    assert things == [("pack:2",), ("pack:3",)], "only what is sent again is news again"
    shown = hq.get("/waiting").text
    assert f'value="{again}"' not in shown and f'value="{drop}"' not in shown
    assert "ส่งข้อความอีกครั้ง" in shown and "ไม่ส่งข้อความอีก" in shown, "the history"


def test_a_build_is_not_decided_by_words_for_messages_nor_a_message_by_those_for_builds(
    held, unknown
):
    hq = held.signed_in(person="hq")
    for subject, verdict in (("b123", "again"), ("1" * 32, "approve"), ("b123", "other")):
        sent = send(hq, "/waiting", "/waiting", subject=subject, verdict=verdict, reason="x")
        assert sent.status_code in (400, 404), (subject, verdict)
    decided = held.owner.execute("select count(*) from ops.approval").fetchone()
    assert decided == (0,)


def test_nobody_but_headquarters_sees_or_decides_messages(unknown):
    for who in ({"agency": OURS}, {"agency": THEIRS}, {"person": "chacho"}, {"person": "tak"}):
        client = unknown.signed_in(**who)
        key = form_key(client.get("/").text)
        assert "หน่วยที่ 1" not in client.get("/waiting").text
        answers = {
            client.post(
                "/waiting",
                data={"form_key": key, "subject": subject, "verdict": "again"},
                follow_redirects=False,
            ).content
            for subject in ("1" * 32, "0" * 32)
        }
        assert len(answers) == 1, "nothing tells whether there is such a message"
    unknown.clerk_is_done()
    left = unknown.owner.execute("select count(*) from ops.delivery where outcome is null")
    assert left.fetchone() == (3,)
