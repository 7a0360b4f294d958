"""Is it known in this warehouse which messages went out? Not after a restore or a rebuild, until a
person has said what of those that are new: another one, or this one before, may have sent them.
"""

import os
from pathlib import Path

from warehouse import durable, settings


def doubt(why: str) -> None:
    """Write down that it is not known, and why; the first reason stays."""
    if doubtful():
        return
    durable.make_folder(_note().parent)
    durable.write(_note(), durable.to_json({"why": why}))


def doubtful() -> bool:
    return os.path.lexists(_note())


def settled() -> None:
    """A person has said."""
    _note().unlink(missing_ok=True)


def _note() -> Path:
    return settings.home() / "delivery" / "not_known.json"
