"""Refuse registry rows that wait: they are rejected, as if they had been when they were judged."""

from collections import Counter
from dataclasses import asdict
from datetime import datetime

import psycopg

from ingestion import judged_folder, records
from ingestion.rules import finding, rules
from ingestion.waiting import with_waiting
from warehouse import durable, settings
from warehouse.errors import BadInput

WAITS, REFUSED = "registry_waits", "registry_refused"


def find(conn: psycopg.Connection, sha256: str) -> str | None:
    """The SHA-256 of a registry's file that begins so, whose rows wait or were refused."""
    sha256 = sha256.strip().lower()
    if len(sha256) < 8:
        return None
    refused = conn.execute(
        "select distinct submission_sha256 from ops.finding"
        " where rule = %s and starts_with(submission_sha256, %s)",
        [REFUSED, sha256],
    ).fetchall()
    found = {row[0] for row in (*refused, *with_waiting(conn, sha256))}
    return found.pop() if len(found) == 1 else None


def refuse(
    conn: psycopg.Connection, sha256: str, who: str, reason: str, at: datetime, record: bool = True
) -> str:
    """Reject the waiting registry rows of a submission; a line for the operator.

    What was received stays what was accepted and what was rejected. The receipt says why; `sha256`
    may be its beginning if that is unique. Raises BadInput where no rows wait or were refused.
    """
    known = find(conn, sha256)
    if not known:
        raise BadInput(f"{sha256}: no file with registry rows that wait", "`ita status` lists them")
    waiting = with_waiting(conn, known)
    if not waiting:
        _write_receipt(conn, known)  # a kill may have come between the commit and this
        return f"{known}  already refused"
    if record:
        event = {"event": "registry_refused", "sha256": known, "at": at.isoformat()}
        records.append([{**event, "by": who, "reason": reason}])
    with conn.transaction():
        _reject(conn, known, waiting[0][1], reason)
        conn.execute("insert into ops.refusal values (%s, %s, %s, %s)", [known, at, who, reason])
    _write_receipt(conn, known)
    return f"{known}  {waiting[0][1]} registry rows are rejected"


def _reject(conn: psycopg.Connection, sha256: str, rows: int, reason: str) -> None:
    conn.execute("delete from raw.agency where submission_sha256 = %s and waits", [sha256])
    waited = conn.execute(
        "select finding_no, value, agency from ops.finding"
        " where submission_sha256 = %s and rule = %s",
        [sha256, WAITS],
    ).fetchall()
    for number, value, agency in waited:
        found = asdict(finding(REFUSED, value=value, agency=agency, detail_th=reason))
        conn.execute(
            "update ops.finding set rule = %(rule)s, severity = %(severity)s,"
            " message_th = %(message_th)s, message_en = %(message_en)s,"
            " action_th = %(action_th)s, action_en = %(action_en)s"
            " where submission_sha256 = %(sha256)s and finding_no = %(number)s",
            {**found, "sha256": sha256, "number": number},
        )
    conn.execute(
        "update raw.submission set rows_accepted = rows_accepted - %(rows)s,"
        " rows_rejected = rows_rejected + %(rows)s, errors = errors + %(rows)s,"
        " warnings = warnings - %(rows)s,"
        " state = case when rows_accepted = %(rows)s then 'rejected' else state end"
        " where submission_sha256 = %(sha256)s",
        {"rows": rows, "sha256": sha256},
    )


def mend_receipts(conn: psycopg.Connection) -> None:
    """Say in receipts that were made again from what was judged, what was refused since."""
    rows = conn.execute(
        "select distinct submission_sha256 from ops.finding where rule = %s", [REFUSED]
    )
    for (sha256,) in rows.fetchall():
        _write_receipt(conn, sha256)


def _write_receipt(conn: psycopg.Connection, sha256: str) -> None:
    receipt = durable.read_json(settings.folder("receipts") / f"{sha256}.json")
    row = conn.execute(
        "select reason, state from ops.refusal join raw.submission on subject = submission_sha256"
        " where subject = %s order by refused_at desc limit 1",
        [sha256],
    ).fetchone()
    if receipt and row and WAITS in receipt["rules"]:
        durable.write_all(judged_folder.receipt_files(of_refused(receipt, *row)))


def of_refused(receipt: dict, reason: str, state: str) -> dict:
    """The receipt of a file whose waiting registry rows were refused."""
    counted = Counter({rule: entry["count"] for rule, entry in receipt["rules"].items()})
    rows = counted.pop(WAITS)
    counted[REFUSED] += rows
    accepted = dict(receipt["accepted_rows"])
    accepted["agency"] -= rows
    return {
        **receipt,
        "state": state,
        "rows_accepted": receipt["rows_accepted"] - rows,
        "rows_rejected": receipt["rows_rejected"] + rows,
        "errors": receipt["errors"] + rows,
        "warnings": receipt["warnings"] - rows,
        "accepted_rows": {name: count for name, count in accepted.items() if count},
        "rules": {
            rule: {"count": count, **{n: rules()[rule][n] for n in ("severity", "fixed_by")}}
            for rule, count in sorted(counted.items())
        },
        "findings": [_refused_finding(one, reason) for one in receipt["findings"]],
    }


def _refused_finding(one: dict, reason: str) -> dict:
    if one["rule"] != WAITS:
        return one
    found = finding(REFUSED, value=one["value"], agency=one["agency"], detail_th=reason)
    return {**one, **asdict(found)}
