"""What lies in ITA_HOME/nights, as `operations` wrote it: the pages and `ita status` say it.

A file of which one byte went wrong can still be JSON: it is set aside as any broken one is.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from warehouse import durable, settings

STATES = ("published", "nothing_new", "held", "not_published")
TEXTS = ("cause", "reason_th", "reason_en", "do_th", "do_en", "kind", "run_id", "serving", "log")
ALWAYS = ("written_at", "next_by", "night_began_at")  # moments that every verdict has
MOMENTS = (*ALWAYS, "began_at", "ended_at", "last_good", "serving_since", "going_since")
PROBLEM = ("kind", "key", "text_th", "text_en")


def folder() -> Path:
    return settings.folder("nights")


def verdict() -> dict | None:
    """The last verdict (operations/verdict.py); None before the first."""
    return _read(folder() / "verdict.json", check_verdict)


def history(count: int) -> list[dict]:
    """The verdicts of the last runs and of nights without one, the newest first."""
    newest = sorted(folder().glob("run-*.json"), reverse=True)[:count]
    return [found for path in newest if (found := _read(path, check_verdict))]


def alerts() -> dict:
    """What was told of problems (operations/alerts.py): open, over, failed."""
    return _read(folder() / "alerts.json", _check_alerts) or {"open": {}, "over": [], "failed": []}


def since() -> datetime | None:
    """When this ITA_HOME was first looked after; None where that is not noted."""
    noted = _read(folder() / "since.json", lambda content: moment(content["since"]))
    return datetime.fromisoformat(noted["since"]) if noted else None


def check_verdict(found: dict) -> None:
    """Raise KeyError, TypeError or ValueError for what is no verdict."""
    _must(found["state"] in STATES and isinstance(found["exit_code"], int), "state, exit_code")
    for name in TEXTS:
        _must(isinstance(found[name], str), name)
    for name in MOMENTS:
        if found[name] or name in ALWAYS:
            moment(found[name])
    _check_problems(found["problems"])


def moment(text: str) -> None:
    """Raise TypeError or ValueError for what is no moment with its zone, in ISO 8601."""
    _must(datetime.fromisoformat(text).tzinfo is not None, f"{text} has no zone")


def _check_alerts(found: dict) -> None:
    _check_problems([*found["open"].values(), *found["over"]])
    for one in found["open"].values():
        _must(isinstance(one["sent"], list), "sent")
    for one in found["over"]:
        _must(isinstance(one["said"], list), "said")
    _must(all(isinstance(line, str) for line in found["failed"]), "failed")


def _check_problems(problems: list) -> None:
    _must(isinstance(problems, list), "problems")
    for problem in problems:
        for name in PROBLEM:
            _must(isinstance(problem[name], str), name)


def _must(is_so: bool, what: str) -> None:
    if not is_so:
        raise ValueError(what)


def _read(path: Path, check: Callable[[dict], None]) -> dict[str, Any] | None:
    found: dict | None = durable.read_json(path)
    try:
        if found is not None:
            check(found)
        return found
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        durable.set_aside(path, f"{type(error).__name__}: {error}")
        return None
