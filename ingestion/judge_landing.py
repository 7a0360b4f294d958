"""The nightly judgement: every received file is read and judged in processes of their own;
`judged/` and a receipt come out.
"""

import gc
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from ingestion import (
    archive,
    framework,
    judge_file,
    judged_folder,
    receipts,
    refuse,
    troubles,
    waiting,
)
from ingestion.agencies import EVER, Agency, Registry
from ingestion.archive import archived
from ingestion.judge_file import Context, Outcome, may_be_registry
from ingestion.judging import Judged, Rights
from ingestion.planned import Planned, planned_of
from ingestion.troubles import Trouble
from warehouse import workers

FILES_AT_ONCE = 100
BYTES_AT_ONCE = 8 * 1024 * 1024
Arrived = tuple[datetime, str]  # what is later: received_at, then the SHA-256
Dated = dict[tuple[str, int], tuple[Arrived, Agency]]  # agency_id and valid_from → the latest row


@dataclass(frozen=True)
class Received:
    """A row of raw.submission that waits for its judgement."""

    sha256: str
    file_name: str
    authority: str
    arrival: int
    received_at: datetime
    received_text: str
    rights: Rights

    @property
    def path(self) -> Path:
        """Where its bytes are."""
        return archived(self.sha256)


def run(
    conn: psycopg.Connection,
    fiscal_year: int | None = None,
    only: set[str] | None = None,
    proposed: dict | None = None,
) -> str:
    """Judge every `received` file that is not judged yet; a summary. Registries first: their
    agencies are known to all other files.

    `fiscal_year` (B.E.): files without a unit of that year wait; `only`: the SHA-256 of those to
    judge; `proposed`: as `Planned` has it, where no build is published that says so. Killed at any
    point it can run again. An original that is not what was received waits, and is in ops.trouble.
    """
    judged_folder.restore_receipts(_judged_states(conn))
    refuse.mend_receipts(conn)
    received = _kept(conn, _received(conn, only))
    if not received:
        return "nothing new"
    rules, rows = framework.load(), dated_rows(conn)
    first = Context(
        rules,
        Registry([row for _, row in rows.values()], rules),
        last_overall_of(conn),
        registries_only=True,
        with_results=waiting.with_results(conn),
    )
    registries = {
        judged.sha256: judged
        for judged in _all([one for one in received if may_be_registry(one)], first)
    }
    for one in received:
        _merge(rows, (one.received_at, one.sha256), registries.get(one.sha256))
    states = Counter(judged.state for judged in registries.values())
    others = [
        one
        for one in received
        if one.sha256 not in registries
        and judged_folder.receipt_of(one.sha256, one.arrival) is None
    ]
    context = replace(
        first,
        registry=Registry([row for _, row in rows.values()], rules)
        if registries
        else first.registry,
        fiscal_year=fiscal_year,
        registries_only=False,
        planned=_planned(conn, proposed or {}) if others else Planned(),
    )
    states.update(judged.state for judged in _all(others, context))
    total = states.total()
    return (
        f"{total} files: "
        + ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
        if total
        else "nothing new"
    )


def _planned(conn: psycopg.Connection, proposed: dict) -> Planned:
    planned = planned_of(conn)
    return replace(planned, proposed=planned.proposed | proposed)


def _received(conn: psycopg.Connection, only: set[str] | None) -> list[Received]:
    rows = conn.execute("""
        select submission_sha256, file_name, authority, received_seq, received_at,
               to_char(received_at at time zone 'Asia/Bangkok', 'YYYY-MM-DD HH24:MI:SS') || ' +07',
               inbox, registry, speaks_for, overclaims
        from raw.submission where state = 'received'
        order by received_at, submission_sha256""").fetchall()
    return [
        Received(row[0], row[1], row[2], row[3], row[4], row[5], Rights(*row[6:]))
        for row in rows
        if only is None or row[0] in only
    ]


def _judged_states(conn: psycopg.Connection) -> dict[str, str]:
    rows = conn.execute(
        "select submission_sha256, state from raw.submission where state <> 'received'"
    )
    return dict(rows.fetchall())


def _kept(conn: psycopg.Connection, received: list[Received]) -> list[Received]:
    """Those whose original is in the archive as it was received."""
    lost = dict(archive.changed(one.sha256 for one in received))
    found = [Trouble(f"archive/{s[:2]}/{s}", reason) for s, reason in lost.items()]
    troubles.replace(conn, "judge", found)
    return [one for one in received if one.sha256 not in lost]


