"""Blocks to PDF (PDF/A-2a, tagged) and charts to PNG, by Typst with one compiler a process."""

import io
import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pikepdf
import typst

from reports import palette, thai
from reports.pdf import fonts

STANDARDS = ["a-2a", "ua-1"]
# Terms that a line break must not cut (the line breaker knows words, not the terms made of them).
GLOSSARY = ("งบประมาณ|หน่วยงาน|ตัวชี้วัดที่|ตัวชี้วัดย่อย|ตัวชี้วัด|ข้อคำถาม|ผู้รับบริการ|ผู้รับผิดชอบ|ข้อเสนอแนะ|ข้อบกพร่อง|ข้อสังเกต|ผู้ประเมิน|"
            "คณะกรรมการ|ความโปร่งใส|เจ้าหน้าที่|ประชาชน|เว็บไซต์|เผยแพร่|มาตรการ|มาตรฐาน|ดำเนินการ|ดำเนินงาน|จัดซื้อจัดจ้าง|ผู้บริหาร|บุคลากร|"
            "คุณธรรม|จริยธรรม|ร้องเรียน|การทุจริต|ข้อมูล")


@cache
def _compiler(template: str) -> typst.Compiler:
    """The compiler of this process: it keeps the fonts, and what it laid out before."""
    loaded = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts.folder())])
    return typst.Compiler(str(Path(__file__).parent / template), font_paths=loaded, ignore_system_fonts=True)


@cache
def _characters() -> frozenset[str]:
    return fonts.characters()


def pdf(blocks: list[dict], *, title: str, author: str, running: str, date: str, digits: str) -> bytes:
    """One report as PDF bytes, the same for the same input. `running` is the head line of every page, `date` ISO."""
    data = {"title": title, "author": author, "running": running, "date": date, "digits": digits, "glossary": GLOSSARY,
            "palette": {"ink": palette.INK, "brand": palette.BRAND, "pale": palette.PALE, "rule": palette.RULE},
            "sections": _sections(blocks)}
    stamp = datetime.fromisoformat(date).replace(tzinfo=UTC)
    compiled = _compiler("report.typ").compile(sys_inputs={"report": json.dumps(_clean(data), ensure_ascii=False)}, format="pdf",
                                               pdf_standards=STANDARDS, timestamp=stamp)
    return compiled


def _sections(blocks: list[dict]) -> list[dict]:
    """Blocks cut at pages: each section begins a new page of one orientation."""
    sections = [{"landscape": False, "blocks": []}]
    for block in blocks:
        if block["t"] == "page":
            sections.append({"landscape": block["landscape"], "blocks": []})
        elif block["t"] == "cover":
            sections[-1]["blocks"].append({**block, "look": list(palette.level(block["colour"]))})
        else:
            sections[-1]["blocks"].append(block)
    return sections


def _clean(value):
    if isinstance(value, str):
        return thai.clean(value, _characters())
    if isinstance(value, list):
        return [_clean(part) for part in value]
    if isinstance(value, dict):
        return {key: _clean(part) for key, part in value.items()}
    return value


def pngs(drawings: list[dict], dots_per_inch: int = 130) -> list[bytes]:
    """Each drawing (`reports.charts`) as a PNG."""
    if not drawings:
        return []
    inputs = {"charts": json.dumps(_clean({"drawings": drawings, "ink": palette.INK}), ensure_ascii=False)}
    made = _compiler("charts.typ").compile(sys_inputs=inputs, format="png", ppi=dots_per_inch)
    return made if isinstance(made, list) else [made]


def smaller(compiled: bytes) -> bytes:
    """The same PDF with its objects in compressed streams (half the size)."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(compiled)) as document:
        document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return out.getvalue()
