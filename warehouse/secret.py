"""Generated passwords, kept in ITA_HOME/secrets, readable by the owner only."""

import errno
import os
import secrets
from pathlib import Path

from warehouse import durable, settings
from warehouse.errors import Fault

# A folder or a link to itself has a secret as little as no file.
NOTHING_THERE = (errno.ENOENT, errno.EISDIR, errno.ELOOP)


def secret(name: str) -> str:
    """The secret of that name (86 characters, URL-safe); made on first use, whoever asks first.

    Only for whom a new one does as well: see `kept`. Raises Fault where its file is broken.
    """
    path = _path(name)
    if not os.path.lexists(path):
        temporary = path.with_name(f".{name}.{os.getpid()}")
        temporary.touch(mode=0o600)
        with temporary.open("w") as file:
            file.write(_new())
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(temporary, path)  # the first process wins; a half-written secret is never seen
        except FileExistsError:
            pass
        temporary.unlink()
        durable.sync([path.parent])
    return kept(name)


def kept(name: str) -> str:
    """The secret of that name, which somebody has agreed on before.

    Raises Fault where it is lost: another one in its place would be wrong, and hide the loss.
    """
    path = _path(name)
    try:
        found = path.read_text("utf-8").strip()
    except UnicodeDecodeError:
        found = ""
    except OSError as error:
        if error.errno not in NOTHING_THERE:
            raise
        found = ""
    if not found.isprintable() or not found:
        raise Fault(
            f"{path} is lost: it held a password that is in use",
            "put it back from the back-up, or see *Lost passwords* in docs/operations/access.md",
        )
    return found


def again(name: str) -> str:
    """`secret`, and a new one where what is there is broken: for whom has the server take it."""
    try:
        return secret(name)
    except Fault:
        replace(name, _new())
        return kept(name)


def _new() -> str:
    return secrets.token_urlsafe(64)


def replace(name: str, content: str) -> None:
    """Keep `content` under that name, instead of what was there."""
    durable.write(_path(name), content, mode=0o600)


def remove(name: str) -> None:
    _path(name).unlink(missing_ok=True)


def exists(name: str) -> bool:
    return _path(name).exists()


def _path(name: str) -> Path:
    folder = settings.folder("secrets")
    folder.chmod(0o700)
    return folder / name
