"""The sheets of the working file: each file gives `sheets(facts)`, in the order of the names.

A sheet is {"name", "heading", "columns": [(head, width in characters, kind)], "rows", "fills":
{(row, column): severity}, "charts"}; kind is text, code, score, count, year or date (ISO). A chart
is {"kind": bar, radar or line, "title", "categories": column, "values": [columns], "left"}.
"""

from collections.abc import Iterable
from typing import Any


def sheet(
    name: str,
    heading: Any,
    columns: Any,
    rows: list,
    fills: Any = None,
    charts: Iterable[dict] = (),
) -> dict:
    return {
        "name": name,
        "heading": heading,
        "columns": columns,
        "rows": rows,
        "fills": fills or {},
        "charts": list(charts),
    }
