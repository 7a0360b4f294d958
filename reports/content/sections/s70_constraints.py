"""Part 4: the agency's constraints, where it has named any."""

from collections.abc import Iterator
from typing import Any

from reports.blocks import heading, table
from reports.content.sentences import reference
from reports.content.words import heading_of, numbered


def blocks(facts: dict) -> Iterator[Any]:
    notes = facts["constraints"]
    if not notes:
        return
    yield heading(1, heading_of(facts, "constraints"))
    rows = [
        [name, numbered([n["note_th"] for n in notes if n["kind"] == kind])]
        for kind, name in reference("constraint").items()
        if any(n["kind"] == kind for n in notes)
    ]
    yield table([60, 197], ["ข้อจำกัด", "รายละเอียด"], rows)
