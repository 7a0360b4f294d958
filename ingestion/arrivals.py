"""A file's arrival: who brought it and when, and what that means where the bytes are known."""

from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, timedelta

import psycopg

from ingestion import inboxes
from ingestion.inboxes import Inbox

AUTHORITIES = ("agency", "nacc")
REGISTRIES = ("no", "waits", "counts")


INSERT = """
    insert into raw.submission (submission_sha256, file_name, inbox, authority, registry,
                                speaks_for, overclaims, received_at, seen_at, state)
    values (%(sha256)s, %(file_name)s, %(inbox)s, %(authority)s, %(registry)s,
            %(speaks_for)s, %(overclaims)s, %(received_at)s, %(seen_at)s, 'received')"""
FIRST_ARRIVAL = """
    update raw.submission set received_at = least(received_at, %(received_at)s)
    where submission_sha256 = %(sha256)s"""
# The new received_seq tells this judgement from the one before.
SET_BACK = """
    update raw.submission
    set state = 'received', received_seq = default, file_name = %(file_name)s,
        inbox = %(inbox)s, authority = %(authority)s, registry = %(registry)s,
        speaks_for = %(speaks_for)s, overclaims = %(overclaims)s, seen_at = %(seen_at)s
    where submission_sha256 = %(sha256)s"""


@dataclass(frozen=True)
class Arrival:
    """One arrival of a file, with the rights of its inbox as they were then.

    received_at: when it was handed in; seen_at: when a night saw it. overclaims: its name is an
    official export's, in an inbox that may not claim that.
    """

    sha256: str
    file_name: str
    inbox: str
    authority: str
    registry: str
    speaks_for: str
    overclaims: bool
    received_at: datetime
    seen_at: datetime

    @classmethod
    def of(
        cls, sha256: str, name: str, inbox: Inbox, received_at: datetime, seen_at: datetime
    ) -> "Arrival":
        official = inboxes.is_official(name)
        may = inbox.authority == "nacc"
        return cls(
            sha256,
            name,
            inbox.name,
            "nacc" if official and may else "agency",
            inbox.registry,
            inbox.speaks_for,
            official and not may,
            received_at,
            seen_at,
        )

    def as_event(self) -> dict:
        """The event of `records.py`."""
        times = {name: getattr(self, name).isoformat() for name in ("received_at", "seen_at")}
        return {"event": "arrived", **asdict(self), **times}

    @classmethod
    def from_event(cls, event: dict) -> "Arrival":
        given = {field.name: event[field.name] for field in fields(cls)}
        times = {n: datetime.fromisoformat(given[n]) for n in ("received_at", "seen_at")}
        return cls(**{**given, **times})

    def reach(self) -> tuple[int, int, bool]:
        """How far its word goes: as whose, in the registry, for whom."""
        return (
            AUTHORITIES.index(self.authority),
            REGISTRIES.index(self.registry),
            self.speaks_for == "everybody",
        )


@dataclass(frozen=True)
class _Known:
    arrival: Arrival
    state: str
    errors: int


def register(conn: psycopg.Connection, arrivals: list[Arrival]) -> list[bool]:
    """Write arrivals into raw.submission as received; for each whether it is to be judged.

    The same bytes are one submission with its first arrival. They are judged again, by the rights
    of the new arrival, where they were rejected or withdrawn, or had errors, or now come with a
    word that goes farther; never where it goes less far: who sends an official file once more as
    their own takes nothing from it.
    """
    known = _known(conn, [arrival.sha256 for arrival in arrivals])
    judge, new, changes = [], [], []
    for arrival in arrivals:
        before = known.get(arrival.sha256)
        judge.append(before is None or _is_judged_again(before, arrival))
        if before is None:
            new.append(asdict(arrival))
        else:
            if arrival.received_at < before.arrival.received_at:
                changes.append((FIRST_ARRIVAL, arrival))
            if judge[-1]:
                changes.append((SET_BACK, arrival))
        if judge[-1]:
            known[arrival.sha256] = _Known(arrival, "received", 0)
    conn.cursor().executemany(INSERT, new)
    for statement, arrival in changes:
        conn.execute(statement, asdict(arrival))
    return judge


def _is_judged_again(before: _Known, arrival: Arrival) -> bool:
    if before.state in ("rejected", "withdrawn"):
        return True
    was, now = before.arrival.reach(), arrival.reach()
    same_voice = arrival.speaks_for in ("everybody", before.arrival.speaks_for)
    if not same_voice or any(n < w for n, w in zip(now, was, strict=True)):
        return False
    return before.errors > 0 or now > was


def without_seen_again(conn: psycopg.Connection, arrivals: list[Arrival]) -> list[Arrival]:
    """The arrivals, but for withdrawn files that are only seen where they were: they could not
    leave landing. Who sends one again brings another time, or another name."""
    rows = conn.execute(
        "select submission_sha256, file_name, inbox, received_at from raw.submission"
        " where state = 'withdrawn' and submission_sha256 = any(%s)",
        [[arrival.sha256 for arrival in arrivals]],
    )
    withdrawn = set(rows.fetchall())
    return [
        each
        for each in arrivals
        if (each.sha256, each.file_name, each.inbox, each.received_at) not in withdrawn
    ]


def newest_seen(conn: psycopg.Connection, at: datetime) -> datetime | None:
    """When the last file was seen, where that is still to come at `at`: the clock was set back."""
    row = conn.execute("select max(coalesce(seen_at, received_at)) from raw.submission").fetchone()
    return row[0] if row and row[0] and row[0] > at else None


def in_their_order(
    conn: psycopg.Connection, arrivals: list[Arrival], at: datetime
) -> list[Arrival]:
    """The arrivals of a night of that time. Where the clock was set back, in the order of their
    times and later than all that was seen before: by the times alone a correction would count as
    the older file.
    """
    newest = newest_seen(conn, at)
    if not newest:
        return arrivals
    ordered = sorted(arrivals, key=lambda each: each.received_at)
    return [
        replace(
            each,
            received_at=newest + timedelta(microseconds=number),
            seen_at=newest + timedelta(seconds=1),
        )
        for number, each in enumerate(ordered, 1)
    ]


def _known(conn: psycopg.Connection, sha256s: list[str]) -> dict[str, _Known]:
    rows = conn.execute(
        """
        select submission_sha256, file_name, inbox, authority, registry, speaks_for, overclaims,
               received_at, coalesce(seen_at, received_at), state, errors
        from raw.submission where submission_sha256 = any(%s)""",
        [sha256s],
    ).fetchall()
    return {row[0]: _Known(Arrival(*row[:9]), *row[9:]) for row in rows}
