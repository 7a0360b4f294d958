"""Make a back-up: the databases and the files of one moment, under the lock of the steps."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import psycopg

from recovery import databases, files, manifest, marts, roles, state
from warehouse import durable, settings
from warehouse.connect import one
from warehouse.errors import BadInput

KEEP = 14  # back-ups that stay, if ITA_BACKUPS_KEEP says nothing


def run(connection: psycopg.Connection, where: Path, at: datetime) -> str:
    """Write where/ita-<time>, and remove the oldest beyond ITA_BACKUPS_KEEP; a line to be said.

    The caller holds the lock of the steps: a night waits, readers and hand-ins do not. Cut off, it
    leaves a draft that the next one removes, and the back-ups before. Raises Fault where the disk
    has no room or PostgreSQL's programs are of another version than the server.
    """
    keep = _keep()
    where = durable.make_folder(where.resolve())
    known = manifest.backups(where)
    before = known[-1] if known else None
    # numbers of sequences, settings and the like are few: files and the dump are what needs room
    server = databases.check_programs(connection)
    was = {file.path: file for file in manifest.files(before)} if before else {}
    files.room(where, _new_bytes(was) + databases.size(connection) // 3)
    target = where / f"ita-{at:%Y%m%dT%H%M%SZ}"
    if target.exists():
        raise BadInput(f"{target} is there already", "wait a second")
    with _draft(where, target.name) as draft:
        made = databases.dump(connection, draft)
        durable.write(
            draft / "roles.json", json.dumps(roles.of_server(connection), indent=1) + "\n", 0o600
        )
        saved = files.save(settings.home(), draft, before, was)
        for name in (databases.FOLDER, "roles.json"):
            saved += _file_or_folder(draft, name)
        content = {
            "format": manifest.FORMAT,
            "made_at": at.isoformat(),
            "release": version("ita-warehouse"),
            "postgresql": server,
            "owner": connection.info.user,
            "databases": made,
            "schema_version": one(
                connection.execute("select max(version) from ops.schema_version")
            )[0],
            "build": _build(connection),
            "marts": marts.checksums(connection),
            "files": len(saved),
            "bytes": sum(file.size for file in saved),
            "files_sha256": manifest.write_files(draft, saved),
        }
        durable.write(draft / "manifest.json", durable.to_json(content))
        os.sync()  # a hundred thousand files: all at once is quicker than one by one
        durable.rename(draft, target)
    _remove_oldest(where, keep, target)
    state.note("backup", at, {"where": str(target), "bytes": content["bytes"]})
    same_disk = where.stat().st_dev == settings.home().stat().st_dev
    return f"{target}, {content['files']} files, {content['bytes'] / 1e6:,.0f} MB" + (
        " — on the disk of ITA_HOME: copy it elsewhere" if same_disk else ""
    )


def folder() -> Path | None:
    """Where back-ups are kept: ITA_BACKUPS, None where it is not set."""
    said = os.environ.get("ITA_BACKUPS")
    return Path(said) if said else None


def _keep() -> int:
    said = os.environ.get("ITA_BACKUPS_KEEP") or str(KEEP)
    if not said.isdecimal() or int(said) < 1:
        raise BadInput(f"ITA_BACKUPS_KEEP: {said!r} is no number of back-ups", "give 1 or more")
    return int(said)


def _new_bytes(was: dict[str, manifest.File]) -> int:
    """Bytes of ITA_HOME that the back-up before has not."""
    home, total = settings.home(), 0
    for path in files.of_home(home):
        if path.is_file():
            known = was.get(str(Path(files.HOME) / path.relative_to(home)))
            status = path.stat()
            if not known or (known.size, known.mtime_ns) != (status.st_size, status.st_mtime_ns):
                total += status.st_size
    return total


@contextmanager
def _draft(where: Path, name: str) -> Iterator[Path]:
    """A folder that only we read; gone when what is done in it fails."""
    for left in where.glob(".ita-*.unfinished"):
        _remove(left)
    draft = where / f".{name}.unfinished"
    draft.mkdir(mode=0o700)
    try:
        yield draft
    except BaseException:
        _remove(draft)
        raise


def _remove_oldest(where: Path, keep: int, made: Path) -> None:
    """Those beyond `keep`, by the times in their names; never the one that was just made, which
    looks oldest where the clock was set back."""
    others = [path for path in manifest.backups(where) if path != made]
    for old in others[: max(len(others) + 1 - keep, 0)]:
        _remove(old)


def _remove(path: Path) -> None:
    """Remove a back-up; under a hidden name first, so that none is there in part."""
    hidden = path if path.name.startswith(".") else path.with_name(f".{path.name}.unfinished")
    path.replace(hidden)
    shutil.rmtree(hidden)


def _file_or_folder(draft: Path, name: str) -> list[manifest.File]:
    path = draft / name
    if path.is_dir():
        return list(files.of_folder(draft, name))
    status = path.stat()
    mode = status.st_mode & 0o7777
    sha256 = manifest.sha256_of(path)
    return [manifest.File(name, sha256, status.st_size, status.st_mtime_ns, mode)]


def _build(connection: psycopg.Connection) -> str | None:
    row = connection.execute(
        "select build_id from ops.publication order by publication_no desc limit 1"
    ).fetchone()
    return row[0] if row else None
