"""Which packs to write, and writing them: two processes, only what changed, each folder at once or
not at all.

OUT/<fiscal_year>/<province_code or 00>/<agency_id>/ holds pack.pdf, .docx, .xlsx, .html, .json and
manifest.json; OUT/index.html lists them (its rows: OUT/index.json); OUT/own_keys.json remembers
what the last nightly run saw.
"""

import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby, islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from reports import checklist, facts, index, pack, sources
from reports.setting.pdf import fonts
from reports.year import Year
from warehouse import durable, thai_dates
from warehouse.connect import connect
from warehouse.workers import Died, Workers

FEW = 10  # packs asked for, for which one process is enough: each start costs as much as three
CHUNK = 40  # agencies whose facts are read at once
MODES = ("all", "nightly", "refresh")


@dataclass
class Summary:
    """What a run did: packs written, packs that stood already, [(folder, reason)] of those that
    failed.
    """

    written: int = 0
    unchanged: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.written} written, {self.unchanged} unchanged, {len(self.failed)} failed"


def write(
    out: Path,
    build: dict,
    *,
    fiscal_year: int | None = None,
    province: str | None = None,
    agency: str | None = None,
    formats: tuple[str, ...] | None = None,
    everything: bool = False,
    mode: str = "all",
    digits: str = "thai",
    body: str | None = None,
    processes: int = 2,
) -> Summary:
    """Write packs of the published build below `out`, and `index.html`.

    build: a row of ops.publication (build_id, published_at). fiscal_year, province (two digits,
    "00" central) and agency limit which. mode: "nightly" the newest year of each agency and the
    years whose own data changed; "refresh" the packs that are there and of which any fact changed;
    "all" every one. Packs that stand already are left alone unless `everything`. A pack that fails,
    or ends its process, is told on stderr and in the summary, and stops no other. body: how the
    findings are told (`pack.BODIES`); without it as the pack that stands, else by topics.
    processes: 0 writes in this one, unguarded. Raises ValueError for an unknown mode or format.
    """
    formats = formats or pack.FORMATS
    if mode not in MODES or not set(formats) <= set(pack.FORMATS):
        raise ValueError(
            f"mode {mode} or format {formats} is unknown: modes {MODES}, formats {pack.FORMATS}"
        )
    out.mkdir(parents=True, exist_ok=True)
    fonts.folder()
    with connect("ita_pack") as connection:
        keys = agency_years(connection, agency)
    asked = [key for key in keys if _is_asked(key, fiscal_year, province, agency)]
    named = {
        "build_id": build["build_id"],
        "date": thai_dates.local(build["published_at"]).date().isoformat(),
    }
    order = order_of(out, formats, digits=digits, body=body, everything=everything)
    with (
        tempfile.TemporaryDirectory(prefix="ita-packs-") as scratch,
        _workers(processes if len(asked) >= FEW else min(processes, len(asked), 1)) as pool,
        ThreadPoolExecutor(1) as reader,
    ):
        order["scratch"] = scratch
        _recover(out, {key["folder"] for key in asked})
        folders = {key["folder"] for key in asked}
        # A whole country's take a second: not read for a pack on demand, else while the packs are
        # written.
        listed = index.listed(out) if mode == "all" and len(asked) < FEW else None
        reading = reader.submit(index.manifests, out) if listed is None else None
        known = {} if mode == "all" or reading is None else reading.result()
        chosen = _candidates(asked, known, _seen(out), mode)
        summary = _run(_tasks(chosen, named, order), len(chosen), pool)
        manifests = reading.result() if reading else {}
    written = {key["folder"] for key in chosen}
    summary.unchanged += len((folders & manifests.keys()) - written)
    said = (index.rows(manifests) if listed is None else listed) | _made(out, written)
    if said != listed:
        index.write(out, said)
    if mode == "nightly" and not any((fiscal_year, province, agency)):
        _remember(out, keys, summary)
    return summary


def order_of(
    out: Path,
    formats: tuple[str, ...],
    *,
    digits: str = "thai",
    body: str | None = None,
    everything: bool = False,
) -> dict[str, Any]:
    """What the processes that write are told of all packs; `scratch`, a folder, comes to it."""
    return {
        "out": out,
        "formats": formats,
        "digits": digits,
        "body": body,
        "everything": everything,
    }


def _made(out: Path, folders: set[str]) -> dict[str, dict]:
    found = {folder: index.manifest(out / folder) for folder in folders}
    return index.rows({folder: made for folder, made in found.items() if made})


def _is_asked(key: dict, fiscal_year: int | None, province: str | None, agency: str | None) -> bool:
    return (
        fiscal_year in (None, key["fiscal_year"])
        and province in (None, key["province_code"])
        and agency in (None, key["agency_id"])
    )


