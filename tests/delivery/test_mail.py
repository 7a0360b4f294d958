"""What the server says of a message and what comes of that; what hinders mail hinders no night."""

import re
from datetime import timedelta

import pytest
from click.testing import CliRunner

from delivery import bounces, post
from delivery import run as stage
from ita import cli
from reports import message
from tests.delivery.conftest import NIGHT
from warehouse import contacts


def test_refused_put_off_and_taken(country, mailboxes):
    refused = country.agency("A1", "refused")
    later, spam = country.agency("A2", "later"), country.agency("A3", "spam")
    taken = country.agency("A4")
    done = country.deliver()
    assert mailboxes.counted() == {taken: 1} and mailboxes.encrypted == {True}
    assert (done.counts["refused"], done.counts["later"], done.counts["sent"]) == (2, 1, 1)
    notes = dict(country.connection.execute("select recipient, note from ops.delivery").fetchall())
    assert notes == {"A1": "550 5.1.1", "A2": "450 4.2.1", "A3": "554 5.6.0", "A4": "250"}
    country.deliver(NIGHT + timedelta(days=1))
    assert country.outcomes()["A2"] == ["later", "later"], "tried again the next night"
    assert country.outcomes()["A1"] == ["refused"], "the same mailbox is not tried again"
    contacts.mend("A1", "mended-a1@example.go.th")
    country.deliver(NIGHT + timedelta(days=2))
    assert mailboxes.counted()["mended-a1@example.go.th"] == 1
    everything = country.connection.execute(
        "select (select string_agg(d::text, ' ') from ops.delivery d),"
        " (select string_agg(d::text, ' ') from ops.delivered d),"
        " (select string_agg(d::text, ' ') from ops.delivery_run d)"
    ).fetchone()
    for address in (refused, later, spam, taken):
        assert address not in " ".join(everything), "no address is kept"


def test_a_server_that_takes_nothing_is_told_and_tried_the_next_night(country, mailboxes):
    for number in range(9):
        country.agency(f"A{number}")
    mailboxes.down = True
    done = CliRunner().invoke(cli.main, ["deliver"])
    assert done.exit_code == 0 and "were not taken" in done.output, done.output
    assert len(country.outcomes()) == post.STOP_AFTER, "it does not ask nine times"
    mailboxes.down = False
    assert country.deliver(NIGHT + timedelta(days=1)).counts["sent"] == 9
    assert set(mailboxes.counted().values()) == {1}


def test_mailboxes_refused_one_after_another_are_not_the_mailboxes(country, mailboxes, monkeypatch):
    monkeypatch.setattr(post, "REFUSED_AFTER", 2)
    for number in range(4):
        country.agency(f"A{number}", "refused")
    assert country.deliver().cause == "unreachable"
    assert country.outcomes() == {"A0": ["refused"], "A1": ["refused"]}
    listed = CliRunner().invoke(cli.main, ["deliver", "--list"]).output
    key = next(line.split()[0] for line in listed.splitlines() if "A0" in line)
    assert "550 5.1.1" in listed
    again = CliRunner().invoke(cli.main, ["deliver", "again", key, "--by", "Somchai"])
    assert again.exit_code == 0, again.output
    drop = CliRunner().invoke(cli.main, ["deliver", "drop", key, "--by", "Somchai"])
    assert drop.exit_code == 2, "it is known that it did not go out"
    country.deliver(NIGHT + timedelta(days=1))
    assert country.outcomes()["A0"] == ["again", "refused"]


def test_no_server_answers(country, mailboxes, monkeypatch):
    country.agency("A1")
    monkeypatch.setenv("ITA_SMTP_PORT", "1")
    done = CliRunner().invoke(cli.main, ["deliver"])
    assert done.exit_code == 0 and "the next night tries again" in done.output, done.output
    assert not country.outcomes(), "no intent is written for a server that is not there"
    said = CliRunner().invoke(cli.main, ["status"]).output
    assert "the next night tries again" in said


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("ITA_SMTP_HOST", "", "no mail server is set"),
        ("ITA_COUNTER_URL", "", "ITA_COUNTER_URL"),
        ("ITA_COUNTER_URL", "javascript:alert(1)", "ITA_COUNTER_URL is no address"),
        ("ITA_MAIL_FROM", "ITA <ita@x.go.th>\nBcc: y@x.go.th", "ITA_MAIL_FROM is no address"),
        ("ITA_DELIVER_PER_MINUTE", "fast", "'fast'"),
    ],
)
def test_nothing_is_sent_nor_marked_sent_where_it_is_not_set_up(
    country, mailboxes, monkeypatch, name, value, words
):
    country.agency("A1")
    with monkeypatch.context() as without:
        without.setenv(name, value)
        done = CliRunner().invoke(cli.main, ["deliver"])
        assert done.exit_code == 0 and words in done.output, done.output
        assert words in CliRunner().invoke(cli.main, ["status"]).output
    assert not mailboxes.mails and not country.outcomes()
    assert country.deliver().counts["sent"] == 1, "and it goes out when it is"


def test_as_fast_as_is_set_and_no_longer(country, mailboxes, monkeypatch):
    for number in range(4):
        country.agency(f"A{number}")
    monkeypatch.setenv("ITA_DELIVER_PER_MINUTE", "30")
    waited: list[float] = []
    assert country.deliver(sleep=waited.append).counts["sent"] == 4
    assert waited[0] == 0 and all(1 < seconds <= 2 for seconds in waited[1:]), waited


