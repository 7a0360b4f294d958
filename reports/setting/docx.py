# ruff: noqa: E501
"""Blocks to DOCX: real styles and headings, a table of contents, content controls for what the agency fills in.

The parts of the package are written directly: the few that never change lie in `docx_parts/`.
"""

import io
import re
import zipfile
from functools import cache
from html import escape
from pathlib import Path

from reports.setting import mark, palette
from reports.setting.pdf import render

TEMPLATES = Path(__file__).parent / "docx_parts"
TWIPS = 56.6929  # a millimetre
EMU = 36000  # a millimetre
SIDES = {"l": "left", "c": "center", "r": "right"}
STYLES = {
    "body": "BodyText",
    "plain": "Normal",
    "note": "Note",
    "label": "Label",
    "sign": "Signature",
}
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def write(
    blocks: list[dict], *, title: str, author: str, date: str, digits: str, running: str, kind: str
) -> bytes:
    """The document as bytes, the same for the same blocks. `running` is the head line, `date` ISO, digits thai or arabic."""
    body = _Body(digits)
    charts = [block for block in blocks if block["t"] == "chart"]
    pictures = render.pngs([block["drawing"] for block in charts])
    headings = [block for block in blocks if block["t"] == "heading"]
    body.add_all(blocks, headings)
    names = {
        "TITLE": _text(title),
        "AUTHOR": _text(author),
        "DATE": date,
        "RUNNING": _text(running),
        "BODY": body.xml(),
        "MARK": mark.of(kind),
        "PRODUCT": mark.PRODUCT,
        "KIND": kind,
        "PICTURES": "".join(
            f'<Relationship Id="rIdP{n}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" '
            f'Target="media/chart{n}.png"/>'
            for n in range(1, len(pictures) + 1)
        ),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, template in _templates():
            _store(
                package, name, re.sub(r"\{\{(\w+)\}\}", lambda m: names[m[1]], template).encode()
            )
        for n, picture in enumerate(pictures, 1):
            _store(package, f"word/media/chart{n}.png", picture, zipfile.ZIP_STORED)
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


def _store(package, name, content, method=zipfile.ZIP_DEFLATED):
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = method
    package.writestr(entry, content, compresslevel=4)


def _text(text: str) -> str:
    return escape(ILLEGAL.sub("", text))


class _Body:
    """Collects the XML of w:body; each page() closes the section before it."""

    def __init__(self, digits: str):
        self.parts, self.landscape, self.closed, self.digits = [], False, False, digits
        self.controls, self.charts, self.bookmarks = 0, 0, 0

    def xml(self) -> str:
        return "".join(self.parts) + self.section()

    def section(self) -> str:
        wide, tall = 16838, 11906
        if self.landscape:
            size = f'<w:pgSz w:w="{wide}" w:h="{tall}" w:orient="landscape"/><w:pgMar w:top="1250" w:right="1134" w:bottom="960" w:left="1134"'
        else:
            size = f'<w:pgSz w:w="{tall}" w:h="{wide}"/><w:pgMar w:top="1417" w:right="1134" w:bottom="1134" w:left="1701"'
        number = '<w:pgNumType w:fmt="thaiNumbers"/>' if self.digits == "thai" else ""
        header = "rIdLandscape" if self.landscape else "rIdHeader"
        return (
            f'<w:sectPr><w:headerReference w:type="default" r:id="{header}"/><w:headerReference w:type="first" r:id="rIdFirst"/>'
            f'<w:type w:val="nextPage"/>{size} w:header="680" w:footer="500" w:gutter="0"/>{number}'
            f"{'' if self.closed else '<w:titlePg/>'}</w:sectPr>"
        )

    def add_all(self, blocks, headings) -> None:
        for block, following in zip(blocks, [*blocks[1:], None], strict=True):
            kind = block["t"]
            if kind == "page":
                self.parts.append(
                    f'<w:p><w:pPr><w:pStyle w:val="AfterTable"/>{self.section()}</w:pPr></w:p>'
                )
                self.landscape, self.closed = block["landscape"], True
            elif kind == "heading":
                self.bookmarks += 1
                mark = f"_Toc{self.bookmarks:06d}"
                self.parts.append(
                    f'<w:p><w:pPr><w:pStyle w:val="Heading{block["level"]}"/></w:pPr>'
                    f'<w:bookmarkStart w:id="{self.bookmarks}" w:name="{mark}"/>{self.runs(block["text"])}'
                    f'<w:bookmarkEnd w:id="{self.bookmarks}"/></w:p>'
                )
            elif kind == "paragraph":
                introduces = following is not None and following["t"] == "table"
                self.parts.append(
                    self.paragraph(
                        block["text"], STYLES[block["style"]], "<w:keepNext/>" if introduces else ""
                    )
                )
            elif kind == "list":
                self.parts += [self.paragraph(item, "ListBullet") for item in block["items"]]
            elif kind == "table":
                self.parts.append(self.table(block))
            elif kind == "chart":
                self.parts.append(self.chart(block))
            elif kind == "cover":
                self.cover(block)
            elif kind == "contents":
                self.parts.append(self.paragraph(block["title"], "TOCHeading"))
                self.contents(headings)

    def paragraph(self, text, style, look="") -> str:
        return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{look}</w:pPr>{self.runs(text)}</w:p>'

    def runs(self, text, bold=False) -> str:
        if isinstance(text, list):
            return "".join(self.runs(part, bold) for part in text)
        if isinstance(text, dict):
            if "b" in text:
                return self.runs(text["b"], True)
            if "raw" in text:
                return self.runs(text["raw"], bold)
            if "field" in text:
                return self.control(text["field"], text["text"])
            return self.runs(text["text"], bold)
        look = "<w:rPr><w:b/><w:bCs/></w:rPr>" if bold else ""
        lines = "<w:br/>".join(
            f'<w:t xml:space="preserve">{_text(line)}</w:t>' for line in text.split("\n")
        )
        return f"<w:r>{look}{lines}</w:r>" if text else ""

    def control(self, tag, proposed) -> str:
        """A content control: named and shaded, its text proposed or a prompt."""
        self.controls += 1
        prompt = "<w:showingPlcHdr/>" if not proposed else ""
        style = (
            '<w:rPr><w:rStyle w:val="Prompt"/></w:rPr>'
            if not proposed
            else '<w:rPr><w:rStyle w:val="Proposed"/></w:rPr>'
        )
        return (
            f'<w:sdt><w:sdtPr><w:alias w:val="ให้หน่วยงานกรอก"/><w:tag w:val="{_text(tag)}"/><w:id w:val="{100000 + self.controls}"/>{prompt}'
            f'<w:text w:multiLine="1"/></w:sdtPr><w:sdtContent><w:r>{style}<w:t xml:space="preserve">{_text(proposed or "โปรดกรอก")}</w:t></w:r>'
            f"</w:sdtContent></w:sdt>"
        )

    def table(self, block) -> str:
        widths = [round(width * TWIPS) for width in block["widths"]]
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        head = "".join(
            self.cell({"text": {"b": text}, "fill": palette.PALE}, width, "center")
            for text, width in zip(block["head"], widths, strict=False)
        )
        rows = "".join(
            "<w:tr><w:trPr><w:cantSplit/></w:trPr>"
            + "".join(
                self.cell(text, width, SIDES[side])
                for text, width, side in zip(row, widths, block["align"], strict=False)
            )
            + "</w:tr>"
            for row in block["rows"]
        )
        return (
            f'<w:tbl><w:tblPr><w:tblStyle w:val="Grid"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>{rows}</w:tbl>"
            '<w:p><w:pPr><w:pStyle w:val="AfterTable"/></w:pPr></w:p>'
        )

    def cell(self, text, width, side) -> str:
        fill = text.get("fill") if isinstance(text, dict) else None
        shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill[1:]}"/>' if fill else ""
        look = f'<w:jc w:val="{side}"/>' if side != "left" else ""
        return (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}</w:tcPr>'
            f'<w:p><w:pPr><w:pStyle w:val="TableText"/>{look}</w:pPr>{self.runs(text)}</w:p></w:tc>'
        )

    def chart(self, block) -> str:
        self.charts += 1
        n, width, height = (
            self.charts,
            round(block["drawing"]["width"] * EMU),
            round(block["drawing"]["height"] * EMU),
        )
        picture = (
            f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/>'
            f'<wp:docPr id="{n}" name="chart{n}" descr="{_text(block["alt"])}"/><a:graphic><a:graphicData '
            'uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
            f'<pic:cNvPr id="{n}" name="chart{n}.png"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="rIdP{n}"/><a:stretch>'
            f'<a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
        )
        return (
            f'<w:p><w:pPr><w:keepNext/><w:spacing w:before="120" w:after="60"/><w:jc w:val="center"/></w:pPr>{picture}</w:p>'
            + self.paragraph(block["caption"], "Caption")
        )

    def cover(self, block) -> None:
        back, front, full = palette.level(block["colour"])
        self.parts += [
            self.paragraph("\n".join(block["title"]), "Title"),
            self.paragraph("\n".join(block["subtitle"]), "Subtitle"),
        ]
        marks = f"\n{'■' * full}{'□' * (5 - full)}" if full else ""
        badge = "".join(
            f'<w:p><w:pPr><w:pStyle w:val="Badge"/></w:pPr><w:r><w:rPr><w:color w:val="{front[1:]}"/><w:sz w:val="{size}"/>'
            f'<w:szCs w:val="{size}"/></w:rPr>{"<w:br/>".join(f"<w:t>{_text(line)}</w:t>" for line in text.split(chr(10)))}</w:r></w:p>'
            for text, size in ((block["badge"][0], 56), (block["badge"][1] + marks, 40))
        )
        self.parts.append(
            '<w:tbl><w:tblPr><w:tblW w:w="5200" w:type="dxa"/><w:jc w:val="center"/><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>'
            f'<w:gridCol w:w="5200"/></w:tblGrid><w:tr><w:tc><w:tcPr><w:tcW w:w="5200" w:type="dxa"/><w:shd w:val="clear" w:color="auto" '
            f'w:fill="{back[1:]}"/></w:tcPr>{badge}</w:tc></w:tr></w:tbl>'
        )
        self.parts += [
            self.paragraph(block["name"], "CoverName"),
            self.paragraph(block["place"], "Subtitle"),
            *(self.paragraph(line, "CoverNote") for line in block["note"]),
        ]

    def contents(self, headings) -> None:
        """A TOC field with its entries in place: right as it is opened, and Word can update it."""
        begin = (
            '<w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r>'
            '<w:r><w:instrText xml:space="preserve"> TOC \\o "1-3" \\h \\z \\u </w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        )
        for n, heading in enumerate(headings, 1):
            mark = f"_Toc{n:06d}"
            number = (
                f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGEREF {mark} \\h </w:instrText></w:r>'
                '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t> </w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
            )
            self.parts.append(
                f'<w:p><w:pPr><w:pStyle w:val="TOC{heading["level"]}"/></w:pPr>{begin if n == 1 else ""}'
                f'<w:hyperlink w:anchor="{mark}" w:history="1">{self.runs(heading["text"])}<w:r><w:tab/></w:r>{number}</w:hyperlink></w:p>'
            )
        self.parts.append(
            '<w:p><w:pPr><w:pStyle w:val="AfterTable"/></w:pPr><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
        )
