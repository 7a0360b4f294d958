"""The step: what is new -> intent -> mail -> outcome, then the digests of provinces.

Nothing here makes a night fail: what hinders mail is a cause that the run's row, the page of the
night and `ita status` say, and the next night goes on from there.
"""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import psycopg

from delivery import book, bounces, digest, message, news, setup
from delivery.message import Letters
from delivery.news import News
from delivery.post import Post, Unreachable
from delivery.words import say
from warehouse import contacts, durable, known_mail, settings
from warehouse.errors import BadInput

# More new packs than this, where nothing was ever sent: a person says whether all get a message.
FIRST_TIME = 1_000
COUNTS = ("sent", "digests", "refused", "later", "between", "left", "no_contact", "broken")


@dataclass
class Run:
    """A run and what came of it; `cause` as in sentences.csv, '' where all went out."""

    connection: psycopg.Connection
    letters: Letters
    at: datetime
    number: int = 0
    cause: str = ""
    said: str = ""
    minutes: int = 0
    began: float = field(default_factory=time.monotonic)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys([*COUNTS, "bounced"], 0))

    def now(self) -> datetime:
        """The moment, counted from `at`."""
        return self.at + timedelta(seconds=time.monotonic() - self.began)

    def words(self, language: str) -> str:
        """What came of it, in a sentence."""
        parts = [] if self.cause in ("no_server", "no_url", "settings") else self._done(language)
        if self.cause:
            known = {**self.counts, "said": self.said, "minutes": self.minutes}
            parts.insert(0, say(f"cause.{self.cause}", language, **known))
        for key in ("left", "no_contact", "broken", "bounced"):
            if self.counts[key]:
                parts.append(say(f"run.{key}", language, **self.counts))
        return ("; " if language == "en" else " ").join(parts or [say("run.nothing", language)])

    def _done(self, language: str) -> list[str]:
        shown = [key for key in ("refused", "later") if self.counts[key]]
        if self.counts["sent"] or self.counts["digests"] or shown:
            shown.insert(0, "sent")
        return [say(f"run.{key}", language, **self.counts) for key in shown]


def run(
    connection: psycopg.Connection,
    letters: Letters,
    at: datetime,
    *,
    everything: bool = False,
    sleep: Callable[[float], None] = time.sleep,
) -> Run:
    """Send what is new. everything: also the many of a first time, and after a restore.

    Whoever calls holds the lock "deliver". Raises what PostgreSQL raises; nothing of mail.
    """
    this = Run(connection, letters, at)
    begun = (say("run.begun"), say("run.begun", "en"))
    this.number = book.begin_run(connection, at, begun)
    this.counts["bounced"] = bounces.read(connection, bounces.folder(), at)
    try:
        given = setup.read()
        found = news.find(connection, settings.home() / "packs", contacts.read(), at)
        persons = digest.addresses()
    except BadInput as error:
        this.cause, this.said = "settings", error.what
    else:
        _send_all(this, given, found, persons, everything, sleep)
    words = (this.words("th"), this.words("en"))
    book.end_run(connection, this.number, this.now(), this.cause, this.counts, words)
    return this


def _send_all(
    this: Run,
    given: setup.Setup,
    found: list[News],
    persons: dict[str, list[str]],
    everything: bool,
    sleep: Callable[[float], None],
) -> None:
    had = book.had_tonight(this.connection, "agency", this.at)
    to_send = [one for one in found if one.address and one.agency_id not in had]
    without = [one for one in found if not one.address]
    this.minutes, this.counts["no_contact"] = given.minutes, len(without)
    this.counts["left"] = sum(one.address != "" for one in found)
    this.cause = given.missing or _a_person_decides(this, to_send, everything)
    if this.cause or not given.server:
        return
    deadline = time.monotonic() + 60 * given.minutes
    post = Post(given.server, given.per_minute, sleep)
    try:
        _to_agencies(this, post, given, to_send, deadline)
        _to_provinces(this, post, given, without, persons, deadline)
    except Unreachable as error:
        this.cause, this.said = "unreachable", str(error)
    finally:
        post.goodbye()


def _a_person_decides(this: Run, to_send: list[News], everything: bool) -> str:
    """The cause for which nothing is sent until a person has said so; '' for none."""
    if everything:
        known_mail.settled()
    if known_mail.doubtful():
        return "not_known" if to_send else ""
    many = sum(one.pack is not None for one in to_send) > FIRST_TIME
    return "first" if many and not everything and book.is_first(this.connection) else ""


