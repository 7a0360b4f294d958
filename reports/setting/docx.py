"""Blocks to DOCX: real styles and headings, a table of contents with its page numbers, linked
content controls around finished text.

The parts of the package are written directly: the few that never change lie in `docx_parts/`.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from reports.blocks import Text, leads
from reports.setting import palette
from reports.setting.docx_tables import figures, signature, table
from reports.setting.pdf import fonts, render
from warehouse import mark

TEMPLATES = Path(__file__).parent / "docx_parts"
EMU = 36000  # a millimetre
STYLES = {"body": "BodyText", "plain": "Normal", "note": "Note", "label": "Label"}
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
FONT_KEY = "{8E6B0A51-3C9D-4F27-A6B4-2D5E7F109C83}"  # any: the key that hides the fonts inside
STORE = "{5B1F3C62-7A0E-4D9B-8C31-90E4D2A6F7B5}"  # any: the name of the part that links controls
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
FIELD = '<w:r><w:fldChar w:fldCharType="{}"{}/></w:r>'
INSTRUCTION = '<w:r><w:instrText xml:space="preserve"> {} </w:instrText></w:r>'


def write(
    blocks: list[dict],
    *,
    title: str,
    author: str,
    date: str,
    digits: str,
    running: str,
    kind: str,
    pages: list[int] | None = None,
) -> bytes:
    """The document as bytes, the same for the same blocks. `running` is the head line, `date` ISO,
    digits thai or arabic, `kind` as in `warehouse.mark`; `pages` of the headings, in order."""
    body = Body(digits)
    charts = [block for block in blocks if block["t"] == "chart"]
    pictures = render.pngs([block["drawing"] for block in charts])
    headings = [block for block in blocks if block["t"] == "heading"]
    body.add_all(blocks, headings, pages or [None] * len(headings))
    names = {
        "TITLE": text(title),
        "AUTHOR": text(author),
        "DATE": date,
        "RUNNING": text(running),
        "BODY": body.xml(),
        "MARK": mark.of(kind),
        "PRODUCT": mark.PRODUCT,
        "KIND": kind,
        "KEY": FONT_KEY,
        "STORE": STORE,
        "CHOICES": "".join(f"<choice>{text(words)}</choice>" for words in body.choices.values()),
        "PICTURES": "".join(
            f'<Relationship Id="rIdP{n}" Type="{REL}/image" Target="media/chart{n}.png"/>'
            for n in range(1, len(pictures) + 1)
        ),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, template in _templates():
            filled = re.sub(r"\{\{(\w+)\}\}", lambda m: names[m[1]], template)
            _store(package, name, filled.encode())
        for n, picture in enumerate(pictures, 1):
            _store(package, f"word/media/chart{n}.png", picture, zipfile.ZIP_STORED)
        for n, font in enumerate(_fonts(), 1):
            _store(package, f"word/fonts/font{n}.odttf", font)
    return out.getvalue()


@cache
def _templates() -> list[tuple[str, str]]:
    """(path in the package, text) of the parts, the content types first."""
    files = [path for path in TEMPLATES.rglob("*") if path.is_file()]
    parts = [
        (
            path.relative_to(TEMPLATES).as_posix().replace("_rels/package.rels", "_rels/.rels"),
            path.read_text("utf-8"),
        )
        for path in files
    ]
    return sorted(parts, key=lambda part: (part[0] != "[Content_Types].xml", part[0]))


@cache
def _fonts() -> list[bytes]:
    """Sarabun in two styles, hidden as the standard wants it (ECMA-376, 17.8.1): without it a
    reader takes another font, and the document grows to twice its pages."""
    key = bytes.fromhex(FONT_KEY.strip("{}").replace("-", ""))[::-1]
    hidden = []
    for style in ("Regular", "Bold"):
        data = bytearray(fonts.stock(style))
        for place in range(32):
            data[place] ^= key[place % 16]
        hidden.append(bytes(data))
    return hidden


def _store(package: Any, name: str, content: Any, method: Any = zipfile.ZIP_DEFLATED) -> None:
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = method
    package.writestr(entry, content, compresslevel=4)


def text(words: str) -> str:
    return escape(ILLEGAL.sub("", words))


class Body:
    """Collects the XML of w:body; each page() closes the section before it."""

    def __init__(self, digits: str) -> None:
        self.landscape, self.closed, self.digits = False, False, digits
        self.parts: list[str] = []
        self.controls, self.charts, self.bookmarks = 0, 0, 0
        self.choices: dict[str, str] = {}  # tag of linked controls -> the text that they share

    def xml(self) -> str:
        return "".join(self.parts) + self.section()

    def section(self) -> str:
        wide, tall = 16838, 11906
        size = f'<w:pgSz w:w="{tall}" w:h="{wide}"/>'
        margins = 'w:top="1417" w:right="1134" w:bottom="1134" w:left="1701"'
        if self.landscape:
            size = f'<w:pgSz w:w="{wide}" w:h="{tall}" w:orient="landscape"/>'
            margins = 'w:top="1250" w:right="1134" w:bottom="960" w:left="1134"'
        number = '<w:pgNumType w:fmt="thaiNumbers"/>' if self.digits == "thai" else ""
        header = "rIdLandscape" if self.landscape else "rIdHeader"
        return (
            f'<w:sectPr><w:headerReference w:type="default" r:id="{header}"/>'
            f'<w:headerReference w:type="first" r:id="rIdFirst"/><w:type w:val="nextPage"/>{size}'
            f'<w:pgMar {margins} w:header="680" w:footer="500" w:gutter="0"/>{number}'
            f"{'' if self.closed else '<w:titlePg/>'}</w:sectPr>"
        )

    def add_all(self, blocks: list, headings: Any, pages: Any) -> None:
        around = zip([None, *blocks], blocks, [*blocks[1:], None], strict=False)
        for before, block, following in around:
            kind = block["t"]
            if kind == "page":
                look = f'<w:pStyle w:val="AfterTable"/>{self.section()}'
                self.parts.append(f"<w:p><w:pPr>{look}</w:pPr></w:p>")
                self.landscape, self.closed = block["landscape"], True
            elif kind == "paragraph":
                held = leads(block, before, following) or block.get("kept")
                keep = "<w:keepNext/>" if held else ""
                self.parts.append(self.paragraph(block["text"], STYLES[block["style"]], keep))
            elif kind == "contents":
                self.parts.append(self.paragraph(block["title"], "TOCHeading"))
                self.contents(headings, pages)
            else:
                self.parts += getattr(self, f"add_{kind}")(block)

    def add_heading(self, block: dict) -> Iterator[str]:
        self.bookmarks += 1
        n = self.bookmarks
        yield (
            f'<w:p><w:pPr><w:pStyle w:val="Heading{block["level"]}"/></w:pPr>'
            f'<w:bookmarkStart w:id="{n}" w:name="_Toc{n:06d}"/>{self.runs(block["text"])}'
            f'<w:bookmarkEnd w:id="{n}"/></w:p>'
        )

    def add_list(self, block: dict) -> list:
        keep = "<w:keepNext/>" if block["together"] else ""
        return [self.paragraph(item, "ListBullet", keep) for item in block["items"]]

    def add_ticks(self, block: dict) -> list:
        return [self.paragraph(["☐ ", item], "Normal") for item in block["items"]]

    def add_table(self, block: dict) -> list:
        return [table(self, block)]

    def add_figures(self, block: dict) -> list:
        return [figures(self, block)]

    def add_signature(self, block: dict) -> list:
        return [signature(self, block, render.SIGN, render.SEAL)]

    def paragraph(self, words: Text, style: Any, look: str = "") -> str:
        return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{look}</w:pPr>{self.runs(words)}</w:p>'

    def runs(self, words: Text, bold: bool = False) -> str:
        if isinstance(words, list):
            return "".join(self.runs(part, bold) for part in words)
        if isinstance(words, dict):
            if "b" in words:
                return self.runs(words["b"], True)
            if "field" in words:
                return self.control(words["field"], words["text"])
            return self.runs(words["raw"] if "raw" in words else words["text"], bold)
        look = "<w:rPr><w:b/><w:bCs/></w:rPr>" if bold else ""
        lines = "<w:br/>".join(
            f'<w:t xml:space="preserve">{text(line)}</w:t>' for line in words.split("\n")
        )
        return f"<w:r>{look}{lines}</w:r>" if words else ""

    def control(self, tag: str, words: str) -> str:
        """A content control around finished text, linked to all others of the same tag."""
        self.controls += 1
        self.choices.setdefault(tag, words)
        n = list(self.choices).index(tag) + 1
        return (
            f'<w:sdt><w:sdtPr><w:tag w:val="choice_{n}"/><w:id w:val="{100000 + self.controls}"/>'
            f"<w:dataBinding w:prefixMappings=\"xmlns:c='urn:ita-warehouse:choices'\" "
            f'w:xpath="/c:choices[1]/c:choice[{n}]" w:storeItemID="{STORE}"/>'
            f'<w:text w:multiLine="1"/></w:sdtPr><w:sdtContent>{self.runs(words)}'
            "</w:sdtContent></w:sdt>"
        )

    def add_chart(self, block: dict) -> Iterator[Any]:
        self.charts += 1
        n = self.charts
        width, height = (round(block["drawing"][side] * EMU) for side in ("width", "height"))
        yield (
            '<w:p><w:pPr><w:keepNext/><w:spacing w:before="120" w:after="60"/>'
            '<w:jc w:val="center"/></w:pPr><w:r><w:drawing>'
            '<wp:inline distT="0" distB="0" distL="0" distR="0">'
            f'<wp:extent cx="{width}" cy="{height}"/><wp:docPr id="{n}" name="chart{n}" '
            f'descr="{text(block["alt"])}"/><a:graphic><a:graphicData '
            'uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
            f'<pic:cNvPr id="{n}" name="chart{n}.png"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
            f'<a:blip r:embed="rIdP{n}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
            f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData>'
            "</a:graphic></wp:inline></w:drawing></w:r></w:p>"
        )
        yield self.paragraph(block["caption"], "Caption")

    def add_cover(self, block: dict) -> Iterator[Any]:
        back, front, full = palette.level(block["colour"])
        yield self.paragraph("\n".join(block["title"]), "Title")
        yield self.paragraph("\n".join(block["subtitle"]), "Subtitle")
        marks = f"\n{'■' * full}{'□' * (5 - full)}" if full else ""
        lines = ((block["badge"][0], 38), (block["badge"][1] + marks, 28))
        yield (
            '<w:tbl><w:tblPr><w:tblW w:w="5200" w:type="dxa"/><w:jc w:val="center"/><w:tblLayout '
            'w:type="fixed"/></w:tblPr><w:tblGrid><w:gridCol w:w="5200"/></w:tblGrid><w:tr><w:tc>'
            '<w:tcPr><w:tcW w:w="5200" w:type="dxa"/><w:shd w:val="clear" w:color="auto" '
            f'w:fill="{back[1:]}"/></w:tcPr>{self._badge(lines, front)}</w:tc></w:tr></w:tbl>'
        )
        yield self.paragraph(block["name"], "CoverName")
        yield self.paragraph(block["place"], "Subtitle")
        yield from (self.paragraph(line, "CoverNote") for line in block["note"])

    @staticmethod
    def _badge(lines: Any, front: Any) -> str:
        return "".join(
            '<w:p><w:pPr><w:pStyle w:val="Badge"/></w:pPr><w:r><w:rPr>'
            f'<w:color w:val="{front[1:]}"/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>'
            + "<w:br/>".join(f"<w:t>{text(line)}</w:t>" for line in words.split("\n"))
            + "</w:r></w:p>"
            for words, size in lines
        )

    def contents(self, headings: Any, pages: Any) -> None:
        """A TOC field with its entries in place: right as it is opened, and Word can update it."""
        begin = (
            FIELD.format("begin", ' w:dirty="true"')
            + INSTRUCTION.format('TOC \\o "1-2" \\h \\z \\u')
            + FIELD.format("separate", "")
        )
        for n, (heading, page) in enumerate(zip(headings, pages, strict=True), 1):
            if heading["level"] > 2:
                continue
            number = (
                FIELD.format("begin", "")
                + INSTRUCTION.format(f"PAGEREF _Toc{n:06d} \\h")
                + FIELD.format("separate", "")
                + self.runs(render.number(page, self.digits))
                + FIELD.format("end", "")
            )
            self.parts.append(
                f'<w:p><w:pPr><w:pStyle w:val="TOC{heading["level"]}"/></w:pPr>{begin}'
                f'<w:hyperlink w:anchor="_Toc{n:06d}" w:history="1">{self.runs(heading["text"])}'
                f"<w:r><w:tab/></w:r>{number}</w:hyperlink></w:p>"
            )
            begin = ""
        end = FIELD.format("end", "")
        self.parts.append(f'<w:p><w:pPr><w:pStyle w:val="AfterTable"/></w:pPr>{end}</w:p>')
