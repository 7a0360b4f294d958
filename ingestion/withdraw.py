"""Take a submission back; what it said stays in raw, the next build leaves it out."""

from datetime import datetime

import psycopg

from ingestion import receipts, records
from warehouse import durable, settings
from warehouse.errors import BadInput


def withdraw(
    conn: psycopg.Connection, sha256: str, reason: str, at: datetime, record: bool = True
) -> str:
    """Set raw.submission to withdrawn and write the history; a line for the operator.

    Raises BadInput for an unknown SHA-256. `sha256` may be its beginning (8 characters or more) if
    that is unique.
    """
    sha256 = sha256.strip().lower()
    found = (
        conn.execute(
            "select submission_sha256, file_name, state from raw.submission"
            " where starts_with(submission_sha256, %s)",
            [sha256],
        ).fetchall()
        if len(sha256) >= 8
        else []
    )
    if len(found) != 1:
        raise BadInput(
            f"{'several submissions begin' if found else 'no submission begins'} with {sha256!r}",
            'see `ita query "select submission_sha256, file_name from mart.submission"`',
        )
    sha256, name, state = found[0]
    if state == "withdrawn":
        _mark_receipt(sha256)  # a kill may have come between the commit and this
        return f"{sha256}  already withdrawn  {name}"
    if record:
        event = {"event": "withdrawn", "sha256": sha256, "at": at.isoformat(), "reason": reason}
        records.append([event])
    with conn.transaction():
        conn.execute(
            "insert into ops.withdrawal (submission_sha256, withdrawn_at, reason)"
            " values (%s, %s, %s)",
            [sha256, at, reason],
        )
        conn.execute(
            "update raw.submission set state = 'withdrawn' where submission_sha256 = %s", [sha256]
        )
    _mark_receipt(sha256)
    return f"{sha256}  withdrawn  {name}"


def _mark_receipt(sha256: str) -> None:
    """So that the same bytes are taken again when they come again."""
    file = settings.folder("receipts") / f"{sha256}.json"
    receipt = durable.read_json(file)
    if receipt:
        durable.write(file, receipts.as_json({**receipt, "state": "withdrawn"}))