def _to_agencies(
    this: Run, post: Post, given: setup.Setup, to_send: list[News], deadline: float
) -> None:
    before = book.told_before(this.connection, [one.agency_id for one in to_send])
    for one in to_send:
        if time.monotonic() > deadline:
            this.cause = "time"
            return
        made = _made(this, one, before.get(one.agency_id), given)
        if not made:
            continue
        subject, blocks = made
        post.ready()
        intent = book.intent_of(one)
        number = book.mean(this.connection, this.number, intent, this.at)
        if number is None:
            continue
        mail = message.compose([one.address], subject, blocks, given, intent.key, this.at)
        answer = post.send(mail, [one.address])
        _write_down(this, number, answer.outcome, answer.note, "sent")
        this.counts["left"] -= answer.outcome not in ("later",)


def _made(
    this: Run, one: News, before: dict | None, given: setup.Setup
) -> tuple[str, list[message.Block]] | None:
    """Subject and blocks; None for a pack of which no message can be made: its news stay."""
    try:
        facts = json.loads(one.pack.file.read_bytes()) if one.pack else None
        same_year = before if facts and before and _year(before) == _year(facts) else None
        return message.of_agency(
            this.connection, one, facts, same_year, this.letters, given, this.at
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        print(f"no message of {one.agency_id}: {type(error).__name__}", file=sys.stderr)
        this.counts["broken"] += 1
        return None


def _year(told: dict) -> int:
    return int(told["fiscal_year"])


def _to_provinces(
    this: Run,
    post: Post,
    given: setup.Setup,
    without: list[News],
    persons: dict[str, list[str]],
    deadline: float,
) -> None:
    had = book.had_tonight(this.connection, "province", this.at)
    for one in digest.find(this.connection, without, this.at):
        to = persons.get(one.province_code, [])
        if not to or one.province_code in had or time.monotonic() > deadline:
            continue
        subject, blocks = digest.content(one, given, this.at)
        intent = one.intent()
        post.ready()
        with this.connection.transaction():
            number = book.mean(this.connection, this.number, intent, this.at)
            if number is not None:
                digest.tell(this.connection, one, number)
        if number is None:
            continue
        mail = message.compose(to, subject, blocks, given, intent.key, this.at)
        answer = post.send(mail, to)
        _write_down(this, number, answer.outcome, answer.note, "digests")


def _write_down(this: Run, number: int, outcome: str, note: str, as_sent: str) -> None:
    """'' (nobody knows) stays as it is: an intent without an outcome."""
    if outcome:
        book.came_of_it(this.connection, number, outcome, note, this.now())
    this.counts[{"sent": as_sent, "": "between"}.get(outcome, outcome)] += 1


def baseline(connection: psycopg.Connection, at: datetime, who: str) -> int:
    """Take all that is new as known: no message is sent of it. How many agencies.

    With or without an address: who gets one later hears of what is new then.
    """
    words = (f"ถือว่าทราบแล้ว ({who})", f"taken as known by {who}")
    number = book.begin_run(connection, at, words)
    found = news.find(connection, settings.home() / "packs", contacts.read(), at)
    done = 0
    with connection.transaction():
        for one in found:
            done += book.mean(connection, number, book.intent_of(one), at, who) is not None
    known_mail.settled()
    book.end_run(connection, number, at, "", {"known": done}, words)
    return done


def dry_run(
    connection: psycopg.Connection, letters: Letters, at: datetime, folder: Path
) -> tuple[int, int]:
    """Write what would be sent tonight as `.eml`; messages of agencies, digests. Records nothing.

    Raises BadInput for a setting or a list of contacts that cannot be used.
    """
    given = setup.read()
    if not given.url:
        given = setup.Setup(None, setup.COUNTERS_OWN, given.reply_to, 1, 1)
    this = Run(connection, letters, at)
    found = news.find(connection, settings.home() / "packs", contacts.read(), at)
    to_send = [one for one in found if one.address]
    before = book.told_before(connection, [one.agency_id for one in to_send])
    durable.make_folder(folder).chmod(0o700)  # there are addresses in it
    count = 0
    for one in to_send:
        if made := _made(this, one, before.get(one.agency_id), given):
            key = book.intent_of(one).key
            mail = message.compose([one.address], *made, given, key, at)
            _write(folder / f"agency-{one.agency_id}.eml", bytes(mail))
            count += 1
    told = _digests_of(connection, to_send, found, at)
    persons = digest.addresses()
    told = [one for one in told if one.province_code in persons]
    for of in told:
        content, key = digest.content(of, given, at), of.intent().key
        mail = message.compose(persons[of.province_code], *content, given, key, at)
        _write(folder / f"province-{of.province_code}.eml", bytes(mail))
    return count, len(told)


def _digests_of(
    connection: psycopg.Connection, to_send: list[News], found: list[News], at: datetime
) -> list[digest.Digest]:
    """As if every message were taken."""
    without = [one for one in found if not one.address]
    told = {one.province_code: one for one in digest.find(connection, without, at)}
    for one in to_send:
        where = told.setdefault(one.province_code, digest.Digest(one.province_code))
        where.sent.append(one.name_th)
    return list(told.values())


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    path.chmod(0o600)
