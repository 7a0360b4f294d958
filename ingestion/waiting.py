"""Registry rows that change an agency with results: they wait for a person, and hold up nothing."""

from datetime import datetime

import pandas as pd
import psycopg

from ingestion import records
from ingestion.agencies import EVER, Agency, Registry
from ingestion.judging import Judged
from ingestion.rules import finding
from warehouse.errors import BadInput


def agencies_of(judged: Judged) -> list[Agency]:
    """The accepted registry rows of a file that wait for nobody."""
    table = judged.tables.get("agency")
    if table is None:
        return []
    return _agencies(table[~table["waits"]] if "waits" in table else table)


def _agencies(table: pd.DataFrame) -> list[Agency]:
    return [
        Agency(
            row.agency_id,
            row.name_th,
            row.agency_type,
            row.province_code or "",
            row.district_th or "",
            int(row.valid_from),
            EVER if row.valid_to is None or row.valid_to != row.valid_to else int(row.valid_to),
            tuple(row.replaces),
            tuple(row.aliases),
        )
        for row in table.astype(object).where(table.notna(), None).itertuples(index=False)
    ]


def mark(judged: Judged, right: str, registry: Registry, with_results: set[str]) -> None:
    """Set `waits` of the registry rows of a file, and say so in its findings.

    right: counts or waits, of its inbox. registry: the rows that count; with_results: the agencies
    whose scores are accepted. New agencies, and rows that say what is known, never wait.
    """
    table = judged.tables.get("agency")
    if table is None:
        return
    rows, same = _agencies(table), set(registry.rows())
    waits = [
        right == "waits"
        and row not in same
        and not with_results.isdisjoint({row.agency_id, *row.replaces})
        for row in rows
    ]
    judged.tables["agency"] = table.assign(waits=waits)
    for row, wait in zip(rows, waits, strict=True):
        if wait:
            judged.add(finding("registry_waits", value=row.name_th, agency=row.agency_id))
            judged.state = "accepted_with_warnings"


def with_results(conn: psycopg.Connection) -> set[str]:
    """The agencies with accepted scores of any year."""
    rows = conn.execute("""
        select distinct agency_id from raw.unit join raw.submission using (submission_sha256)
        where kind = 'scores' and state in ('accepted', 'accepted_with_warnings')""")
    return {agency_id for (agency_id,) in rows}


def listed(conn: psycopg.Connection) -> list[tuple[str, str, int]]:
    """SHA-256, name and count of the rows of each file with registry rows that wait."""
    return conn.execute("""
        select submission_sha256, file_name, count(*)
        from raw.agency join raw.submission using (submission_sha256)
        where waits and state in ('accepted', 'accepted_with_warnings')
        group by 1, 2 order by 2, 1""").fetchall()


def is_waiting(conn: psycopg.Connection, sha256: str) -> bool:
    """Do registry rows of a submission wait whose SHA-256 begins so (8 characters or more)?"""
    return len(sha256) >= 8 and bool(with_waiting(conn, sha256))


def with_waiting(conn: psycopg.Connection, sha256: str) -> list[tuple[str, int]]:
    """The submissions whose SHA-256 begins so and of which registry rows wait, and how many."""
    return conn.execute(
        """
        select submission_sha256, count(*)
        from raw.agency join raw.submission using (submission_sha256)
        where waits and state in ('accepted', 'accepted_with_warnings')
            and starts_with(submission_sha256, %s)
        group by 1""",
        [sha256.strip().lower()],
    ).fetchall()


def approve(
    conn: psycopg.Connection, sha256: str, who: str, at: datetime, record: bool = True
) -> str:
    """Let the waiting registry rows of a submission count; a line for the operator.

    Raises BadInput where none of its rows waits. `sha256` may be its beginning if that is unique.
    """
    found = with_waiting(conn, sha256)
    if len(found) != 1:
        raise BadInput(
            f"{sha256}: {'several files' if found else 'no file'} with registry rows that wait",
            "`ita status` lists them",
        )
    sha256, rows = found[0]
    if record:
        event = {"event": "registry_approved", "sha256": sha256, "at": at.isoformat(), "by": who}
        records.append([event])
    with conn.transaction():
        conn.execute("update raw.agency set waits = false where submission_sha256 = %s", [sha256])
        conn.execute("insert into ops.registry_approval values (%s, %s, %s)", [sha256, at, who])
    return f"{sha256}  {rows} registry rows count from the next refresh on"
