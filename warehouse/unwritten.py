"""Failures that were noted beside the warehouse while it did not answer: ITA_HOME/failures.jsonl.

A line has the columns of ops.failure, and `warehouse`: why they are not there.
"""

import json
from datetime import datetime

from warehouse import durable, nights, settings

SHOWN = 20
TEXTS = ("dag_id", "run_id", "task_id", "message")


def note(row: dict, why: str) -> None:
    """Add a failure; `failed_at` is a moment."""
    noted = {**row, "failed_at": row["failed_at"].isoformat(), "warehouse": why}
    durable.append(settings.home() / "failures.jsonl", json.dumps(noted, ensure_ascii=False))


def read() -> list[dict]:
    """The last SHOWN, the oldest first; without lines that are broken."""
    file = settings.home() / "failures.jsonl"
    lines = file.read_text("utf-8", "replace").splitlines() if file.is_file() else []
    return [found for line in lines[-SHOWN:] if (found := _failure(line))]


def _failure(line: str) -> dict | None:
    """A noted failure; None for a line that a power cut left half, or that a disk changed."""
    try:
        found = json.loads(line)
        nights.moment(found["failed_at"])
        sound = all(isinstance(found[name], str) for name in TEXTS)
        sound = sound and isinstance(found["try_number"], int)
        sound = sound and isinstance(found["exit_code"], int | None)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return {**found, "failed_at": datetime.fromisoformat(found["failed_at"])} if sound else None
