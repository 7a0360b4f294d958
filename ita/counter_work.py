"""What the counter has the stages do (counter/work.py): this is where they meet."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from counter.work import Decision
from warehouse.errors import BadInput


@dataclass
class CounterWork:
    """Sent to each process of the back room, where it keeps what judging needs."""

    known: dict[str, Any] = field(default_factory=dict)

    def judge(
        self, connection: psycopg.Connection, file: Path, agency_id: str
    ) -> tuple[dict, bytes | None]:
        """The receipt and the marked copy, by the rights of the agency's inbox."""
        from ingestion import check, inboxes, receipts
        from ingestion.arrivals import Arrival
        from ingestion.judging import Rights
        from warehouse.connect import one

        now = one(connection.execute("select transaction_timestamp()"))[0]
        with file.open("rb") as content:
            sha256 = hashlib.file_digest(content, "sha256").hexdigest()
        came = Arrival.of(sha256, file.name, inboxes.of_agency(agency_id), now, now)
        rights = Rights(came.inbox, came.registry, came.speaks_for, came.overclaims)
        handed = check.Handed(sha256, file.name, came.authority, file, rights)
        judged, copy = check.judge_one(handed, self._context(connection))
        receipt = receipts.receipt(judged, file.name, came.authority, marked=copy is not None)
        return receipt, copy

    def _context(self, connection: psycopg.Connection) -> Any:
        """Read anew only when the warehouse has changed: it takes a second."""
        from ingestion import check
        from warehouse.connect import one

        state = one(
            connection.execute(
                """
                select (select max(received_seq) from raw.submission
                        where state <> 'received'),
                    (select count(*) from raw.submission where state <> 'received'),
                    (select count(*) from ops.withdrawal),
                    (select count(*) from ops.registry_approval),
                    (select max(publication_no) from ops.publication)"""
            )
        )
        if self.known.get("state") != state:
            self.known = {"state": state, "context": check.context_of(connection)}
        return self.known["context"]

    def hand_in(self, files: list[tuple[Path, str, datetime]]) -> list[str]:
        """As `ita receive --inbox`, each: the line's word. Landing is read once for all."""
        from ingestion import hand_in, inboxes

        waiting = hand_in.waiting_in_landing() if files else set()
        said = []
        for file, agency_id, at in files:
            if not file.exists():  # it was put there before a kill
                said.append("stored")
                continue
            inbox = inboxes.of_agency(agency_id)
            (line,) = hand_in.receive_paths([file], at=at, inbox=inbox, waiting=waiting)
            words = {"  stored  ": "stored", "  already known  ": "known"}
            said.append(next((word for part, word in words.items() if part in line), ""))
        return said

    def withdraw(
        self, connection: psycopg.Connection, sha256: str, agency_id: str, at: datetime
    ) -> bool:
        """Out of landing, and out of what counts, where it came by the agency's own inbox."""
        from ingestion import hand_in, inboxes, withdraw
        from warehouse.connect import lock

        with lock("step"):
            taken = hand_in.take_back(sha256, inboxes.of_agency(agency_id))
            row = connection.execute(
                "select speaks_for from raw.submission where submission_sha256 = %s", [sha256]
            ).fetchone()
            if not row:
                return taken
            if row[0] != f"agency:{agency_id}":  # the same bytes came by somebody else, too
                return False
            withdraw.withdraw(connection, sha256, "taken back on the counter", at)
            return True

    def template(self, connection: psycopg.Connection, agency_id: str, year: int) -> bytes:
        """As `ita template --agency`."""
        from ingestion import template

        template.check_year(year)
        registry = self._registry(connection, agency_id)
        facts = template.agency_facts(connection, year, agency_id, registry=registry)
        return template.content(year, facts)

    def measures(self, connection: psycopg.Connection, agency_id: str, year: int) -> bytes:
        """As `ita template --measures --agency`."""
        from ingestion import template
        from reports import measures, measures_book

        template.check_measures_year(year)
        registry = self._registry(connection, agency_id)
        of = template.agency_facts(connection, year, agency_id, True, registry)
        rows, notes = measures.of_agency(connection, agency_id, year)
        return measures_book.write(year, of or None, rows, notes)

    def _registry(self, connection: psycopg.Connection, agency_id: str) -> Any:
        """Of this agency: to read the country's takes a second, and a night makes it old."""
        from ingestion import framework, judge_landing
        from ingestion.agencies import Registry

        return Registry(judge_landing.registry_of(connection, agency_id), framework.load())

    def pack(self, connection: psycopg.Connection, out: Path, agency_id: str, year: int) -> None:
        """As `ita packs --agency --year --out`."""
        from publish.build import latest_publication
        from reports import packs

        published = latest_publication(connection)
        if not published:
            raise BadInput("nothing is published yet", "run `ita refresh`")
        packs.write(out, published, fiscal_year=year, agency=agency_id, processes=1)

    def decide(self, connection: psycopg.Connection, decision: Decision) -> str:
        """As `ita approve` and `ita refuse`; of messages as `ita deliver again` and `drop`."""
        from delivery import book
        from ita import deciding
        from warehouse.connect import lock

        if decision.verdict in ("again", "drop"):
            book.decide(connection, decision.subject, decision.verdict, decision.who, decision.at)
            return decision.verdict
        with lock("step"):
            if decision.verdict == "approve":
                return deciding.approve(connection, decision.subject, decision.who, decision.at)
            return deciding.refuse(
                connection, decision.subject, decision.who, decision.reason, decision.at
            )

    def fonts(self) -> Path:
        from reports.setting.pdf import fonts

        return fonts.folder()

    def send(self, address: str, subject: str, text: str) -> None:
        """By the server that is set; without one a file in ITA_HOME/counter/outbox."""
        from secrets import token_hex

        from warehouse import durable, mail, settings

        message, server = mail.compose([address], subject, text), mail.server()
        if server:
            with mail.session(server) as sent:
                sent(message)
            return
        outbox = settings.folder("counter/outbox")
        outbox.chmod(0o700)
        durable.write(outbox / f"{token_hex(8)}.eml", bytes(message), mode=0o600)
