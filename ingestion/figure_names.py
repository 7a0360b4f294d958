"""What people call a figure that programs call overall, EIT.public, 9.1, e3.public or measure 3."""

import re

from ingestion import framework

_NAMES = {
    "overall": "คะแนนรวม",
    "province_rank": "ลำดับในจังหวัด",
    "type_rank": "ลำดับในประเภท",
}
_LEVELS = {
    "overall": "คะแนนรวม",
    "instrument": "เครื่องมือ",
    "indicator": "ตัวชี้วัด",
    "sub_indicator": "ตัวชี้วัดย่อย",
    "item": "ข้อ",
}
PARTS = {"public": "ส่วนที่ 1", "survey": "ส่วนที่ 2"}
_LONGEST_TITLE = 60


def in_thai(codes: str) -> str:
    """'overall' → 'คะแนนรวม', '9' → 'ตัวชี้วัดที่ 9', 'o3, e3.public' → 'o3, e3 ส่วนที่ 1'.

    What is no figure's code stays as it is.
    """
    return ", ".join(_one(code) for code in codes.split(", "))


def words_in_thai(level: str, code: str, part: str) -> str:
    """A figure of no framework, as it was written: ('instrument', 'XIT', '') → 'เครื่องมือ XIT'."""
    words = (_LEVELS.get(level, level), code, PARTS.get(part, part))
    return " ".join(filter(None, map(str, words)))


def titled(code: str, fiscal_year: str) -> str:
    """`in_thai`, with the title that an indicator or item has in that year (B.E.)."""
    known = framework.load()
    number = int(fiscal_year) if fiscal_year.isdecimal() else 0
    year = known.years.get(number) or known.provisional.get(number)
    title = _title(code.partition(".")[0] if code[:1] in "ieo" else code, year) if year else ""
    return f"{in_thai(code)} “{title}”" if title else in_thai(code)


def _one(code: str) -> str:
    name, _, part = code.rpartition(".")
    if part in PARTS:
        return f"{_one(name)} {PARTS[part]}"
    if re.fullmatch(r"[1-9]|10", code):
        return f"ตัวชี้วัดที่ {code}"
    if re.fullmatch(r"(?:[1-9]|10)\.[1-9]", code):
        return f"ตัวชี้วัดย่อยที่ {code}"
    return _NAMES.get(code) or code.replace("measure ", "มาตรการที่ ")


def _title(code: str, year: framework.Year) -> str:
    """Cut where it is long, never between a letter and the marks on it."""
    item = year.items.get(code)
    if item and item.title.startswith(f"ข้อ {code}"):
        return ""  # the words of that question are not known
    title = item.title if item else year.indicator_names.get(code, "")
    title = title or year.sub_indicator_names.get(code, "")
    cut = re.match(rf".{{{_LONGEST_TITLE}}}[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]*", title)
    return f"{cut[0]}…" if cut and cut[0] != title else title
