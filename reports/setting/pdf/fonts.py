"""The fonts of the packs, below ITA_HOME: built by the first process that needs them, read by all
others. A broken one would set a report in another font, without a word: it is built again."""

import hashlib
import json
from functools import cache
from importlib.metadata import version
from pathlib import Path

from warehouse import durable, settings

DIGESTS = "digests.json"  # name -> SHA-256 of what was built; written last


def folder() -> Path:
    """The folder with the built fonts and their licence; built on first use, then only found."""
    target = settings.folder("fonts") / f"sarabun-ita-{version('fontpkg-sarabun')}-2"
    if not target.exists() or not _is_whole(target):
        from reports.setting.pdf import (
            build_fonts,
        )  # its libraries take longer to import than a pack to write

        target.mkdir(exist_ok=True)
        build_fonts.build_all(target)
        _is_whole.cache_clear()
    return target


@cache  # once a process: a chunk of packs asks hundreds of times
def _is_whole(target: Path) -> bool:
    """Are the files there as they were built? Those that are others are set aside."""
    digests = durable.read_json(target / DIGESTS)
    found = {name: _digest(target / name) for name in digests or {}}
    broken = [name for name, digest in found.items() if digest != (digests or {})[name]]
    for name in broken:
        if found[name] is not None:
            durable.set_aside(target / name, "not as it was built")
    return bool(found) and not broken


def _digest(file: Path) -> str | None:
    """'' of a folder; None of what is not there."""
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except FileNotFoundError:
        return None
    except IsADirectoryError:
        return ""


def characters() -> frozenset[str]:
    """The characters that the font can show."""
    return frozenset(map(chr, json.loads((folder() / "characters.json").read_bytes())))


def stock(style: str) -> bytes:
    """Stock Sarabun of that style as TrueType, whole: who writes on in a document needs it so."""
    import fontpkg

    source = Path(str(fontpkg.path("Sarabun"))).parent
    return (source / f"Sarabun-{style}.ttf").read_bytes()


def web(style: str) -> bytes:
    """Stock Sarabun of that style (Regular, Bold) as WOFF2, cut to the characters that packs
    use."""
    return (folder() / f"Sarabun-{style}.woff2").read_bytes()
