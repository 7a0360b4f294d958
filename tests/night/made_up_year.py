"""Rows for a made-up fiscal year, as docs/new-fiscal-year.md says: those of the last complete year
with the year changed, and a framework that differs in every kind of row.
"""

import csv
from pathlib import Path

from warehouse import reference


def add(seeds: Path, fiscal_year: int) -> None:
    """Add `fiscal_year` (B.E.) to the seeds in that folder, complete.

    One IIT item less, one OIT item more (one that an earlier year had), other weights, thresholds.
    """
    last = max(reference.complete_years(seeds))
    for seed in reference.BY_YEAR:
        rows = [row for row in _read(seeds, seed) if row["fiscal_year"] == str(last)]
        _append(seeds, seed, [{**row, "fiscal_year": str(fiscal_year)} for row in rows])
    items = [row for row in _read(seeds, "framework_item") if row["fiscal_year"] == str(last)]
    gone = [row["item_code"] for row in items if row["instrument"] == "IIT"][-1]
    for seed in ("framework_item", "item_meaning", "topic_item"):
        kept = [
            row
            for row in _read(seeds, seed)
            if (row["fiscal_year"], row["item_code"]) != (str(fiscal_year), gone)
        ]
        _write(seeds, seed, kept)
    _add_item(seeds, [row for row in items if row["instrument"] == "OIT"][-1], fiscal_year)
    _write(seeds, "topic_item", _numbered(_read(seeds, "topic_item")))
    own = str(fiscal_year)
    weights = {"IIT": "25", "EIT": "25", "OIT": "50"}
    _change(seeds, "instrument", own, lambda row: {"weight": weights[row["instrument"]]})
    _change(seeds, "severity_threshold", own, lambda row: {"urgent_below": "80"})
    _append(seeds, reference.YEARS, [_state(seeds, own)])


def _add_item(seeds: Path, after: dict[str, str], fiscal_year: int) -> None:
    """An OIT item behind `after`: the first one of an earlier year that the last one has not."""
    links = _read(seeds, "item_meaning")
    held = {row["meaning"] for row in links if row["fiscal_year"] == after["fiscal_year"]}
    old = next(row for row in links if row["item_code"][0] == "o" and row["meaning"] not in held)
    like = {(row["fiscal_year"], row["item_code"]): row for row in _read(seeds, "framework_item")}[
        old["fiscal_year"], old["item_code"]
    ]
    number = str(int(after["item_no"]) + 1)
    own = {"fiscal_year": str(fiscal_year), "item_code": f"o{number}"}
    title = {"title_th": like["title_th"], "status": like["status"]}
    _append(seeds, "framework_item", [{**after, **own, **title, "item_no": number}])
    _append(seeds, "item_meaning", [{**old, **own}])
    topics = [row for row in _read(seeds, "topic_item") if row["fiscal_year"] == str(fiscal_year)]
    _append(seeds, "topic_item", [{**topics[-1], **own}])


def _state(seeds: Path, fiscal_year: str) -> dict[str, str]:
    last = _read(seeds, reference.YEARS)[-1]
    return {**last, "fiscal_year": fiscal_year, "state": reference.COMPLETE, "source": "made up"}


def _numbered(rows: list[dict]) -> list[dict]:
    """Topic items counted anew within their topic and year; other rows as they are."""
    count: dict[tuple, int] = {}
    for row in rows:
        if "seq" in row:
            key = (row["fiscal_year"], row["topic_no"])
            row["seq"] = str(count.setdefault(key, 0) + 1)
            count[key] += 1
    return rows


def _change(seeds: Path, seed: str, fiscal_year: str, of) -> None:
    rows = _read(seeds, seed)
    _write(seeds, seed, [r | (of(r) if r["fiscal_year"] == fiscal_year else {}) for r in rows])


def _read(seeds: Path, seed: str) -> list[dict[str, str]]:
    with (seeds / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _append(seeds: Path, seed: str, rows: list[dict]) -> None:
    _write(seeds, seed, _read(seeds, seed) + rows)


def _write(seeds: Path, seed: str, rows: list[dict]) -> None:
    with (seeds / f"{seed}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
