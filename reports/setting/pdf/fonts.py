"""The fonts of the packs, below ITA_HOME: built by the first process that needs them, read by all
others. A broken one would set a report in another font, without a word: it is built again."""

import json
import os
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
    digests = durable.read_json(target / DIGESTS) or {}
    broken = durable.changed(target, digests)
    for name in broken:
        if os.path.lexists(target / name):
            durable.set_aside(target / name, "not as it was built")
    return bool(digests) and not broken


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
