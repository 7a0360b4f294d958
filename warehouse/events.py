"""The log for programs: a line of JSON for each thing that happened, in ITA_HOME/logs/<day>.jsonl.

Keys: at, run, step, event, and what the event is about: file (a SHA-256), agency (an agency_id),
numbers and states. Never rows, names of files or of persons, addresses or words of an error: what
those said is on the page of the night and in the logs of the tasks.
"""

import json
import os
from datetime import UTC, datetime

import click

from warehouse import settings
from warehouse.thai_dates import BANGKOK

RUN = "ITA_RUN"  # the variable in which a task tells its command the run
Value = str | int | float | bool | None | list[str]


def write(event: str, rows: list[dict[str, Value]] | None = None, **about: Value) -> None:
    """Add a line (with `rows`: one for each) about what the command at work has done.

    A log that cannot be written stops nothing.
    """
    now = datetime.now(UTC)
    context = click.get_current_context(silent=True)
    common = {
        "at": now.isoformat(timespec="milliseconds"),
        "run": os.environ.get(RUN, ""),
        "step": (context.info_name or "") if context else "",
        "event": event,
    }
    lines = [json.dumps({**common, **about, **row}) for row in ([{}] if rows is None else rows)]
    if not lines:
        return
    day = now.astimezone(BANGKOK)
    try:
        with (settings.folder("logs") / f"{day:%Y-%m-%d}.jsonl").open("a", encoding="utf-8") as log:
            log.write("\n".join(lines) + "\n")
    except OSError:
        pass  # a full disk: the verdict says it
