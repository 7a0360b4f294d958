"""The fonts of the packs, below ITA_HOME: built by the first process that needs them, read by all
others."""

import json
from importlib.metadata import version
from pathlib import Path

from warehouse import settings


def folder() -> Path:
    """The folder with the built fonts and their licence; built on first use, then only found."""
    target = settings.folder("fonts") / f"sarabun-ita-{version('fontpkg-sarabun')}-2"
    if not (target / "OFL.txt").exists():
        from reports.setting.pdf import (
            build_fonts,
        )  # its libraries take longer to import than a pack to write

        target.mkdir(exist_ok=True)
        build_fonts.build_all(target)
    return target


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
