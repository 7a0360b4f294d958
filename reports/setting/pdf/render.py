# ruff: noqa: E501
"""Blocks to PDF (PDF/A-2a, tagged) and charts to PNG, by Typst with one compiler a process."""

import atexit
import json
import shutil
import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import typst

from reports import thai
from reports.setting import mark, palette
from reports.blocks import plain
from reports.setting.pdf import compact, fonts

TEMPLATES = ("report.typ", "drawing.typ", "charts.typ")
STANDARDS = ["a-2a", "ua-1"]
LONG_ROW = 800  # characters of a cell from which its row may break over pages
# Terms that a line break must not cut (the line breaker knows words, not the terms made of them, and errs in a few): longer ones first.
GLOSSARY = "|".join(
    sorted(
        """
    E-Service ไตรมาส งบประมาณ หน่วยงาน ตัวชี้วัดที่ ตัวชี้วัดย่อย ตัวชี้วัด ข้อคำถาม ผู้รับบริการ ผู้รับผิดชอบ ข้อเสนอแนะ ข้อบกพร่อง ข้อสังเกต ผู้ประเมิน
    คณะกรรมการ ความโปร่งใส โปร่งใส เจ้าหน้าที่ ประชาชน เว็บไซต์ เผยแพร่ มาตรการ มาตรฐาน ดำเนินการ ดำเนินงาน จัดซื้อจัดจ้าง ผู้บริหาร บุคลากร คุณธรรม จริยธรรม
    ร้องเรียน การทุจริต ข้อมูล ปฏิบัติงาน ทำงาน ประพฤติมิชอบ ส่วนได้ส่วนเสีย ทรัพยากร บังคับบัญชา หน้าที่ ระยะเวลา ขั้นตอน กระบวนการ ให้บริการ ติดต่อ ประเมิน
    แล้วเสร็จ เพียงใด ดังต่อไปนี้ ต่อไปนี้ ค่าธรรมเนียม ภายนอก ภายใน รับทราบ รายการ ถูกต้อง ส่วนรวม ส่วนตัว พวกพ้อง ความคิดเห็น พึงพอใจ ท้องถิ่น สำนักงาน
    หลากหลาย ย้อนหลัง อิเล็กทรอนิกส์ เบาะแส เอกชน ตรวจสอบ ตรวจรับ มอบหมาย ตอบสนอง ประกอบการ ทั่วไป แนวทาง ต้องการ ออกแบบ ลายลักษณ์อักษร แก้ไข เกี่ยวกับ
    ที่ระลึก เร่งด่วน โดยด่วน อธิบาย ประจำปี ช่องทาง อนุญาต คู่มือ ส่งเสริม พร้อมกัน บิดเบือน พัสดุ เป็นธรรม ปลอดภัย ร้องทุกข์ ใบเสร็จ ร้อยละ สารสนเทศ คลาดเคลื่อน หมายเลข
    เชื้อเพลิง ดีเยี่ยม แม่บท สะดวก ประสิทธิภาพ ห่างไกล เท่าเทียม ดูแล สิ่งแวดล้อม ภาพรวม องค์การบริหาร ส่วนตำบล ส่วนจังหวัด องค์การ กองคลัง กองช่าง กองการศึกษา
    สำนักปลัด ธุรการ วิเคราะห์ ราชการ ล่าช้า ของขวัญ องค์ประกอบ ภารกิจ อำนวยการ คำถาม แต่ละ ตนเอง ซักถาม ความเสี่ยง สื่อสาร องค์กร เข้าถึงยาก เข้าใจยาก หรือขาด
    มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม
    """.split(),
        key=lambda term: (-len(term), term),
    )
)
UNBROKEN = "(อื่น|ต่าง)\u00a0ๆ|[0-9๐-๙]{1,2}\u00a0[ก-๙]{1,2}\\.[ก-๙]{1,2}\\.\u00a0[0-9๐-๙]{4}"


@cache
def _compiler(digits: str) -> tuple[typst.Compiler, Path]:
    """This process's compiler for one style of digits, and the folder where it finds the report: it keeps the fonts and what it laid out."""
    folder = Path(tempfile.mkdtemp(prefix="ita-report-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for template in TEMPLATES:
        shutil.copy(Path(__file__).parent / template, folder)
    look = {
        "ink": palette.INK,
        "brand": palette.BRAND,
        "pale": palette.PALE,
        "rule": palette.RULE,
        "digits": digits,
        "glossary": f"{UNBROKEN}|{GLOSSARY}",
    }
    loaded = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts.folder())]
    )
    return typst.Compiler(
        str(folder / "report.typ"),
        root=str(folder),
        font_paths=loaded,
        ignore_system_fonts=True,
        sys_inputs={"look": json.dumps(look, ensure_ascii=False)},
    ), folder


@cache
def _characters() -> frozenset[str]:
    return fonts.characters()


def pdf(
    blocks: list[dict], *, title: str, author: str, running: str, date: str, digits: str, kind: str
) -> bytes:
    """One report as PDF bytes, the same for the same input. `running` is the head line of every page, `date` ISO."""
    compiler, folder = _compiler(digits)
    data = {
        "title": title,
        "author": author,
        "running": running,
        "date": date,
        "sections": _sections(blocks),
    }
    (folder / "report.json").write_text(json.dumps(_clean(data), ensure_ascii=False), "utf-8")
    stamp = datetime.fromisoformat(date).replace(tzinfo=UTC)
    compiled = compiler.compile(
        str(folder / "report.typ"), format="pdf", pdf_standards=STANDARDS, timestamp=stamp
    )
    return compact.smaller(compiled, mark.of(kind))


def _sections(blocks: list[dict]) -> list[dict]:
    """Blocks cut at pages: each section begins a new page of one orientation."""
    sections = [{"landscape": False, "blocks": []}]
    for block in blocks:
        if block["t"] == "page":
            sections.append({"landscape": block["landscape"], "blocks": []})
        elif block["t"] == "cover":
            sections[-1]["blocks"].append({**block, "look": list(palette.level(block["colour"]))})
        elif block["t"] == "table":
            rows = [
                {"cells": row, "long": max(len(plain(cell)) for cell in row) > LONG_ROW}
                for row in block["rows"]
            ]
            sections[-1]["blocks"].append({**block, "rows": rows})
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
    """Each drawing (`reports.setting.charts`) as a PNG."""
    if not drawings:
        return []
    compiler, folder = _compiler("arabic")
    (folder / "charts.json").write_text(
        json.dumps(_clean({"drawings": drawings, "ink": palette.INK}), ensure_ascii=False), "utf-8"
    )
    made = compiler.compile(str(folder / "charts.typ"), format="png", ppi=dots_per_inch)
    return made if isinstance(made, list) else [made]
