"""An item is told once: its EIT parts together, under the worst of what was found of them."""

from typing import Any

from reports.content.words import SEVERITIES


def together(facts: dict) -> dict:
    """The facts with each item's findings side by side in its worst group, the worst first."""
    told = {
        which: [_group(facts["items"], group) for group in facts["analysis"][which]]
        for which in ("topics", "indicators")
    }
    return {**facts, "analysis": {**facts["analysis"], **told}}


def _group(items: Any, group: Any) -> Any:
    parts: dict[str, list[dict]] = {}
    for kind in SEVERITIES:
        for finding in group[kind]:
            parts.setdefault(items[finding["item"]]["item_code"], []).append(finding)
    return group | {
        kind: [f for found in _ordered(parts) if found[0]["severity"] == kind for f in found]
        for kind in SEVERITIES
    }


def _ordered(parts: Any) -> list:
    """The items in the order of the framework, which is that of their positions."""
    return sorted(parts.values(), key=lambda found: min(f["item"] for f in found))