def dated_rows(conn: psycopg.Connection, of: str | None = None) -> Dated:
    """The registry that counts, and when each of its rows arrived; `of`: of that agency_id and
    those that it replaces.
    """
    one = """agency_id in (
            select %(of)s union select unnest(replaces) from raw.agency where agency_id = %(of)s)"""
    rows = conn.execute(
        f"""
        select distinct on (agency_id, valid_from) received_at, submission_sha256, agency_id,
               name_th, agency_type, coalesce(province_code, ''), coalesce(district_th, ''),
               valid_from, coalesce(valid_to, %(ever)s), replaces, aliases
        from raw.agency join raw.submission using (submission_sha256)
        where state in ('accepted', 'accepted_with_warnings') and not waits
            and {one if of else "true"}
        order by agency_id, valid_from, received_at desc, submission_sha256 desc""",  # noqa: S608
        {"ever": EVER, "of": of},
    ).fetchall()
    return {
        (row[2], row[7]): (
            (row[0], row[1]),
            Agency(
                row[2],
                row[3],
                row[4],
                row[5],
                row[6],
                row[7],
                row[8],
                replaces=tuple(row[9]),
                aliases=tuple(row[10]),
            ),
        )
        for row in rows
    }


def _merge(rows: Dated, arrived: Arrived, judged: Judged | None) -> None:
    """Add a judged file's registry rows: the latest of each agency_id and valid_from stays."""
    for row in waiting.agencies_of(judged) if judged else ():
        key = (row.agency_id, row.valid_from)
        if key not in rows or rows[key][0] <= arrived:
            rows[key] = (arrived, row)


def registry_of(conn: psycopg.Connection, of: str | None = None) -> list[Agency]:
    """The registry that the warehouse holds: the latest of each agency_id and valid_from; `of`:
    as for `dated_rows`.
    """
    return [row for _, row in dated_rows(conn, of).values()]


def last_overall_of(conn: psycopg.Connection) -> dict[tuple[str, int], float]:
    """(agency_id, fiscal year B.E.) → the overall score that counts: the official one, else the
    agency's latest.
    """
    rows = conn.execute("""
        select distinct on (agency_id, fiscal_year) agency_id, fiscal_year, score::float8
        from raw.score join raw.submission using (submission_sha256)
        where level = 'overall' and state in ('accepted', 'accepted_with_warnings')
        order by agency_id, fiscal_year, authority = 'nacc' desc,
                 received_at desc, submission_sha256 desc""").fetchall()
    return {(agency_id, year): score for agency_id, year, score in rows}


def _all(received: list[Received], context: Context) -> Iterator[Any]:
    """Judge in processes; a batch that fails is judged file by file, so that only the guilty file
    is rejected.
    """
    if not received:
        return
    # The processes are forked: what is here now is theirs without a copy, until their collector
    # writes into its heads.
    gc.freeze()
    alone: list[Received] = []
    for batch, result in workers.run(lambda batch: _batch(batch, context), _batches(received)):
        if isinstance(result, Exception):
            alone += batch
        else:
            yield from result
    again = (((one,), _size(one)) for one in alone)
    for (one,), result in workers.run(lambda batch: _batch(batch, context), again) if alone else ():
        if isinstance(result, Exception) and context.registries_only:
            continue  # it is judged, and fails, with the others
        if isinstance(result, Exception):
            yield from _write([(one, judge_file.ended(one, result))])
        else:
            yield from result


def _size(one: Received) -> int:
    return archived(one.sha256).stat().st_size


def _batches(received: list[Received]) -> Iterator[tuple]:
    """Large files alone and first, then small ones together, but so that every process has some."""
    sized = [(one, _size(one)) for one in received]
    most = min(FILES_AT_ONCE, math.ceil(len(received) / workers.PROCESSES))
    for one, size in sorted(
        (pair for pair in sized if pair[1] > BYTES_AT_ONCE), key=lambda pair: -pair[1]
    ):
        yield (one,), size
    batch: list[Received] = []
    total = 0
    for one, size in sized:
        if size > BYTES_AT_ONCE:
            continue
        if batch and (len(batch) == most or total + size > BYTES_AT_ONCE):
            yield tuple(batch), total
            batch, total = [], 0
        batch.append(one)
        total += size
    if batch:
        yield tuple(batch), total


def _batch(batch: tuple[Received, ...], context: Context) -> list[Judged]:
    """In a process: read, judge, write. The tables of a registry go back, no others."""
    found = judge_file.outcomes(batch, context)
    return _write([(one, own) for one, own in zip(batch, found, strict=True) if own])


def _write(pairs: list[tuple[Received, Outcome]]) -> list[Judged]:
    left = []
    for one, (judged, copy) in pairs:
        receipt = receipts.receipt(
            judged, one.file_name, one.authority, one.received_text, marked=copy is not None
        )
        left.append(judged_folder.Left(judged, receipt, one.arrival, copy))
    judged_folder.write(left)
    for _, (judged, _) in pairs:
        judged.tables = {name: table for name, table in judged.tables.items() if name == "agency"}
        judged.units, judged.findings = [], []
    return [own.judged for _, own in pairs]
