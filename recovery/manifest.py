"""What a back-up is: a folder that says of itself what is in it, and is whole or not there.

<where>/ita-20261129T223000Z/
    manifest.json     what it is of, versions, the checksums of the marts
    files.jsonl       each other file of the back-up: path, SHA-256, size, time, mode
    roles.json        logins and roles, with PostgreSQL's verifiers of their passwords
    home/             ITA_HOME, but for what is made again (files.MADE_AGAIN)
    databases/        pg_dump's folder of each database: warehouse, warehouse_airflow, …
"""

import hashlib
import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from warehouse.errors import BadInput, Fault

FORMAT = 1
NAME = re.compile(r"ita-\d{8}T\d{6}Z")
BLOCK = 1024 * 1024


@dataclass(frozen=True)
class File:
    """A file of a back-up: path below its folder, and what it was when it was copied."""

    path: str
    sha256: str
    size: int
    mtime_ns: int
    mode: int


def backups(where: Path) -> list[Path]:
    """The whole back-ups in a folder, the oldest first."""
    if not where.is_dir():
        return []
    return sorted(
        path
        for path in where.iterdir()
        if NAME.fullmatch(path.name) and (path / "manifest.json").exists()
    )


def read(backup: Path) -> dict[str, Any]:
    """The manifest. Raises BadInput for a folder that is no back-up, or one of a later release."""
    try:
        found: dict[str, Any] = json.loads((backup / "manifest.json").read_bytes())
        told = found["format"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInput(
            f"{backup} is no back-up: {type(error).__name__} at manifest.json",
            "give a folder ita-<time> that `ita backup` made",
        ) from None
    if told != FORMAT:
        raise BadInput(
            f"{backup} has format {told}, this release knows {FORMAT}", "use its release"
        )
    return found


def write_files(backup: Path, files: list[File]) -> str:
    """Write files.jsonl; its SHA-256, which the manifest holds."""
    lines = [json.dumps(asdict(file), ensure_ascii=True) for file in files]
    content = "".join(f"{line}\n" for line in lines).encode()
    (backup / "files.jsonl").write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def files(backup: Path) -> Iterator[File]:
    """Each file of a back-up."""
    with (backup / "files.jsonl").open(encoding="ascii") as lines:
        for line in lines:
            yield File(**json.loads(line))


def check(backup: Path) -> dict[str, Any]:
    """The manifest of a back-up whose every byte is what it was. Raises Fault where one is not."""
    found = read(backup)
    if sha256_of(backup / "files.jsonl") != found["files_sha256"]:
        raise Fault(f"{backup / 'files.jsonl'} is not what it was", "take another back-up")
    with ThreadPoolExecutor(4) as pool:
        wrong = [
            path for path in pool.map(lambda file: _wrong(backup, file), files(backup)) if path
        ]
    if wrong:
        raise Fault(
            f"{len(wrong)} files of {backup} are lost or changed, the first is {wrong[0]}",
            "take another back-up; what is whole in this one can still be copied by hand",
        )
    return found


def _wrong(backup: Path, file: File) -> str:
    path = backup / file.path
    whole = path.is_file() and sha256_of(path) == file.sha256
    return "" if whole else file.path


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as content:
        while block := content.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
