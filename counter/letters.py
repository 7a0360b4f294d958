"""What is written to those who may come in: the letter with a code, the mail with a link."""

import json
import tempfile
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import typst

from counter.thai import day

TEMPLATE = Path(__file__).with_name("letter.typ")
LINK_SUBJECT = "ลิงก์เข้าเคาน์เตอร์ ITA (ใช้ได้ 15 นาที)"
LINK_TEXT = """เรียน ผู้รับผิดชอบการประเมิน ITA

มีผู้ขอลิงก์เข้าเคาน์เตอร์ ITA สำหรับหน่วยงานของท่าน เปิดลิงก์นี้แล้วกดปุ่ม "เข้าสู่เคาน์เตอร์"

{link}

ลิงก์ใช้ได้ครั้งเดียวภายใน 15 นาที หากท่านไม่ได้ขอ ไม่ต้องทำอะไร ลิงก์จะหมดอายุเอง
โปรดอย่าส่งต่อข้อความนี้ ผู้ที่ได้ลิงก์เข้าเคาน์เตอร์ในนามของหน่วยงานได้
"""


@dataclass(frozen=True)
class Letter:
    """One letter: whose (name_th, its code name to type, where) and the code to come in with."""

    name_th: str
    login: str
    district_th: str
    province_code: str
    code: str


def pdf(found: list[Letter], url: str, until: datetime, fonts: Path) -> bytes:
    """The letters, a page each."""
    with tempfile.TemporaryDirectory(prefix="ita-letters-") as folder:
        source = Path(folder) / TEMPLATE.name
        source.write_text(TEMPLATE.read_text("utf-8"), "utf-8")
        data = {"url": url, "until": day(until), "letters": [asdict(one) for one in found]}
        (Path(folder) / "letters.json").write_text(json.dumps(data), "utf-8")
        made = typst.compile(
            str(source), root=folder, font_paths=[str(fonts)], ignore_system_fonts=True
        )
    if not isinstance(made, bytes):
        raise TypeError("no PDF")
    return made
