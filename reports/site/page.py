"""HTML pages from the templates beside this file."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import jinja2

from warehouse import durable, thai_dates

STATES = {
    "received": ("รอตรวจ", "received"),
    "rejected": ("ไม่รับ", "rejected"),
    "accepted_with_warnings": ("รับแล้ว มีข้อสังเกต", "accepted with warnings"),
    "accepted": ("รับแล้ว", "accepted"),
    "withdrawn": ("ถอนแล้ว", "withdrawn"),
}
VERDICTS = {
    "published": ("เผยแพร่แล้ว", "published"),
    "nothing_new": ("ไม่มีข้อมูลใหม่", "nothing new"),
    "held": ("รอผู้อนุมัติ", "held"),
    "not_published": ("ไม่ได้เผยแพร่", "not published"),
}
LAYOUTS = {
    "long_table": "ตารางแนวยาว",
    "wide_table": "ตารางแนวกว้าง",
    "template": "แบบกรอกของระบบ",
    "document": "รายงานที่เผยแพร่",
    "json": "JSON",
    "registry": "ทะเบียนหน่วยงาน",
    None: "อ่านไม่ได้",
}
AUTHORITIES = {"nacc": "สำนักงาน ป.ป.ช.", "agency": "หน่วยงาน"}
ROLES = {
    "agency": "หน่วยงาน",
    "data team": "ทีมข้อมูล",
    "developer": "ผู้พัฒนาระบบ",
    "a person looks": "ผู้ตรวจทาน",
}


def thai_time(value: datetime | str | None) -> str:
    """A moment as a Thai reader writes it, Thailand's time and Buddhist Era: `21 พ.ย. 2569 07:28
    น.`; '' for None.
    """
    return thai_dates.moment(value) if value else ""


def counted(value: int | None) -> str:
    """A whole number with thousands separated; – for None."""
    return "–" if value is None else f"{value:,}"


def thai_role(who: str) -> str:
    """Who fixes a finding, in Thai; the word itself where it is not one of ours."""
    return ROLES.get(who, who)


def code(value: Any) -> str:
    """A text usable as the target of a link within a page."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", str(value))


ENVIRONMENT = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=jinja2.StrictUndefined,
)
ENVIRONMENT.filters.update(thai_time=thai_time, counted=counted, code=code, thai_role=thai_role)
ENVIRONMENT.globals.update(
    STATES=STATES, VERDICTS=VERDICTS, LAYOUTS=LAYOUTS, AUTHORITIES=AUTHORITIES
)


def render(template: str, home: str, **content: Any) -> str:
    """A page; `home` is the way from there to ITA_HOME ('' or '../')."""
    return ENVIRONMENT.get_template(template).render(home=home, **content)


def write(path: Path, template: str, home: str, **content: Any) -> None:
    """Render `template` to `path`, if that changes it; `home` as `render` has it."""
    page = render(template, home, **content)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.is_file() or path.read_bytes() != page.encode():
        durable.write(path, page)
