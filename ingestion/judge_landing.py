"""The nightly judgement: every received file is read and judged in processes of their own;
`judged/` and a receipt come out.
"""

import gc
import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import psycopg

from ingestion import framework, judge_file, judged_folder, receipts
from ingestion.agencies import EVER, Agency, Registry
from ingestion.judge_file import Context, Outcome, agencies_of, may_be_registry
from ingestion.judging import Judged
from ingestion.planned import Planned, planned_of
from ingestion.receive import archived
from warehouse import workers

FILES_AT_ONCE = 100
BYTES_AT_ONCE = 8 * 1024 * 1024


@dataclass(frozen=True)
class Received:
    """A row of raw.submission that waits for its judgement."""

    sha256: str
    file_name: str
    authority: str
    received_at: str
    arrival: int

    @property
    def path(self) -> Path:
        """Where its bytes are."""
        return archived(self.sha256)


def run(conn: psycopg.Connection, fiscal_year: int | None = None) -> str:
    """Judge every `received` file that is not judged yet; a summary. Registries first: their
    agencies are known to all other files.

    `fiscal_year` (B.E.): files without a unit of that year wait. Killed at any point it can run
    again.
    """
    waiting = [
        Received(*row)
        for row in conn.execute("""
        select submission_sha256, file_name, authority,
               to_char(received_at at time zone 'Asia/Bangkok', 'YYYY-MM-DD HH24:MI:SS') || ' +07',
               received_seq
        from raw.submission where state = 'received' order by received_seq""").fetchall()
    ]
    if not waiting:
        return "nothing new"
    rules = framework.load()
    rows = {(row.agency_id, row.valid_from): row for row in registry_of(conn)}
    first = Context(
        rules, Registry(list(rows.values()), rules), last_overall_of(conn), registries_only=True
    )
    registries = {
        judged.sha256: judged
        for judged in _all([one for one in waiting if may_be_registry(one)], first)
    }
    for one in waiting:  # in the order of arrival: the latest row wins
        if one.sha256 in registries:
            rows |= {
                (row.agency_id, row.valid_from): row for row in agencies_of(registries[one.sha256])
            }
    states = Counter(judged.state for judged in registries.values())
    others = [
        one
        for one in waiting
        if one.sha256 not in registries
        and judged_folder.receipt_of(one.sha256, one.arrival) is None
    ]
    registry = Registry(list(rows.values()), rules) if registries else first.registry
    planned = planned_of(conn) if others else Planned()
    context = Context(rules, registry, first.last_overall, fiscal_year, planned=planned)
    states.update(judged.state for judged in _all(others, context))
    total = states.total()
    return (
        f"{total} files: "
        + ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
        if total
        else "nothing new"
    )


def registry_of(conn: psycopg.Connection) -> list[Agency]:
    """The registry that the warehouse holds: the latest of each agency_id and valid_from."""
    rows = conn.execute(
        """
        select distinct on (agency_id, valid_from) agency_id, name_th, agency_type,
               coalesce(province_code, ''), coalesce(district_th, ''), valid_from,
               coalesce(valid_to, %s), replaces, aliases
        from raw.agency join raw.submission using (submission_sha256)
        where state in ('accepted', 'accepted_with_warnings')
        order by agency_id, valid_from, received_seq desc""",
        [EVER],
    ).fetchall()
    return [Agency(*row[:7], tuple(row[7]), tuple(row[8])) for row in rows]


def last_overall_of(conn: psycopg.Connection) -> dict[tuple[str, int], float]:
    """(agency_id, fiscal year B.E.) → the overall score that counts: the official one, else the
    agency's latest.
    """
    rows = conn.execute("""
        select distinct on (agency_id, fiscal_year) agency_id, fiscal_year, score::float8
        from raw.score join raw.submission using (submission_sha256)
        where level = 'overall' and state in ('accepted', 'accepted_with_warnings')
        order by agency_id, fiscal_year, authority = 'nacc' desc, received_seq desc""").fetchall()
    return {(agency_id, year): score for agency_id, year, score in rows}


def _all(waiting: list[Received], context: Context):
    """Judge in processes; a batch that fails is judged file by file, so that only the guilty file
    is rejected.
    """
    gc.freeze()
    alone: list[Received] = []
    for batch, result in workers.run(lambda batch: _batch(batch, context), _batches(waiting)):
        if isinstance(result, Exception):
            alone += batch
        else:
            yield from result
    for (one,), result in workers.run(
        lambda batch: _batch(batch, context), (((one,), _size(one)) for one in alone)
    ):
        if isinstance(result, Exception) and context.registries_only:
            continue  # it is judged, and fails, with the others
        if isinstance(result, Exception):
            yield from _write([(one, judge_file.ended(one, result))])
        else:
            yield from result


def _size(one: Received) -> int:
    return archived(one.sha256).stat().st_size


def _batches(waiting: list[Received]):
    """Large files alone and first, then small ones together, but so that every process has some."""
    sized = [(one, _size(one)) for one in waiting]
    most = min(FILES_AT_ONCE, math.ceil(len(waiting) / workers.PROCESSES))
    for one, size in sorted(
        (pair for pair in sized if pair[1] > BYTES_AT_ONCE), key=lambda pair: -pair[1]
    ):
        yield (one,), size
    batch, total = [], 0
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
    for one, (judged, copy) in pairs:
        receipt = receipts.receipt(
            judged, one.file_name, one.authority, one.received_at, marked=copy is not None
        )
        judged_folder.write(judged, receipt, one.arrival, copy)
        judged.tables = {name: table for name, table in judged.tables.items() if name == "agency"}
        judged.units, judged.findings = [], []
    return [own.judged for _, own in pairs]
