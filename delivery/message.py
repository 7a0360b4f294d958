"""A message: blocks of what is said -> text and HTML, with the headers that it needs.

A block is ("heading" or "text" or "note", a string), ("list", strings) or ("link", (text, URL)).
"""

from datetime import datetime
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

import jinja2
import psycopg

from delivery.news import News, Receipt, day_of
from delivery.setup import Setup
from delivery.words import one_line, say
from warehouse import mail, thai_dates
from warehouse.thai_places import in_thai

Block = tuple[str, Any]
LONGEST_SUBJECT = 160
NAMED_FINDINGS = 3
FINDINGS = """
    select place, message_th from ops.finding where submission_sha256 = %s
    order by severity, finding_no limit %s"""


class Letters(Protocol):
    """What a message says of a pack (reports/message): `facts` as its pack.json holds them."""

    def subject(self, facts: dict) -> str: ...

    def blocks(self, facts: dict, before: dict | None, today: Any) -> list[Block]: ...


def of_agency(
    connection: psycopg.Connection,
    news: News,
    facts: dict | None,
    before: dict | None,
    letters: Letters,
    setup: Setup,
    at: datetime,
) -> tuple[str, list[Block]]:
    """Subject and blocks of the message of an agency. facts: of its new pack, None for none."""
    name = one_line(news.name_th)
    subject = letters.subject(facts) if facts is not None else say("subject.receipt", agency=name)
    page = f"{setup.url}/agency/{quote(news.agency_id)}"
    return subject, [
        ("text", say("greeting", agency=name)),
        *(letters.blocks(facts, before, day_of(at)) if facts is not None else []),
        *_receipts(connection, news.receipts),
        ("link", (say("open"), page)),
        ("note", say("way_in")),
        ("note", say("closing") + say("reply" if setup.reply_to else "ask")),
        ("note", say("signed")),
    ]


def _receipts(connection: psycopg.Connection, receipts: list[Receipt]) -> list[Block]:
    if not receipts:
        return []
    blocks: list[Block] = [("heading", say("receipts"))]
    for one in receipts[-10:]:
        counts = {"errors": f"{one.errors:,}", "warnings": f"{one.warnings:,}"}
        name = one_line(one.file_name.rpartition("/")[2], 100)
        blocks.append(("text", say(f"receipt.{one.state}", file=f"“{name}”", **counts)))
        if one.state != "rejected":
            continue
        found = connection.execute(FINDINGS, [one.submission_sha256, NAMED_FINDINGS]).fetchall()
        said = [
            say(
                "receipt.finding",
                place=one_line(in_thai(place), 80) or say("whole_file"),
                message=one_line(message),
            )
            for place, message in found
        ]
        more = one.errors + one.warnings - len(found)
        blocks.append(("list", said + ([say("receipt.more", count=more)] if more > 0 else [])))
    return blocks


def compose(
    to: list[str], subject: str, blocks: list[Block], setup: Setup, key: str, at: datetime
) -> EmailMessage:
    """The message, ready to be sent. key: of its intent; the same message has the same Message-ID,
    by which a server knows a second one."""
    blocks = [(kind, _plain(said)) for kind, said in blocks]
    subject = one_line(subject, LONGEST_SUBJECT)
    html = _template().render(subject=subject, blocks=blocks)
    message = mail.compose(
        to, subject, as_text(blocks), html, at=thai_dates.local(at), message_id=f"ita.{key}"
    )
    if setup.reply_to:
        message["Reply-To"] = setup.reply_to
    message["Content-Language"] = "th"
    message.set_boundary(f"ita-{key}")  # the same message, the same bytes
    return message


def as_text(blocks: list[Block]) -> str:
    """The blocks as a person reads them where HTML is not shown."""
    lines: list[str] = []
    for kind, said in blocks:
        if kind == "list":
            lines += [f"  {number}. {one}" for number, one in enumerate(said, 1)]
        elif kind == "link":
            lines += ["", f"{said[0]}:", said[1]]
        elif kind in ("heading", "note"):
            lines += ["", said]
        else:
            lines.append(said)
    return "\n".join(lines).strip() + "\n"


def _plain(said: Any) -> Any:
    """Every string on one line: what others wrote begins no line of its own."""
    if isinstance(said, str):
        return one_line(said, 1_000)
    return type(said)(_plain(one) for one in said)


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("message.html")