def _remember(out: Path, keys: list[dict], summary: Summary) -> None:
    """Keep what this night saw, but for the packs that failed: the next night tries them again."""
    failed = {folder for folder, _ in summary.failed}
    seen = {key["folder"]: key["own_key"] for key in keys if key["folder"] not in failed}
    durable.write(out / "own_keys.json", json.dumps(seen))


def agency_years(connection: psycopg.Connection, agency_id: str | None = None) -> list[dict]:
    """What `sources.own_keys` gives, and `folder`: that of the pack below OUT; an agency_id cannot
    lead out of it.
    """
    keys = sources.own_keys(connection, agency_id)
    for key in keys:
        agency = quote(key["agency_id"], safe="")
        if agency.startswith("."):
            agency = agency.replace(".", "%2E")
        key["folder"] = f"{key['fiscal_year']}/{key['province_code']}/{agency}"
    return keys


def _seen(out: Path) -> dict | None:
    """own_key of every agency-year that the last nightly run saw; None before the first."""
    path = out / "own_keys.json"
    try:
        return dict(json.loads(path.read_bytes()))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, RecursionError) as error:  # this run writes it anew
        print(f"{path}: cannot be read ({error}): as if this were the first night", file=sys.stderr)
        return None


def _candidates(keys: list[dict], manifests: dict, seen: dict | None, mode: str) -> list[dict]:
    """The agency-years that may have to be written; whether they really are is seen from their
    facts.
    """
    newest: dict[str, int] = {}
    for key in keys:
        newest[key["agency_id"]] = max(newest.get(key["agency_id"], 0), key["fiscal_year"])

    def wanted(key: dict) -> bool:
        manifest = manifests.get(key["folder"])
        if mode == "all":
            return True
        if mode == "refresh":
            return manifest is not None
        if manifest:
            return manifest["own_key"] != key["own_key"]
        return key["fiscal_year"] == newest[key["agency_id"]] or (
            seen is not None and seen.get(key["folder"]) != key["own_key"]
        )

    return [key for key in keys if wanted(key)]


def _tasks(keys: list[dict], build: dict, order: dict) -> Iterator[list[tuple]]:
    """What _write_pack takes, in chunks: facts are read for many agencies of a year in one set of
    queries, all of one moment."""
    for fiscal_year, group in groupby(keys, lambda key: key["fiscal_year"]):
        year = None
        while chunk := list(islice(group, CHUNK)):
            with connect("ita_pack") as connection:
                connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
                year = year or Year(connection, fiscal_year)
                found = facts.read(connection, year, [key["agency_id"] for key in chunk], build)
            yield [(order, key, found.get(key["agency_id"])) for key in chunk]


def _ahead(chunks: Iterator[list]) -> Iterator:
    """The members of the chunks; one chunk is read ahead while those before it are worked on."""
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(next, chunks, None)
        while chunk := coming.result():
            coming = reader.submit(next, chunks, None)
            yield from chunk


def _workers(processes: int) -> Workers:
    """Processes that write packs, started at once: they are ready when it is known what to write.

    Not forked: a fork would copy Typst without its threads.
    """
    return Workers(_write_in_process, processes, start="spawn")


def _run(chunks: Iterator[list[tuple]], total: int, pool: Workers) -> Summary:
    """Write the packs in the processes of `pool`, while facts are read here.

    A pack whose process died is tried once more, in a new one: the system may have chosen an
    innocent one, or the memory was full of the packs before it.
    """
    summary, progress, again = Summary(), _Progress(total), []
    if not pool.processes:
        for task in _ahead(chunks):
            _count(summary, task, _write_pack(task), progress)
        return summary
    for task, outcome in pool.run((task, 0) for task in _ahead(chunks)):
        if isinstance(outcome, Died):
            again.append((task, 0))
        else:
            _count(summary, task, outcome, progress)
    for task, outcome in pool.run(again):
        _count(summary, task, outcome, progress)
    return summary


def _count(summary: Summary, task: tuple, outcome: str | Exception, progress: Any) -> None:
    folder = task[1]["folder"]
    if isinstance(outcome, Exception):
        outcome = f"{type(outcome).__name__}: {outcome}"
    if outcome == "written":
        summary.written += 1
    elif outcome == "unchanged":
        summary.unchanged += 1
    else:
        summary.failed.append((folder, outcome))
        print(f"pack {folder} failed: {outcome}", file=sys.stderr)
    progress.show(summary.written + summary.unchanged + len(summary.failed))


class _Progress:
    """One line on the terminal that tells how far the run is; silent where nobody looks on."""

    def __init__(self, total: int) -> None:
        self.total, self.start = total, time.monotonic()

    def show(self, done: int) -> None:
        if sys.stderr.isatty():
            rate = done / max(time.monotonic() - self.start, 0.001)
            print(
                f"\rpacks {done}/{self.total}  {rate:.1f}/s",
                end="\n" if done == self.total else "",
                file=sys.stderr,
                flush=True,
            )


