"""Generated passwords, kept in ITA_HOME/secrets, readable by the owner only."""

import os
import secrets

from warehouse import settings


def secret(name: str) -> str:
    """The secret of that name (86 characters, URL-safe); made on first use, whoever asks first."""
    folder = settings.folder("secrets")
    folder.chmod(0o700)
    path = folder / name
    if not path.exists():
        temporary = folder / f".{name}.{os.getpid()}"
        temporary.touch(mode=0o600)
        temporary.write_text(secrets.token_urlsafe(64))
        try:
            os.link(temporary, path)  # the first process wins; a half-written secret is never seen
        except FileExistsError:
            pass
        temporary.unlink()
    return path.read_text()