def test_its_time_is_over(country, mailboxes, monkeypatch):
    for number in range(4):
        country.agency(f"A{number}")
    clock = [0.0]
    monkeypatch.setattr(stage.time, "monotonic", lambda: clock[0])

    def sleep(seconds: float) -> None:
        clock[0] += 20 * 60  # 20 minutes a message, 45 are set

    done = country.deliver(sleep=sleep)
    assert (done.cause, done.counts["sent"], done.counts["left"]) == ("time", 3, 1)
    assert "45" in done.words("en")
    assert country.deliver(NIGHT + timedelta(days=1)).counts["sent"] == 1


def test_very_many_the_first_time_wait_for_a_person(country, mailboxes, monkeypatch):
    monkeypatch.setattr(stage, "FIRST_TIME", 2)
    for number in range(3):
        country.agency(f"A{number}")
    done = country.deliver()
    assert done.cause == "first" and not mailboxes.mails
    given = CliRunner().invoke(cli.main, ["deliver", "baseline", "--by", "Somchai"])
    assert given.exit_code == 0 and "3 agencies" in given.output, given.output
    assert country.deliver(NIGHT + timedelta(days=1)).counts["sent"] == 0
    country.pack("A1", "key-2", score=95)
    assert country.deliver(NIGHT + timedelta(days=2)).counts["sent"] == 1
    said = mailboxes.mails[0][1].get_body(("plain",)).get_content()
    assert "คะแนนภาพรวมเปลี่ยนจาก 90.50 เป็น 95.00" in said, "against what was known"


def test_or_all_are_sent(country, mailboxes, monkeypatch):
    monkeypatch.setattr(stage, "FIRST_TIME", 2)
    for number in range(3):
        country.agency(f"A{number}")
    assert country.deliver(everything=True).counts["sent"] == 3


def test_bounces_are_recorded_and_told(country, mailboxes):
    country.agency("A1")
    somchai = country.person("somchai", "24")
    country.deliver()
    sent = mailboxes.mails[0][1]
    folder = bounces.folder()
    folder.mkdir(parents=True)
    (folder / "1.eml").write_bytes(bounce(sent["Message-ID"], "failed", "5.1.1"))
    (folder / "2.eml").write_bytes(bounce(sent["Message-ID"], "delayed", "4.4.1"))
    (folder / "3.eml").write_bytes(b"From: x@y.go.th\n\nhello")
    (folder / "4.eml").write_bytes(bounce("<ita." + "0" * 32 + "@x.go.th>", "failed", "5.1.1"))
    done = country.deliver(NIGHT + timedelta(days=1))
    assert done.counts["bounced"] == 1
    assert country.outcomes()["A1"] == ["bounced"]
    assert sorted(path.name for path in (folder / "unread").iterdir()) == ["2.eml", "3.eml"]
    assert [path.name for path in folder.iterdir()] == ["unread"]
    told = [parsed for to, parsed, _ in mailboxes.mails if somchai in to]
    assert len(told) == 2 and "รับไม่ได้ 1 หน่วยงาน" in told[1].get_body(("plain",)).get_content()
    contacts.mend("A1", "mended-a1@example.go.th")
    country.deliver(NIGHT + timedelta(days=2))
    assert mailboxes.counted()["mended-a1@example.go.th"] == 1


def bounce(message_id: str, action: str, status: str) -> bytes:
    """As a mail server writes it (RFC 3464)."""
    return f"""From: MAILER-DAEMON@example.go.th
To: ita@nacc.example.go.th
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Your message could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.go.th

Final-Recipient: rfc822; office-a1@example.go.th
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b
Content-Type: text/rfc822-headers

From: ita@nacc.example.go.th
Message-ID: {message_id}

--b--
""".encode()


def test_a_dry_run_writes_what_would_be_sent_and_nothing_else(country, mailboxes, tmp_path):
    address, other = country.agency("A1"), country.agency("A2", "")
    country.person("somchai", "24")
    out = tmp_path / "messages"
    done = CliRunner().invoke(cli.main, ["deliver", "--dry-run", str(out)])
    assert done.exit_code == 0 and "1 messages and 1 digests" in done.output, done.output
    assert sorted(path.name for path in out.iterdir()) == ["agency-A1.eml", "province-24.eml"]
    assert not mailboxes.mails and not country.outcomes() and not other
    assert country.connection.execute("select count(*) from ops.delivery_run").fetchone() == (0,)
    assert out.stat().st_mode & 0o777 == 0o700
    assert (out / "agency-A1.eml").stat().st_mode & 0o777 == 0o600
    (written,) = re.findall(rb"Message-ID: (.*)", (out / "agency-A1.eml").read_bytes())
    country.deliver()
    assert mailboxes.of(address)["Message-ID"] == written.decode().strip()


def test_a_broken_pack_hinders_no_other(country, mailboxes):
    country.agency("A1")
    address = country.agency("A2")
    (country.home / "packs/2568/24/A1/pack.json").write_text("{}")
    done = country.deliver()
    assert mailboxes.counted() == {address: 1} and done.counts["broken"] == 1
    assert "A1" not in country.outcomes(), "its news stay"


def test_letters_are_the_reports(country):
    assert callable(message.subject) and callable(message.blocks)
