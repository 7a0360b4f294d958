"""Lines → paragraphs: what one sentence may run over, without contents lists and list numbers."""

import re
from bisect import bisect
from dataclasses import dataclass
from functools import cached_property

from ingestion.documents.blocks import Line, Table
from ingestion.documents.vocabulary import Token, Vocabulary

_LEVEL_LEAD = r"ระดับ(?:ผลการประเมิน)?(?:อยู่ที่)?[\s:.\"“”'*]*(?:ระดับ)?[\s:.\"“”'*]*"
_LEVEL_END = r"(?=$|[\s.\"“”'*,)]|และ|ตาม|ซึ่ง|โดย(?!\s*(?:ด่วน|$))|คือ|จาก)"
_BEGINS_ANEW = re.compile(
    r"\s*(?:[-–•▪■●○o*✓]\s|[-•▪■●]|\(?[0-9๐-๙]{1,2}(?:\.[0-9๐-๙]{1,2})*\s*[.)]\s*\D|[ก-ฮ]\s*[.)]\s)"
)
_LIST_NUMBER = re.compile(
    r"^\s*\(?(?:[0-9๐-๙]{1,2}\.)*[0-9๐-๙]{1,2}\s*[.)]?\s+(?!คะแนน(?![ก-๎]))(?=\(?[ก-๎A-Za-z])"
)
_PAGE = re.compile(r"(?:[.…·_]{2,}|\s{3,}|\t)\s*[0-9๐-๙ก-ฮ]{1,3}\s*$")
_CONTENTS = re.compile(r"^[\s#*]*สารบัญ")
_ENTRY = re.compile(
    r"^\s*(?:[-•]|\(?[0-9๐-๙]|ส่วนที่|บท|ประเด็น|คำนำ|ภาคผนวก|เรื่อง|หน้า|ตัวชี้วัด)|[0-9๐-๙]\s*$"
)
_LONGEST_ENTRY = 140  # characters of a line of a table of contents


@dataclass
class Paragraph:
    """Lines as one text, and the words in it. `levels`: level's name → code."""

    lines: list[Line]
    vocabulary: Vocabulary
    levels: dict[str, str]

    @cached_property
    def text(self) -> str:
        """The lines with line breaks between, numbers of lists as blanks."""
        return "\n".join(
            _LIST_NUMBER.sub(lambda found: " " * len(found[0]), line.text, count=1)
            for line in self.lines
        )

    @cached_property
    def tokens(self) -> list[Token]:
        """The words and numbers, in order."""
        return self.vocabulary.tokens(self.text, self._level_spans())

    def _level_spans(self) -> list[tuple[int, int, str, str]]:
        """Where a level is stated (ระดับ …): start and end of its name, and its code."""
        names = "|".join(re.escape(name) for name in sorted(self.levels, key=len, reverse=True))
        if "\n" in self.text:  # a wrapped line may part the name
            names = re.sub(r"(?<=[ก-๎])(?=[ก-๎])", r"\\n?", names)
        return [
            (*match.span(1), "levelname", self.levels[match[1].replace("\n", "")])
            for match in re.finditer(f"{_LEVEL_LEAD}({names}){_LEVEL_END}", self.text)
        ]

    def place(self, token: Token) -> str:
        """The place of the line that a token stands on."""
        starts = [0]
        for line in self.lines[:-1]:
            starts.append(starts[-1] + len(line.text) + 1)
        return self.lines[bisect(starts, token.start) - 1].place

    def line_of(self, token: Token) -> int:
        """The number of the line that a token stands on, from 0."""
        return self.text.count("\n", 0, token.start)

    def begins_line(self, token: Token) -> bool:
        """Whether nothing stands before a token on its line."""
        return not self.text[: token.start].rpartition("\n")[2].strip(" \"“”'-•(")

    def between(self, one: Token, other: Token) -> str:
        """What stands between two tokens that follow each other."""
        return self.text[one.end : other.start]


def parted(document: list[Line | Table]) -> list[list[Line]]:
    """Lines that follow each other; a blank line, a bullet or a number before a line parts them.

    A table between them is an empty paragraph: what stands above it heads nothing below it.
    """
    found: list[list[Line]] = []
    last: Line | None = None
    for block in _without_contents(document):
        if isinstance(block, Table):
            last = None
            found.append([])
            continue
        begins = block.fresh or bool(_BEGINS_ANEW.match(block.text))
        if last is not None and _follows(last, block) and not begins:
            found[-1].append(block)
        else:
            found.append([block])
        last = block
    return found


def _without_contents(document: list[Line | Table]) -> list[Line | Table]:
    """The blocks without the entries of tables of contents, which claim nothing."""
    kept: list[Line | Table] = []
    inside = False
    for block in document:
        if isinstance(block, Table):
            inside = False
        elif _CONTENTS.match(block.text) and len(block.text) < 60:
            inside = True
            continue
        elif inside and len(block.text) < _LONGEST_ENTRY and _ENTRY.search(block.text):
            continue
        else:
            inside = False
            if _PAGE.search(block.text) and not re.search(r"คะแนน\s*$", block.text):
                continue
        kept.append(block)
    return kept


def _follows(last: Line, line: Line) -> bool:
    one, other = re.fullmatch(r"(\D+)(\d+)", last.place), re.fullmatch(r"(\D+)(\d+)", line.place)
    return bool(one and other and one[1] == other[1] and int(other[2]) - int(one[2]) == 1)
