"""Object stores at the two edges: submissions come from one, packs go to one.

An address is a URL that fsspec knows: s3://bucket/inbox, file:///mnt/inbox. The driver of a store
(s3fs, gcsfs, adlfs) is installed by whoever uses it; credentials are the driver's own (environment,
instance role).
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from warehouse.errors import BadInput, Fault

# Where a store says when an object came, by its own clock. `mtime` is none of them: on a file
# system whoever writes the file sets it.
TIMES = ("LastModified", "last_modified", "updated", "created")


def is_address(text: str | Path) -> bool:
    return "://" in str(text)


@contextmanager
def fetched(address: str | Path, largest: int) -> Iterator[Path]:
    """What is at the address as a local file or folder of the same name, until the block ends.

    A path is itself. `largest`: bytes of one object. Raises BadInput where nothing is there, an
    object is larger or no driver knows the address, Fault where the store fails.
    """
    if not is_address(address):
        yield Path(address)
        return
    store, root = _store(str(address))
    with TemporaryDirectory(prefix="ita-inbox-") as folder:
        top = Path(folder) / (PurePosixPath(root).name or "inbox")
        try:
            names = store.find(root)
            for name in names:
                inside = PurePosixPath(name).relative_to(root).parts
                if ".." in inside:
                    raise BadInput(
                        f"{name}: a name that leaves its folder", "rename it in the store"
                    )
                _fetch(store, name, top.joinpath(*inside), largest)
        except OSError as error:
            raise Fault(
                f"{root}: cannot be read: {error}",
                "is the store reachable, and may you read there?",
            ) from error
        if not names:
            raise BadInput(
                f"{root}: nothing is there",
                "give the address of an object or of a folder of objects",
            )
        yield top


def _fetch(store: Any, name: str, target: Path, largest: int) -> None:
    """One object; its copy carries the store's time of it."""
    about = store.info(name)
    size = about.get("size") or 0
    if size > largest:
        raise BadInput(f"{name}: {size:,} bytes, at most {largest:,}", "split it")
    target.parent.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(target.parent).free < 2 * size:
        raise Fault(f"{name}: no room for {size:,} bytes in {target.parent}", "make room")
    with store.open(name, "rb") as source, target.open("wb") as copy:
        shutil.copyfileobj(source, copy)
    came = next((about[key] for key in TIMES if about.get(key)), None)
    if came is not None:
        os.utime(target, (_seconds(came),) * 2)


def _seconds(came: datetime | str | float) -> float:
    if isinstance(came, str):
        came = datetime.fromisoformat(came)
    return came if isinstance(came, float | int) else came.timestamp()


def stored_at(file: Path) -> datetime:
    """When a file that was fetched came to its store; where that does not say so, now."""
    return datetime.fromtimestamp(file.stat().st_mtime, UTC)


@contextmanager
def filled(address: str | Path) -> Iterator[Path]:
    """An empty local folder, whose files go to the address when the block has ended well; a path is
    itself.

    Raises BadInput where no driver knows the address, Fault where the store fails.
    """
    if not is_address(address):
        yield Path(address)
        return
    store, root = _store(str(address))
    with TemporaryDirectory(prefix="ita-outbox-") as folder:
        yield Path(folder)
        _send(Path(folder), store, root)


def _send(folder: Path, store: Any, root: str) -> None:
    """In each folder the manifest goes last, and the index last of all: what they list is there
    already.
    """
    files = sorted(
        (file for file in folder.rglob("*") if file.is_file()),
        key=lambda file: (
            file.parent == folder,
            file.parent.relative_to(folder),
            file.name == "manifest.json",
            file.name,
        ),
    )
    for file in files:
        name = f"{root.rstrip('/')}/{file.relative_to(folder).as_posix()}"
        try:
            store.makedirs(name.rpartition("/")[0], exist_ok=True)
            with file.open("rb") as source, store.open(name, "wb") as target:
                shutil.copyfileobj(source, target)
        except OSError as error:
            raise Fault(
                f"{name}: cannot be written: {error}",
                "is the store reachable, and may you write there?",
            ) from error


def _store(address: str) -> Any:
    """The file system of an address and the path in it."""
    from fsspec.core import url_to_fs

    try:
        return url_to_fs(address)
    except (ImportError, ValueError) as error:
        kind = address.partition("://")[0]
        raise BadInput(
            f"{kind}://: no store that can be used: {error}",
            "install its driver (s3:// needs s3fs), or give a path",
        ) from error
