"""When a back-up was last made, and last tried: ITA_HOME/recovery.json."""

from datetime import datetime, timedelta
from typing import Any

from warehouse import durable, settings

DUE = {"backup": timedelta(days=2), "drill": timedelta(days=100)}


def note(what: str, at: datetime, facts: dict[str, Any]) -> None:
    """Write down that a backup or a drill succeeded."""
    path = settings.home() / "recovery.json"
    known = _read()
    durable.write(path, durable.to_json({**known, what: {**facts, "at": at.isoformat()}}))


def last(what: str) -> dict[str, Any] | None:
    """The last success of `backup` or `drill`, None before the first."""
    return _read().get(what)


def _read() -> dict[str, dict[str, Any]]:
    """What is noted; {} where that is broken, which is set aside."""
    path = settings.home() / "recovery.json"
    found: dict[str, dict[str, Any]] = durable.read_json(path) or {}
    try:
        for fact in found.values():
            if datetime.fromisoformat(fact["at"]).tzinfo is None:
                raise ValueError(f"{fact['at']} has no zone")
            fact["where"]
        if "drill" in found:
            found["drill"]["took"]
    except (KeyError, TypeError, ValueError) as error:
        durable.set_aside(path, f"{type(error).__name__}: {error}")
        return {}
    return found


def lines(now: datetime) -> list[str]:
    """What `ita status` says of back-ups: the last of each, and what is overdue."""
    said = []
    for what, how, never in (
        ("backup", "in {where}", "none yet: `ita backup FOLDER`, or set ITA_BACKUPS"),
        ("drill", "of {where}, {took} s", "no restore was ever tried: `ita drill BACKUP`"),
    ):
        found = last(what)
        if not found:
            said.append(f"{what:10} {never}")
            continue
        at = datetime.fromisoformat(found["at"])
        late = f" — older than {DUE[what].days} days" if now - at > DUE[what] else ""
        late = " — of a time that is still to come: the clock was wrong" if at > now else late
        said.append(f"{what:10} {at:%Y-%m-%d %H:%M:%S%z} {how.format(**found)}{late}")
    return said
