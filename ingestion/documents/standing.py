"""What the headings farther above a table say of it: a chapter "ผลการประเมินของ อบต.หนองยาว" is that
agency's in every section, though the captions of its tables name nobody.

A caption is right above its table; a heading governs until one of its own rank, or one that names
the agency or its year, ends it. A line that is neither leaves all as it is: what is said once of
others holds on, and costs figures where a report does not say that it is itself again.
"""

import re
from typing import NamedTuple

from ingestion import normalise
from ingestion.documents import blocks
from ingestion.documents.headings import TARGET

Obstacle = tuple[str, str]
NONE: Obstacle = ("", "")
LENGTH = 160  # characters of a line that can be a heading with a number
_WORDS = 90  # … without one: a longer line is a sentence
_CHAPTER = re.compile(r"[#*\s]*(?:บท|ส่วน|ตอน|หมวด|ภาค)ที่\s*(\d{1,2})")
_NUMBERED = re.compile(
    r"[#*\s]*(\d{1,2}(?:\.\d{1,2})*)\s*[.)]?\s+(?=[^\d\s])|[#*\s]*(\d{1,2})[.)](?=\D)"
)
_CAPTION = re.compile(r"ตาราง|แผนภูมิ|กราฟ|(?:ราย)?(?:ตัวชี้วัด|เครื่องมือ|ข้อ)(?!มูล)")
_ALL = re.compile(r"(?:หน่วยงาน(?:ของ)?)?(?:ภาค)?รัฐ(?!วิสาหกิจ)(?!\s*(?:ทั่ว|ทั้ง|อื่น|ใน|ที่|สังกัด))")
_HOLDS = {"other", "year", "mean", "best", "target", "assessment", "scope", "weight"}
# What is planned is of a later year, and no subject of what follows.
_PLAN = re.compile(r"มาตรการ|ไปสู่การปฏิบัติ|แผนปฏิบัติ|กำหนดการ|แนวทาง")


class Rank(NamedTuple):
    """Where a heading stands among others: `chapter` (บทที่, ส่วนที่), `numbers` (4.1 → 4, 1), or a
    heading by its words alone (ตัวชี้วัดที่, ตาราง, #): neither.
    """

    chapter: bool
    numbers: tuple[int, ...]

    def ends(self, other: "Rank") -> bool:
        """Whether what a heading of rank `other` began ends here."""
        if other.chapter:
            return self.chapter and self.numbers != other.numbers
        return (
            self.chapter or not other.numbers or self.numbers[: len(other.numbers)] > other.numbers
        )


def rank(written: str) -> Rank | None:
    """The rank of a line that is a heading by its number or its first word; None for any other."""
    written = normalise.digits(written)
    if chapter := _CHAPTER.match(written):
        return Rank(True, (int(chapter[1]),))
    if numbered := _NUMBERED.match(written):
        return Rank(False, tuple(map(int, (numbered[1] or numbered[2]).split("."))))
    return Rank(False, ()) if blocks.is_heading(written) and "(ต่อ)" not in written else None


class Standing:
    """The last heading that is of others, as long as nothing ends it."""

    def __init__(self) -> None:
        self.found: Obstacle = NONE
        self._rank = Rank(False, ())
        self._open = False  # whether nothing stands below it yet
        self._captions = False  # whether it reads like the caption of a table
        self._seen: set[str] = set()

    def line(self, written: str, ranked: Rank | None, found: Obstacle, own: set[str]) -> None:
        """Take note of a line: `found` is what makes it others', `own` of what it says that it is
        the agency's own: `other` by its name, `year` by the results' year.
        """
        own = set() if written in self._seen else own  # the title of every page
        self._seen.add(written)
        if self.found[0] and self._ends(ranked, own):
            self.found = NONE
        elif self.found[0] and ranked and self._open and not self._rank.numbers:
            self._rank = Rank(False, (0,)) if not ranked.numbers else Rank(True, (0,))
        self._open = False
        short = len(written) <= (LENGTH if ranked else _WORDS)
        if self.found[0] and (self._rank.chapter or self._rank.numbers):
            return  # a chapter of others: what is others' within it does not end it sooner
        if short and holds(found) and not _PLAN.search(written):
            self.found, self._rank, self._open = found, ranked or Rank(False, ()), True
            self._captions = not self._rank.numbers and _CAPTION.search(written) is not None

    def hold(self, found: Obstacle) -> None:
        """Take note of a sentence that a table goes on with: what it says holds as a heading's."""
        if not self.found[0]:
            self.found, self._rank, self._captions = found, Rank(False, ()), False

    def table(self) -> None:
        """Pass a table: a line right above it that says what its rows are is its caption, and holds
        no further.
        """
        if self._open and self._captions:
            self.found = NONE
        self._open = False

    def _ends(self, ranked: Rank | None, own: set[str]) -> bool:
        if self.found[0] in own or own and not (self._rank.chapter or self._rank.numbers):
            return True
        if ranked is None or self._open and not self._rank.numbers:
            return False
        return ranked.ends(self._rank)


def holds(found: Obstacle) -> bool:
    """Whether what makes a line others' is more than a word of advice (ควร, เพื่อ, เพิ่มขึ้น)."""
    reason, word = found
    if reason == "other" and _ALL.match(word):  # การดำเนินงานของหน่วยงานภาครัฐ
        return False
    return reason in _HOLDS and (reason != "target" or TARGET.search(word) is not None)
