"""Where something stands in a file, as `ops.finding` keeps it in English: in Thai for people."""

import re

_FORMS = [
    (re.compile(r"sheet (.+) row (\d+)(.*)", re.DOTALL), r"แผ่นงาน “\1” แถวที่ \2\3"),
    (re.compile(r"sheet (.+)", re.DOTALL), r"แผ่นงาน “\1”"),
    (re.compile(r"table (\d+) row (\d+)(.*)"), r"ตารางที่ \1 แถวที่ \2\3"),
    (re.compile(r"table (\d+)(.*)"), r"ตารางที่ \1\2"),
    (re.compile(r"row (\d+)(.*)"), r"แถวที่ \1\2"),
    (re.compile(r"line (\d+)"), r"บรรทัดที่ \1"),
    (re.compile(r"paragraph (\d+)"), r"ย่อหน้าที่ \1"),
]
_IN_BRACKETS = re.compile(r"\(((?:sheet [^()]+ row|row|line|paragraph|table) \d+[^()]*)\)")


def in_thai(place: str) -> str:
    """'sheet ผล row 7 column C' → 'แผ่นงาน “ผล” แถวที่ 7 คอลัมน์ C'.

    What is no such place stays as it is ('$[0].scores[4]').
    """
    for form, thai in _FORMS:
        if form.fullmatch(place):
            return re.sub(r" column ([A-Z]+)$", r" คอลัมน์ \1", form.sub(thai, place))
    return place


def bracketed_in_thai(written: str) -> str:
    """A Thai sentence with places in brackets: '91.5 (line 98)' → '91.5 (บรรทัดที่ 98)'."""
    return _IN_BRACKETS.sub(lambda found: f"({in_thai(found[1])})", written)
