"""Registry rows that a person refuses: out, with the reason in the receipt."""

import json
from datetime import UTC, datetime

import pytest

from ingestion import judge_landing, refuse, waiting
from tests.security.test_names import REGISTRY, REGISTRY_HEAD, scores
from warehouse.errors import BadInput

AT = datetime(2026, 11, 20, tzinfo=UTC)
FILE = "registry/agencies.csv"
COUNTS = "state, rows_read, rows_accepted, rows_rejected, errors, warnings"
MOVES = "S1,อบต.สามพร้าว,sao,42,,,2560,,,\n"
IS_NEW = "S7,อบต.ใหม่,sao,41,,,2568,,,\n"


@pytest.fixture
def waits(intake):
    """A registry's file whose row of S1 waits; gives a function that makes it of these rows."""
    intake.inboxes("registry,agency,waits,everybody")
    intake.put("agencies.csv", REGISTRY)
    intake.put("s1.csv", scores("S1"))
    intake.night()

    def made(rows: str) -> str:
        intake.put(FILE, REGISTRY_HEAD + rows)
        intake.night()
        return intake.one("submission_sha256", FILE)[0]

    return made


def receipt(intake, sha256: str) -> dict:
    return json.loads((intake.home / f"receipts/{sha256}.json").read_text("utf-8"))


def test_the_row_is_rejected_and_the_receipt_says_why(intake, waits):
    sha256 = waits(MOVES)
    refuse.refuse(intake.conn, sha256[:12], "Somchai", "ไม่มีในราชกิจจานุเบกษา", AT)
    assert intake.one(COUNTS, FILE) == ("rejected", 1, 0, 1, 1, 0)
    assert intake.rules(FILE) == ["registry_refused"]
    assert waiting.listed(intake.conn) == []
    rows = "select count(*) from raw.agency where submission_sha256 = %s"
    assert intake.conn.execute(rows, [sha256]).fetchone() == (0,)
    said = receipt(intake, sha256)
    assert (said["state"], said["rows_rejected"], said["accepted_rows"]) == ("rejected", 1, {})
    (found,) = said["findings"]
    assert "ไม่มีในราชกิจจานุเบกษา" in found["message_th"]
    text = (intake.home / f"receipts/{sha256}.md").read_text("utf-8")
    assert "ไม่รับ" in text and "ไม่มีในราชกิจจานุเบกษา" in text and "Somchai" not in text


def test_rows_of_the_file_that_waited_for_nobody_go_on_counting(intake, waits):
    sha256 = waits(MOVES + IS_NEW)
    refuse.refuse(intake.conn, sha256, "Somchai", "ไม่ถูกต้อง", AT)
    assert intake.one(COUNTS, FILE) == ("accepted_with_warnings", 2, 1, 1, 1, 0)
    assert receipt(intake, sha256)["accepted_rows"] == {"agency": 1}
    intake.put("s7.csv", scores("S7", 80))
    intake.night()
    assert intake.states()["s7.csv"] == "accepted"


def test_twice_is_as_once_and_mends_what_a_kill_left(intake, waits):
    sha256 = waits(MOVES)
    file = intake.home / f"receipts/{sha256}.json"
    before = file.read_text("utf-8")
    refuse.refuse(intake.conn, sha256, "Somchai", "ไม่ถูกต้อง", AT)
    content, after = intake.content(), file.read_text("utf-8")
    file.write_text(before, "utf-8")  # killed between the commit and the receipt
    assert "already refused" in refuse.refuse(intake.conn, sha256, "Somchai", "?", AT)
    assert intake.content() == content and file.read_text("utf-8") == after


def test_a_receipt_that_is_made_again_says_it_too(intake, waits):
    sha256 = waits(MOVES)
    refuse.refuse(intake.conn, sha256, "Somchai", "ไม่ถูกต้อง", AT)
    file = intake.home / f"receipts/{sha256}.json"
    said = file.read_text("utf-8")
    file.unlink()
    judge_landing.run(intake.conn)
    assert file.read_text("utf-8") == said


def test_sent_again_it_is_asked_again(intake, waits):
    sha256 = waits(MOVES)
    refuse.refuse(intake.conn, sha256, "Somchai", "ไม่ถูกต้อง", AT)
    assert waits(MOVES) == sha256
    assert intake.rules(FILE) == ["registry_waits"]
    waiting.approve(intake.conn, sha256, "Somchai", datetime.now(UTC))
    assert refuse.find(intake.conn, sha256) is None
    judge_landing.run(intake.conn)
    assert receipt(intake, sha256)["rules"].keys() == {"registry_waits"}


def test_what_does_not_wait_cannot_be_refused(intake, waits):
    with pytest.raises(BadInput, match="no file"):
        refuse.refuse(intake.conn, waits(IS_NEW), "Somchai", "?", AT)
