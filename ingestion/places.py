"""Where something stands in a file: in English for programs, in Thai for people."""

import re
from functools import lru_cache

_FORMS = [
    (re.compile(r"sheet (.+) row (\d+)(.*)", re.DOTALL), r"แผ่นงาน “\1” แถวที่ \2\3"),
    (re.compile(r"sheet (.+)", re.DOTALL), r"แผ่นงาน “\1”"),
    (re.compile(r"table (\d+) row (\d+)(.*)"), r"ตารางที่ \1 แถวที่ \2\3"),
    (re.compile(r"table (\d+)(.*)"), r"ตารางที่ \1\2"),
    (re.compile(r"row (\d+)(.*)"), r"แถวที่ \1\2"),
    (re.compile(r"line (\d+)"), r"บรรทัดที่ \1"),
    (re.compile(r"paragraph (\d+)"), r"ย่อหน้าที่ \1"),
]
_IN_BRACKETS = re.compile(r"\(((?:row|line|paragraph|table) \d+[^()]*)\)")


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


@lru_cache(maxsize=20_000)
def column_letters(position: int) -> str:
    """0 → A, 26 → AA, as spreadsheets name columns."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def letters_of(columns: dict[str, int]) -> str:
    """Which column of the sheet holds what, as one text that all rows of a table share.

    'agency_id:B score:J'.
    """
    return " ".join(f"{name}:{column_letters(position)}" for name, position in columns.items())


def at_column(place: str, letters: str, *names: str) -> str:
    """`place` of a row with the column of the first of `names` that the table has.

    The place as it is where none has one.
    """
    if " column " in place:
        return place
    known = dict(pair.split(":") for pair in letters.split())
    found = next((known[name] for name in names if name in known), "")
    return f"{place} column {found}" if found else place
