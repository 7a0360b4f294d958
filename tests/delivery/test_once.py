"""At most one message for a pack, and one for an agency and night, whatever is killed when: the
messages are counted where they arrive.
"""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from delivery import book
from ita import cli
from tests.delivery.conftest import NIGHT
from warehouse import connect, known_mail

# Before the intent, between intent and sending, between sending and outcome; the same of a digest.
POINTS = {
    "before an intent": ("delivery.book:mean", 2, 0),
    "between intent and sending": ("delivery.post:Post.send", 2, 1),
    "between sending and outcome": ("delivery.book:came_of_it", 2, 1),
    "before the digest's intent": ("delivery.book:mean", 4, 0),
    "between the digest's intent and sending": ("delivery.post:Post.send", 4, 1),
    "after the digest, before its outcome": ("delivery.book:came_of_it", 4, 1),
    "before the run is closed": ("delivery.book:end_run", 1, 0),
}


def killed(point: str, number: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.delivery.killed", point, str(number)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == -9, done.stderr


@pytest.mark.parametrize("where", POINTS)
def test_never_two_whatever_is_killed(country, mailboxes, where):
    agencies = {country.agency(f"A{number}") for number in (1, 2, 3)}
    somchai = country.person("somchai", "24")
    point, number, between = POINTS[where]
    killed(point, number)
    with connect.lock("deliver"):  # PostgreSQL has noticed that the process is gone
        pass
    assert len(book.between(country.connection)) == between
    for night in range(3):
        country.deliver(NIGHT + timedelta(days=night))
    open_ = book.between(country.connection)
    assert len(open_) == between, "no run decides for a person"
    counted = mailboxes.counted()
    never_sent = point.endswith("Post.send")
    lost = [row["recipient"] for row in open_ if never_sent]
    expected = {address: int(address.split("-")[1][:2].upper() not in lost) for address in agencies}
    assert {address: counted[address] for address in agencies} == expected
    for row in open_:
        decision = "again" if never_sent else "drop"
        book.decide(country.connection, row["message_key"][:12], decision, "Somchai", NIGHT)
    country.deliver(NIGHT + timedelta(days=4))
    assert {address: mailboxes.counted()[address] for address in agencies} == dict.fromkeys(
        agencies, 1
    )
    digests = [parsed["Message-ID"] for to, parsed, _ in mailboxes.mails if somchai in to]
    assert digests and len(digests) == len(set(digests))
    assert not book.between(country.connection)


def test_the_line_goes_dead_after_the_message_was_taken(country, mailboxes):
    """Nobody knows: it stays between, and goes out no second time; the others get theirs."""
    lost, other = country.agency("A1", "lost"), country.agency("A2")
    for night in range(3):
        done = country.deliver(NIGHT + timedelta(days=night))
        assert done.counts["between"] == (night == 0)
    assert mailboxes.counted() == {lost: 1, other: 1}
    (open_,) = book.between(country.connection)
    listed = CliRunner().invoke(cli.main, ["deliver", "--list"])
    assert open_["message_key"][:12] in listed.output and "A1" in listed.output
    said = CliRunner().invoke(cli.main, ["status"]).output
    assert "1 messages went out or not" in said
    first = mailboxes.mails[0][1]["Message-ID"]
    again = ["deliver", "again", open_["message_key"][:8], "--by", "Somchai"]
    assert CliRunner().invoke(cli.main, again).exit_code == 0
    assert CliRunner().invoke(cli.main, again).exit_code == 2, "it waits no more"
    country.deliver(NIGHT + timedelta(days=4))
    second = [parsed["Message-ID"] for to, parsed, _ in mailboxes.mails if lost in to][1]
    assert second == first, "by which a server knows the second"


def test_an_answer_that_is_neither_yes_nor_no_is_no_reason_to_send_again(country, mailboxes):
    """Any 2xx is a yes; words without a code, and codes that ask for more, stay between."""
    addresses = [country.agency(f"A{n}", box) for n, box in enumerate(("fine", "wordy", "more"))]
    other = country.agency("A9")
    for night in range(3):
        country.deliver(NIGHT + timedelta(days=night))
    assert mailboxes.counted() == dict.fromkeys([*addresses, other], 1)
    assert [row["recipient"] for row in book.between(country.connection)] == ["A1", "A2"]
    assert country.outcomes()["A0"] == ["sent"]


def test_the_same_pack_is_no_news_and_another_is_the_next_night(country, mailboxes):
    address = country.agency("A1")
    assert country.deliver().counts["sent"] == 1
    assert country.deliver(NIGHT + timedelta(days=1)).counts["sent"] == 0
    country.pack("A1", "key-1", score=90.5)  # written anew: ranks of others moved
    assert country.deliver(NIGHT + timedelta(days=2)).counts["sent"] == 0
    country.pack("A1", "key-2", score=91.25, inputs=("a", "b"))
    third = NIGHT + timedelta(days=3)
    assert country.deliver(third).counts["sent"] == 1
    country.pack("A1", "key-3", score=92)  # twice on one day: the next night tells it
    done = country.deliver(third + timedelta(hours=5))
    assert (done.counts["sent"], done.counts["left"]) == (0, 1)
    assert country.deliver(NIGHT + timedelta(days=4)).counts["sent"] == 1
    assert mailboxes.counted() == {address: 3}
    said = [parsed.get_body(("plain",)).get_content() for _, parsed, _ in mailboxes.mails]
    assert "คะแนนภาพรวมเปลี่ยนจาก 90.50 เป็น 91.25 (+0.75)" in said[1]
    assert "แฟ้มที่รับเพิ่ม 1 แฟ้ม" in said[1]


def test_two_runs_at_once_cannot_mean_the_same(country, mailboxes):
    """What the lock keeps apart, PostgreSQL keeps apart too."""
    country.agency("A1")
    number = book.begin_run(country.connection, NIGHT, ("", ""))
    one = book.Intent("agency", "A1", "อบต.หนึ่ง", "24", ["pack:A1:2568:key-1"], "h", {})
    assert book.mean(country.connection, number, one, NIGHT)
    assert book.mean(country.connection, number, one, NIGHT) is None
    assert book.mean(country.connection, number, one, NIGHT + timedelta(days=1)) is None
    other = book.Intent("agency", "A1", "อบต.หนึ่ง", "24", ["pack:A1:2568:key-2"], "h", {})
    assert book.mean(country.connection, number, other, NIGHT) is None, "one a night"


@pytest.mark.parametrize(
    ("said", "messages"), [(["baseline", "--by", "Somchai"], 1), (["--all"], 2)]
)
def test_a_restored_home_sends_nothing_until_a_person_has_said_so(
    country, mailboxes, said, messages
):
    address = country.agency("A1")
    country.deliver()
    country.connection.execute("truncate ops.delivery, ops.delivered cascade")  # the back-up's
    known_mail.doubt("restored")
    for night in (1, 2):
        done = country.deliver(NIGHT + timedelta(days=night))
        assert done.cause == "not_known" and "ita deliver baseline" in done.words("en")
    assert mailboxes.counted() == {address: 1}
    done = CliRunner().invoke(cli.main, ["deliver", *said])
    assert done.exit_code == 0, done.output
    assert country.deliver(NIGHT + timedelta(days=900)).cause == ""
    assert mailboxes.counted() == {address: messages}
    new = country.agency("A2")
    country.deliver(NIGHT + timedelta(days=901))
    assert mailboxes.counted()[new] == 1
