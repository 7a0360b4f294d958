"""The warehouse from nothing but the archive: the records replayed in their order.

What arrived arrives again, what was judged together is judged together, on the same state of the
warehouse: the same receipts, and after a refresh the same marts.
"""

import shutil
from collections.abc import Callable
from datetime import datetime

import psycopg

from ingestion import arrivals, judge_landing, load, records, refuse, repeated, waiting, withdraw
from ingestion.archive import archived, originals
from ingestion.arrivals import Arrival
from warehouse import known_mail, settings
from warehouse.connect import one
from warehouse.errors import BadInput

AT_ONCE = 500  # arrivals in one transaction


def run(conn: psycopg.Connection, say: Callable[[str], None]) -> list[str]:
    """Replay the records of the archive into an empty warehouse; a line for each thing not had.

    Raises BadInput where the warehouse holds submissions. A rebuild that was cut off is begun anew
    in an empty warehouse.
    """
    if one(conn.execute("select exists (select from raw.submission)"))[0]:
        raise BadInput(
            "this warehouse holds submissions already: a rebuild is for an empty one",
            "give an ITA_HOME with the archive alone, or an empty database in ITA_WAREHOUSE_DSN",
        )
    known_mail.doubt("made from the archive alone")
    for name in ("judged", "receipts"):
        shutil.rmtree(settings.folder(name))
    lost = []
    for file, events, wrong in records.read():
        if wrong:
            lost.append(f"archive/records/{file.name}: {wrong}")
        _replay(conn, events, lost)
        say(f"{file.name}: {len(events)} events")
    known = {s for (s,) in conn.execute("select submission_sha256 from raw.submission")}
    lost += [
        f"archive/{s[:2]}/{s}: no record says how it came; hand it in again with `ita receive`"
        for s in originals()
        if s not in known
    ]
    return lost


def _replay(conn: psycopg.Connection, events: list[dict], lost: list[str]) -> None:
    came = [Arrival.from_event(event) for event in events if event["event"] == "arrived"]
    for begin in range(0, len(came), AT_ONCE):
        some = came[begin : begin + AT_ONCE]
        pairs = zip(some, arrivals.register(conn, some), strict=True)
        repeated.mark(conn, [arrival.sha256 for arrival, is_new in pairs if not is_new])
    lost += [
        f"archive/{one.sha256[:2]}/{one.sha256}: gone ({one.file_name})"
        for one in came
        if not archived(one.sha256).exists()
    ]
    for event in events:
        if event["event"] != "arrived":
            try:
                REPLAYS[event["event"]](conn, event, datetime.fromisoformat(event["at"]))
            except BadInput as error:  # what it was about is lost
                lost.append(f"{event['event']} at {event['at']}: {error.what}")


def _judged(conn: psycopg.Connection, event: dict, at: datetime) -> None:
    proposed = {
        (agency, year): frozenset(numbers) for agency, year, numbers in event.get("proposed", ())
    }
    judge_landing.run(conn, only=set(event["sha256s"]), proposed=proposed)
    load.run(conn, at, record=False)


def _withdrawn(conn: psycopg.Connection, event: dict, at: datetime) -> None:
    withdraw.withdraw(conn, event["sha256"], event["reason"], at, record=False)


def _registry_approved(conn: psycopg.Connection, event: dict, at: datetime) -> None:
    waiting.approve(conn, event["sha256"], event["by"], at, record=False)


def _registry_refused(conn: psycopg.Connection, event: dict, at: datetime) -> None:
    refuse.refuse(conn, event["sha256"], event["by"], event["reason"], at, record=False)


def _build_refused(conn: psycopg.Connection, event: dict, at: datetime) -> None:
    conn.execute(
        "insert into ops.refusal (subject, refused_at, refused_by, reason) values (%s, %s, %s, %s)"
        " on conflict do nothing",
        [event["build_id"], at, event["by"], event["reason"]],
    )


def _build_approved(conn: psycopg.Connection, event: dict, at: datetime) -> None:
    conn.execute(
        "insert into ops.approval (build_id, approved_at, approved_by) values (%s, %s, %s)"
        " on conflict (build_id) do update set approved_at = excluded.approved_at",
        [event["build_id"], at, event["by"]],
    )


def _taken_back(conn: psycopg.Connection, event: dict, at: datetime) -> None:
    conn.execute(
        "insert into ops.rollback (build_id, held_at, held_by, reason) values (%s, %s, %s, %s)"
        " on conflict do nothing",
        [event["build_id"], at, event["by"], event["reason"]],
    )


def _released(conn: psycopg.Connection, event: dict, at: datetime) -> None:
    conn.execute(
        "update ops.rollback set released_at = %s, released_by = %s where released_at is null",
        [at, event["by"]],
    )


REPLAYS = {
    "judged": _judged,
    "withdrawn": _withdrawn,
    "registry_approved": _registry_approved,
    "registry_refused": _registry_refused,
    "build_approved": _build_approved,
    "build_refused": _build_refused,
    "taken_back": _taken_back,
    "released": _released,
}
