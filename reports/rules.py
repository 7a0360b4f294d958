"""How many packs of the published build fail which rule of the checklist: the count over a country.

Nothing is set and nothing written: the facts are read, the report is put together, its rules are
tested.
"""

from collections import Counter
from dataclasses import dataclass, field

import psycopg

from reports import facts, pack
from reports.packs import CHUNK, agency_years
from reports.year import Year
from warehouse import thai_dates


@dataclass
class Count:
    """packs: how many were tested; failed[by, rule]: how many of them fail it; first[by, rule]:
    the folder of one of them and what is wrong with it."""

    packs: int = 0
    failed: Counter = field(default_factory=Counter)
    first: dict = field(default_factory=dict)


def count(
    connection: psycopg.Connection,
    build: dict,
    *,
    fiscal_year: int | None = None,
    province: str | None = None,
) -> Count:
    """Test the rules on every pack of the build (a row of ops.publication), or of a year or a
    province ("00" central) alone. `connection` is one of the role ita_pack."""
    found = Count()
    named = {
        "build_id": build["build_id"],
        "date": thai_dates.local(build["published_at"]).date().isoformat(),
    }
    keys = [
        key
        for key in agency_years(connection)
        if fiscal_year in (None, key["fiscal_year"]) and province in (None, key["province_code"])
    ]
    for year in sorted({key["fiscal_year"] for key in keys}):
        shared = Year(connection, year)
        of_year = {key["agency_id"]: key for key in keys if key["fiscal_year"] == year}
        agencies = list(of_year)
        for start in range(0, len(agencies), CHUNK):
            chunk = agencies[start : start + CHUNK]
            for agency, read in facts.read(connection, shared, chunk, named).items():
                _add(found, of_year[agency]["folder"], pack.complete(read)["checklist"])
    return found


def _add(found: Count, folder: str, checklist: list[dict]) -> None:
    found.packs += 1
    for rule in checklist:
        if not rule["met"]:
            key = rule["by"], rule["rule"]
            found.failed[key] += 1
            found.first.setdefault(key, f"{folder}: {rule['action_th']}")
