"""Building the font of the packs: "Sarabun ITA" = Sarabun plus one glyph for every Thai syllable
cluster.

PDF readers lose or double Thai vowel and tone marks when a mark is its own glyph, moved over its
consonant. Here each
consonant with its marks is one composite glyph with one entry in the text layer, so every reader
gives the Thai back.
Positions come from HarfBuzz: the page looks the same. Sarabun is under the SIL Open Font License
1.1, which allows
changed versions under the same licence; the licence lies beside the built font.
"""

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import fontpkg
import uharfbuzz
from fontTools import subset
from fontTools.otlLib.builder import buildLigatureSubstSubtable
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphComponent

from reports.setting.pdf.fonts import DIGESTS
from warehouse import durable

FAMILY = "Sarabun ITA"
STYLES = ("Regular", "Bold")
CONSONANTS = "กขฃคฅฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮฤฦ"
VOWELS = "\u0e31\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39\u0e47\u0e3a\u0e4d"
TONES = "\u0e48\u0e49\u0e4a\u0e4b\u0e4c"
SARA_AM = "\u0e33"
TAILS = [
    *VOWELS,
    *TONES,
    *(v + t for v in VOWELS for t in TONES),
    SARA_AM,
    *(t + SARA_AM for t in TONES[:4]),
]
HINTING = ("fpgm", "prep", "cvt ", "gasp", "hdmx", "VDMX", "LTSH")


def build_all(target: Path) -> None:
    """Write the font in both styles, its characters, the web font, the licence and, last, their
    digests to the folder `target`."""
    source = Path(str(fontpkg.path("Sarabun"))).parent
    made = {"OFL.txt": (source.parent / "LICENSE").read_bytes()}
    for style in STYLES:
        made[f"SarabunITA-{style}.ttf"] = build(source / f"Sarabun-{style}.ttf")
        made[f"Sarabun-{style}.woff2"] = web(source / f"Sarabun-{style}.ttf")
    shown = TTFont(io.BytesIO(made["SarabunITA-Regular.ttf"])).getBestCmap()
    made["characters.json"] = json.dumps(sorted(shown)).encode()
    durable.write_all({target / name: content for name, content in made.items()})
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in made.items()}
    durable.write(target / DIGESTS, durable.to_json(digests))


def web(source: Path) -> bytes:
    """The stock font `source` as WOFF2 with Thai, Latin and the signs that packs use: browsers
    shape it right."""
    font = TTFont(source, recalcTimestamp=False)
    chosen = subset.Subsetter(subset.Options(layout_features=["*"], hinting=False))
    chosen.populate(
        unicodes=[*range(0x20, 0x7F), *range(0xE01, 0xE5C), *map(ord, "\u00a0·×–“”…−▲▼◆•")]
    )
    chosen.subset(font)
    font.flavor, out = "woff2", io.BytesIO()
    font.save(out)
    return out.getvalue()


def build(source: Path) -> bytes:
    """The font `source` with a glyph for each cluster, as TrueType."""
    font = TTFont(source, recalcTimestamp=False)
    clusters = _shape_clusters(source)
    _add_glyphs(font, clusters)
    _add_ligatures(font, {glyphs: name for name, glyphs, _ in clusters})
    _rename(font)
    for tag in ("DSIG", *HINTING):
        if tag in font:
            del font[tag]
    for name in font.getGlyphOrder():
        font["glyf"][name].removeHinting()
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


# (new glyph's name, glyphs that it stands for, [(glyph, advance, x, y)])
Cluster = tuple[str, tuple[str, ...], list[tuple[str, int, int, int]]]


def _shape_clusters(source: Path) -> list[Cluster]:
    """Each cluster of two or more glyphs."""
    shaper = uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(source))))
    found: dict[tuple[str, ...], Cluster] = {}
    for consonant in CONSONANTS:
        for tail in TAILS:
            buffer = uharfbuzz.Buffer()
            buffer.add_str(consonant + tail)
            buffer.guess_segment_properties()
            uharfbuzz.shape(shaper, buffer, {"kern": False})
            placed = [
                (
                    shaper.glyph_to_string(info.codepoint),
                    position.x_advance,
                    position.x_offset,
                    position.y_offset,
                )
                for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=False)
            ]
            glyphs = tuple(glyph for glyph, *_ in placed)
            if len(glyphs) > 1:
                found.setdefault(
                    glyphs,
                    ("th" + "".join(f"_{ord(c):04X}" for c in consonant + tail), glyphs, placed),
                )
    return list(found.values())


def _add_glyphs(font: TTFont, clusters: Any) -> None:
    glyf, metrics = font["glyf"], font["hmtx"]
    empty = {name for name in font.getGlyphOrder() if glyf[name].numberOfContours == 0}
    font.setGlyphOrder(font.getGlyphOrder() + [name for name, _, _ in clusters])
    glyf.glyphOrder = font.getGlyphOrder()
    glyf._reverseGlyphOrder = {}
    for name, _, placed in clusters:
        composite, pen = Glyph(), 0
        composite.numberOfContours, composite.components = -1, []
        for glyph, advance, x, y in placed:
            if glyph not in empty:
                part = GlyphComponent()
                # No USE_MY_METRICS: readers would then take the width of one component and lose
                # that of sara am.
                part.glyphName, part.x, part.y, part.flags = glyph, pen + x, y, 0x4
                composite.components.append(part)
            pen += advance
        glyf.glyphs[name] = composite
        metrics[name] = (pen, 0)
    for name, _, _ in clusters:
        glyf[name].recalcBounds(glyf)
        metrics[name] = (metrics[name][0], glyf[name].xMin)


def _add_ligatures(font: TTFont, names: dict[tuple[str, ...], str]) -> None:
    """One ligature lookup, last in ccmp, in subtables of eight consonants (offsets are 16 bits)."""
    first = sorted({glyphs[0] for glyphs in names})
    lookup = otTables.Lookup()
    lookup.LookupType, lookup.LookupFlag = 4, 0
    lookup.SubTable = [
        buildLigatureSubstSubtable({g: n for g, n in names.items() if g[0] in first[i : i + 8]})
        for i in range(0, len(first), 8)
    ]
    lookup.SubTableCount = len(lookup.SubTable)
    table = font["GSUB"].table
    table.LookupList.Lookup.append(lookup)
    table.LookupList.LookupCount = len(table.LookupList.Lookup)
    for record in table.FeatureList.FeatureRecord:
        if record.FeatureTag == "ccmp":
            record.Feature.LookupListIndex.append(table.LookupList.LookupCount - 1)
            record.Feature.LookupCount = len(record.Feature.LookupListIndex)
    classes = font["GDEF"].table.GlyphClassDef if "GDEF" in font else None
    if classes:
        classes.classDefs.update(dict.fromkeys(names.values(), 1))


def _rename(font: TTFont) -> None:
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 16):
            record.string = record.toUnicode().replace("Sarabun", FAMILY)
        elif record.nameID == 6:
            record.string = record.toUnicode().replace("Sarabun", FAMILY.replace(" ", ""))
