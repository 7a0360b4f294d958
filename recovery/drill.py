"""The drill: a back-up restored elsewhere, and the warehouse made from its archive alone.

Both in an ITA_HOME of their own with a server of their own, by the commands that an operator would
use; nothing of the running warehouse is touched.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from recovery import files, manifest, marts
from warehouse.errors import Fault

# Views that tell what happened in which night: the night of a rebuild is another one.
OF_THE_NIGHTS = ("publication", "check_result", "intake_night", "finding_rule")


def run(backup: Path, room: Path, say: Callable[[str], None]) -> int:
    """Try a back-up in the folder `room`, which is empty again afterwards; the seconds it took.

    Raises Fault where the restored home is not what the back-up says, or what the archive makes is
    other marts or receipts.
    """
    began, backup = time.monotonic(), backup.resolve()
    told = manifest.read(backup)
    with _home(room / "restored") as home:
        _ita(home, "restore", str(backup))
        _same_files(backup, home)
        say(f"restored: {told['files']} files and {len(told['marts'])} views of mart are the same")
        made_from = _ita(home, "query", MADE_FROM_ALL, "--as", "ita_owner", "--format", "csv")
        receipts = _receipts(home)
        if "true" not in made_from.split():
            say("rebuilt: not tried, since what is published is not made from all of the archive")
            return round(time.monotonic() - began)
        with _home(room / "rebuilt") as again:
            for name in ("archive", "inboxes.csv"):
                _bring(home / name, again / name)
            _ita(again, "rebuild")
            with psycopg.connect(_dsn(again), autocommit=True) as connection:
                found = marts.differences(told["marts"], marts.checksums(connection))
            wrong = [view for view in found if view not in OF_THE_NIGHTS]
            if wrong or receipts != _receipts(again):
                raise Fault(
                    f"the archive alone makes another warehouse: {', '.join(wrong) or 'receipts'}",
                    f"the back-up {backup} itself is whole; tell the developers",
                )
            say(f"rebuilt: from the archive alone the same marts and {len(receipts)} receipts")
    return round(time.monotonic() - began)


# Is the published build made from all that was accepted, and does no candidate wait?
MADE_FROM_ALL = """
    select not exists (
        select from raw.submission
        where state = 'received') and not exists (
        select from ops.build where schema_name = 'candidate') and not exists (
        select from ops.rollback where released_at is null) and (
        select jsonb_array_length(inputs -> 'submissions') from ops.publication
        order by publication_no desc limit 1) = (
        select count(*) from raw.submission where state in ('accepted', 'accepted_with_warnings'))
        as same"""


@contextmanager
def _home(home: Path) -> Iterator[Path]:
    """An ITA_HOME, and nothing left of it and its server afterwards."""
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    try:
        yield home
    finally:
        _run(home, "down")
        shutil.rmtree((home / "postgres").resolve(), ignore_errors=True)  # it can lie outside
        shutil.rmtree(home, ignore_errors=True)


def _run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    hidden = ("ITA_", "AIRFLOW", "PG")
    keep = {"ITA_SETTLE_SECONDS"}
    variables = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(hidden) or name in keep
    }
    ita = Path(sys.executable).with_name("ita")
    return subprocess.run(
        [ita, *arguments],
        env={**variables, "ITA_HOME": str(home)},
        capture_output=True,
        text=True,
    )


def _ita(home: Path, *arguments: str) -> str:
    done = _run(home, *arguments)
    if done.returncode:
        said = (done.stderr or done.stdout).strip()[-600:]
        raise Fault(f"the drill's `ita {arguments[0]}` failed: {said}", "see `ita restore`")
    return done.stdout


def _dsn(home: Path) -> str:
    return _ita(home, "status", "--dsn", "ita_owner").strip()


def _same_files(backup: Path, home: Path) -> None:
    """Raise Fault where a file of the back-up is not in the restored home as it was."""
    for file in manifest.files(backup):
        if file.path.startswith(f"{files.HOME}/"):
            path = home / Path(file.path).relative_to(files.HOME)
            if not path.is_file() or manifest.sha256_of(path) != file.sha256:
                raise Fault(f"{path} is not as it was after the restore", "tell the developers")


def _receipts(home: Path) -> dict[str, str]:
    return {
        path.name: manifest.sha256_of(path)
        for path in (home / "receipts").glob("[!.]*")
        if path.suffix in (".json", ".md", ".xlsx")
    }


def _bring(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target)
    elif source.exists():
        shutil.copy2(source, target)
