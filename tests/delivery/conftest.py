"""A warehouse of one test's own with agencies, packs and contacts, and a real mail server with TLS
whose mailboxes do what their names say.
"""

import asyncio
import email
import email.policy
import json
import os
import ssl
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from aiosmtpd.controller import Controller
from psycopg.conninfo import make_conninfo

from delivery import run as stage
from reports import message, pack
from tests.mail_server import free_port
from warehouse import connect, contacts, durable, persons

NIGHT = datetime(2025, 9, 1, 18, 5, tzinfo=UTC)  # 2 September 2568, 01:05 in Thailand
FACTS = json.loads((Path(__file__).parents[1] / "reports" / "facts_s4.json").read_text("utf-8"))

# What a server says of a message that it has taken, not as RFC 5321 has it.
STRANGE = {"fine": "200 fine", "wordy": "queued, thank you", "more": "354 go on"}


class Mailboxes:
    """A server; a mailbox is refused, later, … by the first word of its name (office-1)."""

    def __init__(self):
        self.mails: list = []
        self.encrypted: set[bool] = set()
        self.down = False  # everybody is put off

    async def handle_RCPT(self, server, session, envelope, address, options):
        kind = address.partition("-")[0]
        if self.down:
            return "451 4.3.2 later"
        if kind == "refused":
            return f"550 5.1.1 <{address}>: no such mailbox"
        if kind == "later":
            return f"450 4.2.1 <{address}>: full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        parsed = email.message_from_bytes(envelope.content, policy=email.policy.default)
        kinds = {address.partition("-")[0] for address in envelope.rcpt_tos}
        self.encrypted.add(session.ssl is not None)
        if "spam" in kinds:
            return "554 5.6.0 not this message"
        strange = next((STRANGE[kind] for kind in kinds if kind in STRANGE), "250 OK")
        self.mails.append((list(envelope.rcpt_tos), parsed, envelope.content))
        if "lost" in kinds:  # taken, and the line goes dead before it can say so
            server.transport.abort()
            await asyncio.sleep(0)
        return strange

    def counted(self) -> Counter:
        """How many messages came for each address."""
        return Counter(address for to, _, _ in self.mails for address in to)

    def of(self, address: str):
        """The one message for an address."""
        (found,) = [parsed for to, parsed, _ in self.mails if address in to]
        return found


@pytest.fixture
def mailboxes(certificate, monkeypatch):
    """The server, set as an operator would set it; STARTTLS is a must."""
    boxes = Mailboxes()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    server = Controller(
        boxes,
        hostname="127.0.0.1",
        port=free_port(),
        tls_context=context,
        require_starttls=True,
    )
    server.start()
    for name, value in {
        "ITA_SMTP_HOST": "127.0.0.1",
        "ITA_SMTP_PORT": str(server.port),
        "ITA_SMTP_CA": str(certificate[0]),
        "ITA_MAIL_FROM": "ita@nacc.example.go.th",
        "ITA_COUNTER_URL": "https://ita.example.go.th",
        "ITA_DELIVER_PER_MINUTE": "100000",
    }.items():
        monkeypatch.setenv(name, value)
    yield boxes
    server.stop()


class Country:
    """Agencies of FY2568 with packs, registered addresses, persons of provinces."""

    def __init__(self, connection: psycopg.Connection, home: Path):
        self.connection, self.home = connection, home
        connection.execute("create schema mart")
        connection.execute(
            "create table mart.assessment (agency_id text, fiscal_year int, overall_score numeric)"
        )

    def agency(self, agency_id: str, mailbox: str = "office", province: str = "24", **facts) -> str:
        """An agency with its first pack; its address."""
        self.connection.execute("insert into mart.assessment values (%s, 2568, 90)", [agency_id])
        self.pack(agency_id, "key-1", province, **facts)
        address = f"{mailbox}-{agency_id.lower()}@example.go.th" if mailbox else ""
        if address:
            contacts.mend(agency_id, address)
        return address

    def pack(
        self,
        agency_id: str,
        own_key: str,
        province: str = "24",
        score: float = 90.5,
        name: str = "",
        inputs: tuple = ("a",),
    ) -> None:
        """Its pack as the night writes it, of what went into it."""
        facts = json.loads(json.dumps(FACTS))
        facts |= {"fiscal_year": 2568, "measures_year": 2569, "sources": list(inputs)}
        facts["agency"] |= {"agency_id": agency_id, "name_th": name or f"อบต.{agency_id}"}
        facts["assessment"]["overall_score"] = score
        made = pack.complete(facts)
        folder = self.home / "packs" / "2568" / province / agency_id
        durable.make_folder(folder)
        manifest = {
            "agency_id": agency_id,
            "name_th": facts["agency"]["name_th"],
            "province_code": province,
            "fiscal_year": 2568,
            "own_key": own_key,
            "overall_score": score,
            "level_th": made["assessment"]["level_th"],
            "inputs": list(inputs),
        }
        (folder / "pack.json").write_text(json.dumps(made), "utf-8")
        (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")

    def receipt(self, agency_id: str, number: int, state: str, file: str = "scores.xlsx") -> None:
        """A judged file of the agency's own inbox, with an error where it was rejected."""
        sha256 = f"{number:064x}"
        self.connection.execute(
            "insert into raw.submission (submission_sha256, file_name, authority, received_at,"
            " seen_at, state, speaks_for, errors) values (%s, %s, 'agency', %s, %s, %s, %s, %s)",
            [
                *(sha256, f"counter/{agency_id}/{file}", NIGHT, NIGHT, state),
                *(f"agency:{agency_id}", int(state == "rejected")),
            ],
        )
        if state == "rejected":
            self.connection.execute(
                "insert into ops.finding (submission_sha256, finding_no, rule, severity, place,"
                " value, message_th, message_en, action_th, action_en) values (%s, 1,"
                " 'score_range', 'error', 'sheet ผล row 7 column C', '140', 'คะแนน 140 เกิน 100',"
                " '', '', '')",
                [sha256],
            )

    def person(self, name: str, scope: str) -> str:
        address = f"{name}@nacc.example.go.th"
        with persons.changing():
            persons.write([*persons.read(), persons.Person(name, scope, "", address)])
        return address

    def deliver(self, at: datetime = NIGHT, **what) -> stage.Run:
        with connect.lock("deliver"):
            return stage.run(self.connection, message, at, **what)

    def outcomes(self) -> dict[str, list]:
        """agency_id or province -> the outcomes of its messages, in order."""
        rows = self.connection.execute(
            "select recipient, array_agg(outcome order by delivery_no) from ops.delivery group by 1"
        ).fetchall()
        return dict(rows)


@pytest.fixture
def country(template, tmp_path, monkeypatch):
    owners = connect.dsn()
    with psycopg.connect(owners, autocommit=True) as owner:
        owner.execute("drop database if exists delivery with (force)")
        owner.execute(f"create database delivery template {template}")
        monkeypatch.setenv("ITA_WAREHOUSE_DSN", make_conninfo(owners, dbname="delivery"))
        monkeypatch.setenv("ITA_HOME", str(tmp_path))
        for name in [name for name in os.environ if name.startswith("ITA_MAIL")]:
            monkeypatch.delenv(name)
        with connect.connect(autocommit=True) as connection:
            yield Country(connection, tmp_path)
        owner.execute("drop database delivery with (force)")
