"""The digest of a province, to its persons: which of its agencies got a message, whose mailbox did
not take it, who has no registered address. Names only, no figures.

It is sent where there is something to tell; what one has told no other tells again. That of the
central agencies (00) goes to headquarters.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import psycopg

from delivery.book import Intent
from delivery.message import Block
from delivery.news import News, day_of
from delivery.setup import Setup
from delivery.words import one_line, province, say
from warehouse import contacts, persons, thai_dates

NAMED = 30
BACK_TO = timedelta(days=7)  # a province whose persons come later is not told of all before
UNTOLD = """
    select province_code, delivery_no, outcome, name_th from ops.delivery
    where kind = 'agency' and digest_no is null and meant_at > %s
        and outcome in ('sent', 'refused', 'bounced')
    order by province_code, recipient, delivery_no"""
TELLS = "update ops.delivery set digest_no = %s where delivery_no = any(%s)"


@dataclass
class Digest:
    """What a province is told: names of agencies, and which messages that tells of."""

    province_code: str
    sent: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    no_contact: list[str] = field(default_factory=list)
    messages: list[int] = field(default_factory=list)
    things: list[str] = field(default_factory=list)

    def intent(self) -> Intent:
        where = self.province_code
        return Intent("province", where, province(where), where, self.things, "", {})


def addresses() -> dict[str, list[str]]:
    """Province code -> addresses of its persons; 00 -> those of headquarters."""
    found: dict[str, list[str]] = {}
    for person in persons.read():
        if contacts.is_address(person.email):
            found.setdefault(person.province_code or "00", []).append(person.email)
    return found


def find(connection: psycopg.Connection, without_contact: list[News], at: datetime) -> list[Digest]:
    """What each province is to be told, of the messages up to now and of agencies whose news could
    not be sent for want of an address."""
    found: dict[str, Digest] = {}
    rows = connection.execute(UNTOLD, [at - BACK_TO]).fetchall()
    for code, number, outcome, name in rows:
        digest = found.setdefault(code, Digest(code))
        (digest.sent if outcome == "sent" else digest.refused).append(name)
        digest.messages.append(number)
        digest.things.append(f"message:{number}:{outcome}")
    told = {
        row[0]
        for row in connection.execute(
            "select thing from ops.delivered where thing = any(%s)",
            [[_no_contact(news) for news in without_contact]],
        ).fetchall()
    }
    for news in without_contact:
        if _no_contact(news) not in told:
            digest = found.setdefault(news.province_code, Digest(news.province_code))
            digest.no_contact.append(news.name_th)
            digest.things.append(_no_contact(news))
    return [found[code] for code in sorted(found)]


def tell(connection: psycopg.Connection, digest: Digest, number: int) -> None:
    """Its messages are told of by the digest of that number."""
    connection.execute(TELLS, [number, digest.messages])


def content(digest: Digest, setup: Setup, at: datetime) -> tuple[str, list[Block]]:
    """Subject and blocks."""
    where = province(digest.province_code)
    page = f"{setup.url}/province/{digest.province_code}"
    blocks: list[Block] = [
        ("text", say("digest.greeting", province=where)),
        ("text", say("digest.opening")),
    ]
    for key in ("sent", "refused", "no_contact"):
        if names := getattr(digest, key):
            blocks.append(("heading", say(f"digest.{key}", count=f"{len(names):,}")))
            blocks.append(("list", _named(names)))
    if digest.refused or digest.no_contact:
        blocks.append(("link", (say("digest.contacts"), f"{page}/contacts")))
    blocks += [
        ("link", (say("digest.province"), page)),
        ("note", say("digest.closing")),
        ("note", say("signed")),
    ]
    return say("digest.subject", province=where, day=thai_dates.day(day_of(at))), blocks


def _named(names: list[str]) -> list[str]:
    shown = [one_line(name, 120) for name in names[:NAMED]]
    more = len(names) - len(shown)
    return shown + ([say("digest.more", count=f"{more:,}")] if more else [])


def _no_contact(news: News) -> str:
    """The thing that a digest tells of: this agency has no address for this year's pack."""
    return f"no_contact:{news.agency_id}:{news.pack.told['fiscal_year'] if news.pack else ''}"
