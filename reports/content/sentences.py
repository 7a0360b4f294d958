"""The sentences of packs, as data: `sentences.csv` (key, text_th, author, checked_by, checked_on).

`author` is "project" until a person of the field has written a sentence anew; `checked_by` and
`checked_on` stay empty until a person has reviewed it, and no program fills them.
"""

import csv
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def say(key: str, **values: Any) -> str:
    """The sentence of that key with its places filled in. Raises KeyError for an unknown key or
    a place without its value."""
    return sentences()[key].format(**values)


@cache
def sentences() -> dict[str, str]:
    return {row["key"]: row["text_th"].replace("\\n", "\n") for row in rows("sentences")}


@cache
def reference(table: str) -> dict[str, str]:
    """key -> text of one table of `reference.csv`, in its order."""
    return {row["key"]: row["text_th"] for row in rows("reference") if row["table"] == table}


def rows(name: str) -> list[dict]:
    with (HERE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
