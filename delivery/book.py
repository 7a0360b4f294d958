"""The book of messages (ops.delivery): the intent is written before a message is sent, what came of
it after. What is between, when the run that wrote it is over, waits for a person.

That no two messages have one thing, and no agency two messages a night, is kept by PostgreSQL: a
second intent is refused, whoever runs at the same time.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from delivery.news import News, day_of
from warehouse.connect import one
from warehouse.errors import BadInput

GIVE_BACK = """
    delete from ops.delivered as d using ops.delivery as m
    where d.delivery_no = m.delivery_no and d.thing = any(%s)
        and m.outcome in ('refused', 'bounced') and m.address_hash <> %s"""
MEAN = """
    insert into ops.delivery (message_key, kind, recipient, name_th, province_code, night, run_no,
        meant_at, address_hash, told, outcome, outcome_at, decided_by)
    values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
    on conflict do nothing returning delivery_no"""
TAKE = "insert into ops.delivered (thing, delivery_no) select unnest(%s::text[]), %s"
BETWEEN = "select * from ops.delivery_between order by delivery_no"
CAME_BACK = """
    select m.* from ops.delivery as m
    where m.kind = 'agency' and m.outcome in ('refused', 'bounced')
        and exists (select from ops.delivered as d where d.delivery_no = m.delivery_no)
    order by m.delivery_no"""
HAD_TONIGHT = """
    select recipient from ops.delivery
    where kind = %s and night = %s
        and (outcome is null or outcome in ('sent', 'bounced', 'drop'))"""
BEFORE = """
    select distinct on (recipient) recipient, told from ops.delivery
    where kind = 'agency' and recipient = any(%s) and outcome in ('sent', 'known')
        and told ->> 'fiscal_year' is not null
    order by recipient, delivery_no desc"""


@dataclass(frozen=True)
class Intent:
    """A message to be: whom it is for, what it tells of."""

    kind: str
    recipient: str
    name_th: str
    province_code: str
    things: list[str]
    address_hash: str
    told: dict

    @property
    def key(self) -> str:
        """The same for the same news to the same recipient: its Message-ID."""
        words = "\n".join([self.kind, self.recipient, *sorted(self.things)])
        return hashlib.sha256(words.encode()).hexdigest()[:32]


def intent_of(news: News) -> Intent:
    told = news.pack.told if news.pack else {}
    who = (news.agency_id, news.name_th, news.province_code)
    return Intent("agency", *who, news.things, news.address_hash, told)


def mean(
    connection: psycopg.Connection,
    run_no: int,
    intent: Intent,
    at: datetime,
    known_by: str | None = None,
) -> int | None:
    """Write an intent; its number, None where a message has one of its things or went out tonight.

    It is on the disk when this returns. known_by: who took its things as known; none is sent.
    """
    outcome, outcome_at = ("known", at) if known_by else (None, None)
    try:
        with connection.transaction():
            connection.execute(GIVE_BACK, [intent.things, intent.address_hash])
            row = connection.execute(
                MEAN,
                [
                    *(
                        intent.key,
                        intent.kind,
                        intent.recipient,
                        intent.name_th,
                        intent.province_code,
                    ),
                    *(day_of(at), run_no, at, intent.address_hash, Jsonb(intent.told)),
                    *(outcome, outcome_at, known_by),
                ],
            ).fetchone()
            if not row:
                return None
            connection.execute(TAKE, [intent.things, row[0]])
            return int(row[0])
    except psycopg.errors.UniqueViolation:
        return None


def came_of_it(
    connection: psycopg.Connection, number: int, outcome: str, note: str, at: datetime
) -> None:
    """Write what came of a message; `later`: surely not sent, its things are new again."""
    with connection.transaction():
        connection.execute(
            "update ops.delivery set outcome = %s, note = %s, outcome_at = %s"
            " where delivery_no = %s",
            [outcome, note, at, number],
        )
        if outcome == "later":
            _free(connection, number)


def _free(connection: psycopg.Connection, number: int) -> None:
    connection.execute("delete from ops.delivered where delivery_no = %s", [number])
    connection.execute("update ops.delivery set digest_no = null where digest_no = %s", [number])


def had_tonight(connection: psycopg.Connection, kind: str, at: datetime) -> set[str]:
    """Who has had a message tonight, or perhaps has."""
    return {row[0] for row in connection.execute(HAD_TONIGHT, [kind, day_of(at)]).fetchall()}


def told_before(connection: psycopg.Connection, agencies: list[str]) -> dict[str, dict]:
    """agency_id -> what the last message said of its pack."""
    return dict(connection.execute(BEFORE, [agencies]).fetchall())


def between(connection: psycopg.Connection) -> list[dict]:
    """The messages of ended runs of which nobody knows whether they went out; rows of
    ops.delivery."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(BETWEEN).fetchall()


def came_back(connection: psycopg.Connection) -> list[dict]:
    """The messages that a mailbox did not take, and whose news nobody has heard since; rows of
    ops.delivery."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(CAME_BACK).fetchall()


def decide(connection: psycopg.Connection, key: str, outcome: str, who: str, at: datetime) -> dict:
    """Let a message between be sent again (`again`: its things are new) or not (`drop`); again also
    one that came back, where the address was right after all.

    Raises BadInput where no such message has a key that begins so, or several have.
    """
    asked = between(connection) + (came_back(connection) if outcome == "again" else [])
    found = [row for row in asked if row["message_key"].startswith(key.lower())]
    if len(found) != 1 or len(key) < 4:
        raise BadInput(
            f"{key} is {'the key of several messages' if found else 'no message that waits'}",
            "`ita deliver --list` shows them; give their key, or its first letters",
        )
    with connection.transaction():
        connection.execute(
            "update ops.delivery set outcome = %s, outcome_at = %s, decided_by = %s"
            " where delivery_no = %s",
            [outcome, at, who, found[0]["delivery_no"]],
        )
        if outcome == "again":
            _free(connection, found[0]["delivery_no"])
    return found[0]


def bounced(connection: psycopg.Connection, key: str, code: str, at: datetime) -> bool:
    """A message came back; its province is told anew. False where none has that key."""
    done = connection.execute(
        "update ops.delivery set outcome = 'bounced', note = %s, outcome_at = %s, digest_no = null"
        " where delivery_no = (select max(delivery_no) from ops.delivery where message_key = %s"
        " and (outcome is null or outcome in ('sent', 'bounced')))",
        [code, at, key],
    )
    return done.rowcount > 0


def begin_run(connection: psycopg.Connection, at: datetime, said: tuple[str, str]) -> int:
    row = connection.execute(
        "insert into ops.delivery_run (night, began_at, said_th, said_en)"
        " values (%s, %s, %s, %s) returning run_no",
        [day_of(at), at, *said],
    )
    return int(one(row)[0])


def end_run(
    connection: psycopg.Connection,
    run_no: int,
    at: datetime,
    cause: str,
    counts: dict[str, int],
    said: tuple[str, str],
) -> None:
    connection.execute(
        "update ops.delivery_run set ended_at = %s, cause = %s, counts = %s, said_th = %s,"
        " said_en = %s where run_no = %s",
        [at, cause, Jsonb(counts), *said, run_no],
    )


def is_first(connection: psycopg.Connection) -> bool:
    """Was nothing ever sent, meant to be, or taken as known?"""
    return not one(connection.execute("select exists (select from ops.delivery)"))[0]
