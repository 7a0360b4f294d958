"""`ita check`: judge files without storing anything; the same receipt as the nightly run's."""

import hashlib
from pathlib import Path

import psycopg

from ingestion import framework, receipts
from ingestion.agencies import Registry
from ingestion.judging import File, Judged, judge, refused
from ingestion.judge_landing import Context, _agencies, _why, last_overall_of, read_one, registry_of
from ingestion.receive import authority
from warehouse import workers


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
        print(receipts.as_markdown(receipts.receipt(judged, file.name, authority(str(file)))))
        fine &= judged.state != "rejected"
    return fine


def judge_files(
    files: list[Path], conn: psycopg.Connection | None = None
) -> list[tuple[Path, Judged]]:
    """Each file's judgement, in order. Registries among the files are known to the others."""
    rules = framework.load()
    rows = {(row.agency_id, row.valid_from): row for row in (registry_of(conn) if conn else [])}
    last_overall = last_overall_of(conn) if conn else {}
    results: dict[Path, Judged] = {}
    for registries_only in (True, False):
        context = Context(rules, Registry(list(rows.values()), rules), last_overall)
        todo = [
            file
            for file in files
            if file not in results
            and (
                not registries_only
                or "agencies" in file.name.casefold()
                or _head_says_registry(file)
            )
        ]
        for (file,), result in workers.run(
            lambda job, context=context: _one(job[0], context),
            (((file,), file.stat().st_size) for file in todo),
            processes=1,
        ):
            results[file] = (
                refused(_sha256(file), _why(result)) if isinstance(result, Exception) else result
            )
            if registries_only and "agency" in results[file].tables:
                rows |= {
                    (row.agency_id, row.valid_from): row
                    for row in _agencies(results[file].tables["agency"])
                }
    return [(file, results[file]) for file in files]


def _head_says_registry(file: Path) -> bool:
    with file.open("rb") as content:
        return b"valid_from" in content.read(4096).replace(b"\0", b"")


def _one(file: Path, context: Context) -> Judged:
    read = read_one(_sha256(file), authority(str(file.name)), file.name, file)
    return (
        judge([read], context.framework, context.registry, context.last_overall)[0]
        if isinstance(read, File)
        else read
    )


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
