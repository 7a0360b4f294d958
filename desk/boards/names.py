"""Names that stay: the same part of the desk has the same UUID in every checkout."""

import re
import uuid

OURS = uuid.UUID("6d0f7c1e-8b0a-4c52-9a63-0b1d1f6a2b01")  # that of the database as well
DATABASE = str(OURS)


def uuid_of(kind: str, name: str) -> str:
    """The UUID of a dataset, chart, dashboard or query of this name."""
    return str(uuid.uuid5(OURS, f"{kind}/{name}"))


def slug_id(name: str) -> str:
    """A name with only letters, digits and dashes, as Superset wants it in a layout."""
    return re.sub(r"[^A-Za-z0-9]+", "-", name)
