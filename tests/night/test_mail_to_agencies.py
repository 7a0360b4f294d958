"""The night tells agencies: the task `deliver` through Airflow, a real mail server with TLS."""

import email
import email.policy
import ssl

import pytest
from aiosmtpd.controller import Controller

from tests.mail_server import free_port

LADKWANG = "4240503"


class Mailbox:
    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):
        parsed = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.mails.append((session.ssl is not None, parsed))
        return "250 OK"


@pytest.fixture
def mailbox(certificate):
    box = Mailbox()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    port = free_port()
    server = Controller(
        box, hostname="127.0.0.1", port=port, tls_context=context, require_starttls=True
    )
    server.start()
    box.settings = {
        "ITA_SMTP_HOST": "127.0.0.1",
        "ITA_SMTP_PORT": str(port),
        "ITA_SMTP_CA": str(certificate[0]),
        "ITA_MAIL_FROM": "ita@nacc.example.go.th",
        "ITA_COUNTER_URL": "https://ita.example.go.th",
    }
    yield box
    server.stop()


def test_a_night_without_a_server_says_so(night):
    (run,) = night.query("select cause, said_en from ops.delivery_run order by run_no limit 1")
    assert run["cause"] == "no_server"
    assert "ITA_SMTP_HOST" in (night.home / "index.html").read_text("utf-8")
    assert "no mail server is set" in night.ita("status").stdout
    assert night.query("select count(*) as n from ops.delivery") == [{"n": 0}]


def test_the_night_tells_each_agency_once(night, mailbox):
    before = night.environment
    access = night.home / "access"
    access.mkdir(mode=0o700, exist_ok=True)
    contacts = access / "contacts.csv"
    contacts.write_text(f"agency_id,email\n{LADKWANG},ita@ladkwang.example.go.th\n")
    night.environment = before | mailbox.settings
    try:
        refreshed = night.ita("refresh")
        assert refreshed.returncode == 0, refreshed.stdout + refreshed.stderr
        again = night.ita("deliver")
        assert again.returncode == 0 and "nothing was new" in again.stdout, again.stdout
        page = (night.home / "index.html").read_text("utf-8")
    finally:
        night.environment = before
        contacts.unlink()
    ((encrypted, message),) = mailbox.mails
    assert encrypted and message["To"] == "ita@ladkwang.example.go.th"
    text = message.get_body(("plain",)).get_content()
    assert "เทศบาลตำบลลาดขวาง ได้คะแนนภาพรวม 99.34 คะแนน" in text
    assert f"https://ita.example.go.th/agency/{LADKWANG}" in text
    assert "ส่งแล้ว 1 ฉบับ" in page
    told = night.query("select recipient, outcome from ops.delivery")
    assert told == [{"recipient": LADKWANG, "outcome": "sent"}]
    logs = list((night.home / "airflow" / "logs").rglob("*.log"))
    logs += [*(night.home / "logs").glob("*.jsonl")]
    assert logs and not [file for file in logs if "ladkwang" in file.read_text("utf-8", "replace")]