# ---- in a worker process -------------------------------------------------------------------------


def _write_in_process(task: tuple) -> str:
    os.environ.setdefault("RAYON_NUM_THREADS", "1")  # packs run side by side already
    tempfile.tempdir = task[0]["scratch"]  # a process that is ended cleans nothing up
    return _write_pack(task)


def _write_pack(task: tuple[dict, dict, dict | None]) -> str:
    """Write one pack's folder: "written", "unchanged" where it stands already with the same facts,
    or why it failed."""
    order, key, read = task
    try:
        return "written" if _replaced(order, key, read) else "unchanged"
    except Exception as error:  # one bad pack must not stop the others
        return f"{type(error).__name__}: {error}"


def _replaced(order: dict, key: dict, read: dict | None) -> bool:
    if read is None:
        raise LookupError("no scores of it are published any more")
    folder = order["out"] / key["folder"]
    sha256, manifest = facts.sha256(read), index.manifest(folder)
    body = order["body"] or (manifest or {}).get("body", "topics")
    now = {
        "facts_sha256": sha256,
        "writer_sha256": writer_sha256(),
        "digits": order["digits"],
        "body": body,
    }
    kept: dict[str, str] = {}
    if manifest is not None and not order["everything"]:
        same = all(manifest.get(key) == value for key, value in now.items())
        kept = _as_written(folder, manifest["files"]) if same else {}
    missing = tuple(
        form for form in order["formats"] if not all(name in kept for name in pack.FILES[form])
    )
    if manifest is not None and not missing and manifest["own_key"] == key["own_key"]:
        return False
    if manifest is not None and manifest["facts_sha256"] == sha256:
        read["build"] = manifest["build"]  # a pack names the build in which its facts last changed
    complete = pack.complete(read, body)
    written = pack.files(complete, missing, order["digits"])
    written.update({name: (folder / name).read_bytes() for name in kept if name not in written})
    _replace_folder(folder, {**written, "manifest.json": _describe(complete, key, now, written)})
    return True


def _as_written(folder: Path, files: dict[str, str]) -> dict[str, str]:
    """Of a pack's files (name -> SHA-256) those that are what they were written as."""
    others = durable.changed(folder, files)
    for name in others:
        print(f"{folder / name}: not what was written; written again", file=sys.stderr)
    return {name: sha256 for name, sha256 in files.items() if name not in others}


def _describe(complete: dict, key: dict, now: dict, written: dict[str, bytes]) -> bytes:
    manifest = {
        "build_id": complete["build"]["build_id"],
        "build": complete["build"],
        "agency_id": key["agency_id"],
        "fiscal_year": key["fiscal_year"],
        "province_code": key["province_code"],
        "province_th": complete["agency"]["province_th"],
        "name_th": complete["agency"]["name_th"],
        "overall_score": complete["assessment"]["overall_score"],
        "level_th": complete["assessment"]["level_th"],
        "inputs": complete["sources"],
        "own_key": key["own_key"],
        **now,
        "must_add": checklist.missing(complete["checklist"]),
        "files": {
            name: hashlib.sha256(content).hexdigest() for name, content in sorted(written.items())
        },
    }
    return json.dumps(manifest, ensure_ascii=False, indent=1).encode()


@cache
def writer_sha256() -> str:
    """The hash of the code that writes packs: other code may write other bytes of one pack."""
    digest = hashlib.sha256()
    here = Path(__file__).parent
    rooms = [here.glob("*.py"), here.glob("content/**/*"), here.glob("setting/**/*")]
    files = {file for room in rooms for file in room if file.is_file() and file.suffix != ".pyc"}
    for file in sorted(files):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _recover(out: Path, folders: set[str]) -> None:
    """Put the old pack back where its replacement was cut off, so that this run sees what changed
    since.
    """
    for old in out.glob("[0-9]*/[0-9]*/.*.old"):
        folder = old.with_name(old.name[1 : -len(".old")])
        if folder.relative_to(out).as_posix() in folders and not folder.exists():
            old.rename(folder)


def _beside(folder: Path, end: str) -> Path:
    return folder.with_name(f".{folder.name}.{end}")


def _replace_folder(folder: Path, contents: dict[str, bytes]) -> None:
    """Put a folder with these files in the place of `folder`: a reader sees the old pack or the new
    one.

    Killed between its two renames it leaves neither: the next run puts the old one back
    (`_recover`).
    """
    temporary, old = _beside(folder, "new"), _beside(folder, "old")
    shutil.rmtree(temporary, ignore_errors=True)
    durable.make_folder(temporary)
    for name, content in contents.items():
        (temporary / name).write_bytes(content)
    durable.sync([*temporary.iterdir(), temporary])
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    temporary.rename(folder)
    durable.sync([folder.parent])
    shutil.rmtree(old, ignore_errors=True)
