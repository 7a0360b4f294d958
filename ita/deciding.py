"""What a person decides: by `ita approve` and `ita refuse`, or by headquarters on the counter.

The caller has the lock of the steps. What was decided is in the records beside the archive.
"""

from datetime import datetime

import psycopg

from ingestion import records, waiting
from ingestion import refuse as registry
from publish import candidate, preview


def approve(connection: psycopg.Connection, what: str, who: str, at: datetime) -> str:
    """Let a held build, or a file's waiting registry rows, pass; a line.

    Raises BadInput where nothing of that name waits.
    """
    if waiting.is_waiting(connection, what):
        return f"approved: {waiting.approve(connection, what, who, at)}"
    preview.approve(connection, what, who, at)
    event = {"event": "build_approved", "build_id": what, "at": at.isoformat(), "by": who}
    records.append([event])
    return f"approved: {what}; `ita refresh` publishes it"


def refuse(connection: psycopg.Connection, what: str, who: str, reason: str, at: datetime) -> str:
    """Refuse a held build, or a file's waiting registry rows; a line. Twice is as once.

    Raises BadInput where nothing of that name waits.
    """
    if registry.find(connection, what):
        return f"refused: {registry.refuse(connection, what, who, reason, at)}"
    event = {"event": "build_refused", "build_id": what, "at": at.isoformat(), "by": who}

    def record() -> None:
        records.append([{**event, "reason": reason}])

    if not preview.refuse(connection, what, who, reason, at, record):
        before = candidate.refused(connection) or {}
        return f"refused: {what}, already by {before.get('by')}"
    return f"refused: {what}; it is not shown until something changes"
