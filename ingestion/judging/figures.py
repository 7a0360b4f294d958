"""Which figure a score is: level, code and part as written → as its year has it."""

import re
from typing import NamedTuple

from ingestion.framework import Year
from ingestion.normalise import digits, item_code

_PARTS = {"public": ("public", "ส่วนที่1", "part1"), "survey": ("survey", "ส่วนที่2", "part2")}
_LEVELS = {
    "overall": "overall ภาพรวม คะแนนรวม คะแนนภาพรวม รวม",
    "instrument": "instrument instruments เครื่องมือ รายเครื่องมือ",
    "indicator": "indicator indicators ตัวชี้วัด รายตัวชี้วัด ตัวชี้วัดหลัก",
    "sub_indicator": "subindicator subindicators ตัวชี้วัดย่อย รายตัวชี้วัดย่อย",
    "item": "item items ข้อ ข้อคำถาม รายข้อ",
}
_LEVEL_NAMES = {"": ""} | {
    name: level for level, names in _LEVELS.items() for name in names.split()
}
_BEFORE_CODE = re.compile(
    r"^(?:ตัวชี้วัดย่อยที่|ตัวชี้วัดย่อย|ตัวชี้วัดที่|ตัวชี้วัด|เครื่องมือ|indicator|instrument)\s*",
    re.IGNORECASE,
)
_PART_BEHIND = re.compile(r"(.+?)(?:\.(public|survey)|\s*\(?(ส่วนที่\s*[12])\)?)", re.IGNORECASE)
_INSTRUMENT = re.compile(
    r"แบบวัด(?:การรับรู้ของผู้มีส่วนได้ส่วนเสียภายใน)?\(?(IIT)\)?"
    r"|แบบวัด(?:การรับรู้ของผู้มีส่วนได้ส่วนเสียภายนอก)?\(?(EIT)\)?"
    r"|แบบตรวจ(?:การเปิดเผยข้อมูล(?:สู่)?สาธารณะ)?\(?(OIT)\)?",
    re.IGNORECASE,
)
_CODE_AND_TITLE = re.compile(r"((?:ข้อ)?\s*[ieo]\s?\d{1,2})[\s:.]+[ก-๎\s]{6,}", re.IGNORECASE)


class Figure(NamedTuple):
    """A figure of a year's framework: level, code ('' for overall) and EIT part ('' none)."""

    level: str
    code: str
    part: str
    rule: str = ""  # an error rule, '' if it belongs to the year's framework

    @property
    def name(self) -> str:
        """overall, IIT, EIT.public, 6, 9.1, i1, e1.public"""
        return (self.code or "overall") + (f".{self.part}" if self.part else "")


def figure_of(level: str, code: str, part: str, year: Year | None) -> Figure:
    """What (level, code, part) as written means in a year's framework.

    `rule` is set, and all else as written, where it means nothing there.
    """
    if year is None:
        return Figure(level, code, part, "unknown_fiscal_year")
    kind = _LEVEL_NAMES.get(re.sub(r"[\s_\-]", "", level.casefold()))
    half, written = part_of(part), _BEFORE_CODE.sub("", digits(code))
    if behind := _PART_BEHIND.fullmatch(written):
        written, own = behind[1], part_of(behind[2] or behind[3])
        half = own if half in ("", own) else None
    found = _coded(kind, code, _without_title(written, year), half or "", year)
    if found is None:
        unknown = "unknown_item" if kind == "item" else "unknown_code"
        return Figure(level, code, part, unknown)
    may_have_part = (
        found.code == "EIT"
        or found.level == "item"
        and found.code[:1] == "e"
        or found.level == "indicator"
        and year.indicators[found.code] == "EIT"
    )
    fits = kind in ("", found.level) and half is not None and (may_have_part or not half)
    return found if fits else Figure(level, code, part, "unknown_code")


def _coded(kind: str | None, code: str, written: str, half: str, year: Year) -> Figure | None:
    """The figure of a code (as it came, and as `written` without words around it), or None."""
    if item := item_code(code) or item_code(written):
        return Figure("item", item, half, "" if item in year.items else "unknown_item")
    called = _INSTRUMENT.fullmatch(re.sub(r"\s", "", written))
    instrument = (called[called.lastindex or 0] if called else written).upper()
    if instrument in year.weights:
        return Figure("instrument", instrument, half)
    if written.removesuffix(".0") in year.indicators:  # a spreadsheet's 6.0
        return Figure("indicator", written.removesuffix(".0"), half)
    if written in year.sub_indicators:
        return Figure("sub_indicator", written, half)
    named = _LEVEL_NAMES.get(written.casefold(), written.casefold()) in ("", "overall", "ita")
    if named and kind in ("overall", "") and (kind or written):
        return Figure("overall", "", half)
    return None


def _without_title(written: str, year: Year) -> str:
    """A code without the title behind it, and a title alone as its code, as the year has them.

    '1 การปฏิบัติหน้าที่' → '1'; 'การใช้งบประมาณ' → '2'; 'i2 เจ้าหน้าที่…' → 'i2'; all else as it is.
    """
    number, _, words = written.partition(" ")
    numbered = number.rstrip(".").isdigit()
    title = re.sub(r"\s", "", words if numbered else written)
    names = year.indicator_names.items()
    known = next((code for code, name in names if re.sub(r"\s", "", name) == title), "")
    if known:
        # Where the number is not the title's, the judge says so (titles.py): the number is kept.
        return number.rstrip(".") if numbered else known
    found = _CODE_AND_TITLE.fullmatch(written)
    return found[1] if found else written


def part_of(written: str) -> str | None:
    """The EIT part that a text names: public (ส่วนที่ 1), survey (ส่วนที่ 2), '' for none.

    None where it is neither or both.
    """
    key = re.sub(r"[\s_.\-()]", "", digits(written)).casefold()
    if key in ("", "1", "2"):
        return {"": "", "1": "public", "2": "survey"}[key]
    named = [part for part, names in _PARTS.items() if any(name in key for name in names)]
    return named[0] if len(named) == 1 else None


def ranges(year: Year) -> str:
    """'i1–i30, e1–e15, o1–o35': the item codes of a year, for a finding."""
    codes = [year.items_of(instrument) for instrument in year.weights]
    return ", ".join(f"{own[0]}–{own[-1]}" for own in codes if own)
