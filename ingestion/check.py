"""`ita check`: judge files without storing anything; the same receipt as the nightly run's."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import psycopg

from ingestion import framework, inboxes, judge_file, receipts
from ingestion.agencies import Registry
from ingestion.judge_file import Context, Outcome, may_be_registry
from ingestion.judge_landing import last_overall_of, registry_of
from ingestion.judging import Judged, Rights
from ingestion.planned import Planned, planned_of
from ingestion.waiting import agencies_of
from warehouse import workers
from warehouse.errors import Fault


class Handed(NamedTuple):
    """A file that is only looked at."""

    sha256: str
    file_name: str
    authority: str
    path: Path
    rights: Rights = Rights()


def check_files(paths: list[Path], conn: psycopg.Connection | None = None) -> bool:
    """Print the Thai receipt of each file; True if none is rejected. Without `conn` the registry is
    that of the files alone.
    """
    files = [
        file
        for path in paths
        for file in (
            sorted(p for p in Path(path).rglob("*") if p.is_file())
            if Path(path).is_dir()
            else [Path(path)]
        )
    ]
    fine = True
    for file, judged in judge_files(files, conn):
        print(receipts.as_markdown(receipts.receipt(judged, file.name, _authority(file.name))))
        fine &= judged.state != "rejected"
    return fine


def judge_files(
    files: list[Path], conn: psycopg.Connection | None = None
) -> list[tuple[Path, Judged]]:
    """Each file's judgement, in order. Registries among the files are known to the others."""
    rules = framework.load()
    rows = {(row.agency_id, row.valid_from): row for row in (registry_of(conn) if conn else [])}
    last_overall = last_overall_of(conn) if conn else {}
    waiting = [Handed(_sha256(file), file.name, _authority(file.name), file) for file in files]
    results: dict[Handed, Judged] = {}
    first = Context(rules, Registry(list(rows.values()), rules), last_overall, registries_only=True)
    for one, outcome in _outcomes(filter(may_be_registry, waiting), first):
        if outcome:
            results[one] = outcome.judged
            rows |= {(row.agency_id, row.valid_from): row for row in agencies_of(outcome.judged)}
    planned = planned_of(conn) if conn else Planned()
    registry = Registry(list(rows.values()), rules)
    context = Context(rules, registry, last_overall, planned=planned)
    for one, outcome in _outcomes([one for one in waiting if one not in results], context):
        if outcome:  # all are judged here: nothing waits for a year
            results[one] = outcome.judged
    return [(one.path, results[one]) for one in waiting]


def context_of(conn: psycopg.Connection) -> Context:
    """What a single file is judged by: the warehouse as it is now."""
    rules = framework.load()
    registry = Registry(registry_of(conn), rules)
    return Context(rules, registry, last_overall_of(conn), planned=planned_of(conn))


def judge_one(one: Handed, context: Context) -> Outcome:
    """The judgement of one file, as the night would give it, in a process of its own."""
    ((_, outcome),) = _outcomes([one], context)
    if outcome is None:  # no: a context without a year lets nothing wait
        raise Fault(f"{one.file_name} was not judged", "tell the developers")
    return outcome


def _outcomes(
    waiting: Iterable[Handed], context: Context
) -> Iterator[tuple[Handed, Outcome | None]]:
    """Judge file by file in a process of its own; None for a file that waits."""
    jobs = (((one,), one.path.stat().st_size) for one in waiting)
    for (one,), result in workers.run(
        lambda batch: judge_file.outcomes(batch, context), jobs, processes=1
    ):
        if not isinstance(result, Exception):
            yield one, result[0]
        elif not context.registries_only:  # else it is judged, and fails, with the others
            yield one, judge_file.ended(one, result)


def _authority(name: str) -> str:
    return "nacc" if inboxes.is_official(name) else "agency"


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
