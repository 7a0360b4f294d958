"""Claims in running text: overall scores, levels and ranks, each with what its sentence says of it.

The rule (contract §2, published documents; exact or silent): a figure is taken only where whose it
is, its year, its assessment and that it is a result are all stated, in its own statement, in the
paragraph before it or in the title that governs it, and where no word between is unknown.
"""

import re
from bisect import bisect
from dataclasses import dataclass
from functools import cached_property

from ingestion import framework
from ingestion.documents.blocks import Line, Table
from ingestion.documents.claims import Claim
from ingestion.documents.context import Context
from ingestion.documents.vocabulary import CLOSING, Token, Vocabulary

_LOOK_BACK = 12  # paragraphs before a figure that may govern it
_HEADING_LENGTH = 160  # characters of a paragraph that can be a heading
_ABOUT_RESULTS = re.compile(r"คะแนน|ประเมิน|ประกวด|รางวัล|ตรวจ|มาตรฐาน|ระดับ|ลำดับ")
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
_TAIL_GOES_ON = re.compile(r"\s*(?:\(|ของ|ใน|เมื่อ|จาก|เป็น|ขึ้นไป|หรือ|สำหรับ|ที่|ซึ่งเป็น)")
_SPOILS = {  # meanings of words in a statement that make its figure another quantity or another's
    "mean", "best", "target", "change", "limit", "share", "weight", "full", "part",
    "assessment", "before", "scope", "other",
}  # fmt: skip
_REASON = {"before": "year"}
_PROVINCE = {"ของจังหวัด", "ระดับจังหวัด", "ในจังหวัด", "ภายในจังหวัด", "ทั้งจังหวัด"}
_COUNTRY = {"ระดับประเทศ", "ของประเทศ", "ทั้งประเทศ", "ทั่วประเทศ", "ทั่วทั้งประเทศ", "ในประเทศ", "ประเทศ"}
_YEAR_OF_PLAN = re.compile(
    r"(?P<results>ผลการประเมิน|วิเคราะห์ผล|ผลคะแนน|ผลการวิเคราะห์|คะแนน)"
    r"|(?P<plan>มาตรการ|ไปสู่การปฏิบัติ|กำหนดการประเมิน|แผน|เผยแพร่เมื่อ)"
)


@dataclass
class Paragraph:
    """Lines that one sentence may run over, as one text with the tokens in it."""

    lines: list[Line]
    vocabulary: Vocabulary
    levels: dict[str, str]  # level's name → code

    @cached_property
    def text(self) -> str:
        return "\n".join(_LIST_NUMBER.sub(_blank, line.text, count=1) for line in self.lines)

    @cached_property
    def tokens(self) -> list[Token]:
        return self.vocabulary.tokens(self.text, self.level_spans())

    def level_spans(self) -> list[tuple[int, int, str, str]]:
        """Where a level is stated (ระดับ …): start and end of its name, and its code."""
        names = "|".join(re.escape(name) for name in sorted(self.levels, key=len, reverse=True))
        spaced = re.sub(r"(?<=[ก-๎])(?=[ก-๎])", r"\\n?", names) if "\n" in self.text else names
        return [
            (*match.span(1), "levelname", self.levels[match[1].replace("\n", "")])
            for match in re.finditer(f"{_LEVEL_LEAD}({spaced}){_LEVEL_END}", self.text)
        ]

    def place(self, position: int) -> str:
        """The place of the line that a position of the text stands on."""
        starts = [0]
        for line in self.lines[:-1]:
            starts.append(starts[-1] + len(line.text) + 1)
        return self.lines[bisect(starts, position) - 1].place

    def begins_line(self, token: Token) -> bool:
        """Whether nothing stands before a token on its line."""
        return not self.text[: token.start].rpartition("\n")[2].strip(" \"“”'-•(")


def _blank(match: re.Match) -> str:
    return " " * len(match[0])


def read(document: list[Line | Table], context: Context) -> list[Claim]:
    """The claims of overall scores, levels and ranks in the running text of a document."""
    years = framework.load().years
    year = years.get(context.results_year, years[max(years)])
    levels = {level.name_th: level.code for level in year.levels}
    vocabulary = Vocabulary(
        context.own_names(), context.agency["district"], context.agency["province"]
    )
    paragraphs = [
        Paragraph(lines, vocabulary, levels) for lines in _paragraphs(without_contents(document))
    ]
    found = []
    for number, paragraph in enumerate(paragraphs):
        if _candidate(paragraph.text):
            before = paragraphs[max(0, number - _LOOK_BACK) : number]
            found += _Statements(paragraph, before, context).claims()
    return found


def _candidate(text: str) -> bool:
    return bool(re.search(r"[0-9๐-๙]", text) or "ระดับ" in text) and bool(
        re.search(r"คะแนน|ระดับ|ลำดับ|อันดับ|ภาพรวม", text)
    )


def without_contents(document: list[Line | Table]) -> list[Line | Table]:
    """The blocks without the entries of tables of contents, which claim nothing."""
    kept: list[Line | Table] = []
    inside = False
    for block in document:
        if isinstance(block, Table):
            inside = False
        elif _CONTENTS.match(block.text) and len(block.text) < 60:
            inside = True
            continue
        elif inside and len(block.text) < 140 and _ENTRY.search(block.text):
            continue
        else:
            inside = False
            if _PAGE.search(block.text) and not re.search(r"คะแนน\s*$", block.text):
                continue
        kept.append(block)
    return kept


def _paragraphs(document: list[Line | Table]) -> list[list[Line]]:
    """Lines that follow each other; a blank line, a bullet or a number before a line parts them."""
    found: list[list[Line]] = []
    last: Line | None = None
    for block in document:
        if isinstance(block, Table):
            last = None
            continue
        goes_on = last is not None and _follows(last, block) and not _BEGINS_ANEW.match(block.text)
        if goes_on:
            found[-1].append(block)
        else:
            found.append([block])
        last = block
    return found


def _follows(last: Line, line: Line) -> bool:
    one, other = re.fullmatch(r"(\D+)(\d+)", last.place), re.fullmatch(r"(\D+)(\d+)", line.place)
    return bool(one and other) and one[1] == other[1] and int(other[2]) - int(one[2]) == 1


class _Statements:
    """The claims of one paragraph; `before` are the paragraphs that stand before it."""

    def __init__(self, paragraph: Paragraph, before: list[Paragraph], context: Context):
        self.paragraph, self.before, self.context = paragraph, before, context
        self.tokens = paragraph.tokens

    def claims(self) -> list[Claim]:
        found = []
        for index, token in enumerate(self.tokens):
            if token.meaning in CLOSING and not self._mere_number(index):
                statement = self._statement(index)
                quantity, obstacle, because = statement
                if quantity:
                    found.append(self._claim(token, quantity, obstacle, because))
        return found

    def _claim(self, token: Token, quantity: str, obstacle: str, because: str) -> Claim:
        text = self.paragraph.text
        words = text[max(0, token.start - 60) : token.end + 40].replace("\n", " ")
        value = token.value or token.text
        return Claim(
            quantity, value, self.paragraph.place(token.start), words.strip(), obstacle, because
        )

    def _mere_number(self, index: int) -> bool:
        """Whether a figure numbers a section (4.1 ภาพรวม) or belongs to no score at all."""
        token = self.tokens[index]
        if token.meaning != "figure":
            return False
        after = self.paragraph.text[token.end :]
        return self.paragraph.begins_line(token) and not re.match(
            r"[\s.…\"“”'*]*(?:$|\n|คะแนน(?![ก-๎])|คะแนน\s*(?:และ|ซึ่ง|โดย|อยู่))", after
        )

    # --- one statement ---------------------------------------------------------------------------

    def _statement(self, index: int) -> tuple[str, str, str]:
        """(quantity, obstacle, its word) of the claim at a token; quantity '' for no claim at
        all.
        """
        token = self.tokens[index]
        first = next(
            (at + 1 for at in range(index - 1, -1, -1) if self.tokens[at].meaning in CLOSING), 0
        )
        own = next(
            (
                at
                for at in range(index - 1, -1, -1)
                if self.tokens[at].meaning in ("own", "ownname", "other")
                and not self._of_rank(token, self.tokens[at])
            ),
            None,
        )
        parted = next((at for at in range(first, index) if self._parts(at)), first)
        begin = max(first, parted if first else 0, own + 1 if own is not None else 0)
        segment = self.tokens[begin:index]
        tail = self._tail(index)
        quantity = self._quantity(token, self.tokens[first:index], tail)
        if not quantity:
            return "", "", ""
        checks = (
            self._spoilt(token, segment, tail),
            self._whose(token, own, first, index),
            self._year(index, tail),
            self._assessment(index, own, first),
            self._unknown(own, first, index, tail),
            self._open_quantity(token, quantity, own, first, index),
        )
        obstacle, because = next((check for check in checks if check[0]), ("", ""))
        if quantity == "rank" and not obstacle:
            obstacle = "grain"
        return quantity, obstacle, because

    def _parts(self, at: int) -> bool:
        """Whether what stands before a token still belongs to the figure before: ซึ่ง, โดย, a
        line.
        """
        token, before = self.tokens[at], self.tokens[max(0, at - 1)]
        between = self.paragraph.text[before.end : token.start]
        new_line = "\n" in between and not _TAIL_GOES_ON.match(self.paragraph.text[token.start :])
        return token.meaning == "break" or new_line

    def _of_rank(self, token: Token, subject: Token) -> bool:
        return token.meaning == "rankno" and subject.meaning == "type"

    def _tail(self, index: int) -> list[Token]:
        """The words behind a figure that still say what it is."""
        text, found = self.paragraph.text, []
        for at in range(index + 1, len(self.tokens)):
            token, before = self.tokens[at], self.tokens[at - 1]
            between = text[before.end : token.start]
            if "\n" in between and not _TAIL_GOES_ON.match(text[before.end :].lstrip("\n ")):
                break
            if token.meaning in CLOSING | {"break", "change", "level", "rank", "own", "ownname"}:
                break
            if token.meaning == "full":
                number = next((each for each in self.tokens[at + 1 : at + 4] if each.text), None)
                if number is None or number.text in ("100", "100.00"):
                    break
            found.append(token)
        return found

    def _quantity(self, token: Token, segment: list[Token], tail: list[Token]) -> str:
        if token.meaning == "levelname":
            return "level"
        if token.meaning == "rankno":
            return self._rank_scope(segment, tail)
        speaks = {each.meaning for each in segment} & {"head", "score", "mean", "best", "assess"}
        unit = any(each.meaning in ("score", "head") for each in tail[:1])
        return "overall" if speaks or unit else ""

    def _rank_scope(self, segment: list[Token], tail: list[Token]) -> str:
        """province_rank or type_rank where the scope is that and nothing else, else rank."""
        around = [*segment, *tail]
        scopes = [each for each in around if each.meaning == "scope"]
        words = {each.text.replace(" ", "").replace("\n", "") for each in scopes}
        province = all(each.value == "province" for each in scopes if each.text not in _PROVINCE)
        types = [each.value for each in around if each.meaning == "type"]
        if words and province and not words & _COUNTRY and not types:
            return "province_rank"
        if types and words <= _COUNTRY and self._own_type(types):
            return "type_rank"
        return "rank"

    def _own_type(self, types: list[str]) -> bool:
        own = self.context.agency["agency_type"]
        local = {kind.code for kind in framework.load().agency_types.values() if kind.is_local} - {
            "special_lao"
        }
        return len(set(types)) == 1 and (types[0] == own if own else types[0] not in local)

    def _spoilt(self, token: Token, segment: list[Token], tail: list[Token]) -> tuple[str, str]:
        spoils = _SPOILS - ({"scope"} if token.meaning == "rankno" else set())
        for each in (*segment, *tail):
            if each.meaning in spoils:
                return _REASON.get(each.meaning, each.meaning), each.text
        if token.meaning != "rankno":
            kind = next((each for each in (*segment, *tail) if each.meaning == "type"), None)
            if kind is not None and token.meaning == "figure" and kind in tail:
                return "scope", kind.text
        return "", ""

    def _whose(self, token: Token, own: int | None, first: int, index: int) -> tuple[str, str]:
        """Own name or หน่วยงาน in the paragraph, or a title or heading that governs it."""
        if own is not None and self.tokens[own].meaning == "other":
            return "other", self._around(own)
        if own is not None and own >= first:
            return self._preamble(own, first)
        if own is not None:
            return "", ""
        for paragraph in reversed(self.before):
            subject = next(
                (
                    each
                    for each in reversed(paragraph.tokens)
                    if each.meaning in ("own", "ownname", "other")
                ),
                None,
            )
            if subject is not None:
                return ("other", subject.text) if subject.meaning == "other" else ("", "")
        return ("", "") if self.context.named_in_title else ("who", "")

    def _preamble(self, own: int, first: int) -> tuple[str, str]:
        """What stands before the subject in the same statement: คะแนนสูงสุดของ NAME …"""
        if self._title_line(own):
            return "", ""
        for each in reversed(self.tokens[first:own]):
            if each.meaning == "break":
                break
            if each.meaning in _SPOILS - {"other", "scope", "target", "before"} or (
                each.meaning in ("target", "before") and each.text.strip() not in ("เพื่อ", "ต้อง")
            ):
                return _REASON.get(each.meaning, each.meaning), each.text
        return "", ""

    def _title_line(self, own: int) -> bool:
        """Whether the subject stands on a line of its own, as on a cover: name, place, year."""
        line = self._line_of(self.tokens[own])
        plain = {"ownname", "plain", "ita", "year", "date", "type", "assess", "assessor"}
        return self.tokens[own].meaning == "ownname" and all(
            each.meaning in plain for each in self.tokens if self._line_of(each) == line
        )

    def _says(self, own: int, index: int) -> bool:
        """Whether subject and figure are one sentence: on one line, or on one and the next."""
        lines = self._line_of(self.tokens[index]) - self._line_of(self.tokens[own])
        return lines == 0 or lines == 1 and self.tokens[own + 1 : index] != []

    def _line_of(self, token: Token) -> int:
        return self.paragraph.text.count("\n", 0, token.start)

    def _year(self, index: int, tail: list[Token]) -> tuple[str, str]:
        """The year said last before a figure, or behind it, must be that of the results."""
        wanted = self.context.results_year
        for each in tail:
            if each.meaning == "year" and int(each.value) != wanted:
                return "year", each.text
        for tokens, text in [
            (self.tokens[:index], self.paragraph.text),
            *((each.tokens, each.text) for each in reversed(self.before)),
        ]:
            for each in reversed(tokens):
                if each.meaning == "year" and not _of_plan(text[: each.start]):
                    return ("", "") if int(each.value) == wanted else ("year", each.text)
        return "", ""

    def _assessment(self, index: int, own: int | None, first: int) -> tuple[str, str]:
        """The assessment named last before a figure is ITA; none named: the title's."""
        for each in reversed(self.tokens[:index]):
            if each.meaning in ("ita", "assessment"):
                return ("", "") if each.meaning == "ita" else ("assessment", each.text)
        for paragraph in reversed(self.before):
            if len(paragraph.text) > _HEADING_LENGTH:
                continue
            for each in reversed(paragraph.tokens):
                if each.meaning in ("ita", "assessment"):
                    return ("", "") if each.meaning == "ita" else ("assessment", each.text)
        return "", ""

    def _unknown(
        self, own: int | None, first: int, index: int, tail: list[Token]
    ) -> tuple[str, str]:
        """Words that are not understood: between subject and figure, behind it, or before both."""
        begin = 0 if own is None else own + 1
        before = self.tokens[begin:index]
        for each in (*before, *tail):
            if each.meaning == "unknown" and len(each.text.strip()) > 1:
                return "words", self._around(self.tokens.index(each))
        preamble = self.tokens[:own] if own is not None else []
        for each in reversed(preamble):
            if each.meaning in ("ita", *CLOSING):
                return "", ""
            if each.meaning == "unknown" and len(each.text.strip()) > 1:
                return "words", each.text
        return self._unknown_heading(own)

    def _unknown_heading(self, own: int | None) -> tuple[str, str]:
        """A heading directly before that speaks of results in words that are not understood."""
        if not self.before:
            return "", ""
        heading = self.before[-1]
        said = [each for each in heading.tokens if each.meaning in CLOSING]
        if said or len(heading.text) > _HEADING_LENGTH or not _ABOUT_RESULTS.search(heading.text):
            return "", ""
        last = next(
            (
                each
                for each in reversed(heading.tokens)
                if each.meaning in ("ita", "ownname") or each.meaning == "unknown"
            ),
            None,
        )
        if last is not None and last.meaning == "unknown" and len(last.text) > 1:
            return "words", last.text
        return "", ""

    def _open_quantity(
        self, token: Token, quantity: str, own: int | None, first: int, index: int
    ) -> tuple[str, str]:
        """An overall score needs its name (คะแนนรวม …); the verb alone does where whose it is
        stands

        in the same statement: NAME ได้ 91.15 คะแนน.
        """
        if quantity != "overall":
            return "", ""
        segment = self.tokens[first:index]
        named = any(each.meaning == "head" for each in segment)
        sentence = own is not None and own >= first and self._says(own, index)
        if token.text == "100" and not sentence:
            return "full", ""
        if named or sentence:
            return "", ""
        return "quantity", ""

    def _around(self, at: int) -> str:
        token = self.tokens[at]
        return self.paragraph.text[token.start : token.end + 24].replace("\n", " ").strip()


def _of_plan(before: str) -> bool:
    """Whether a year is that of a plan or an announcement, not of results."""
    found = list(_YEAR_OF_PLAN.finditer(before[-300:]))
    return bool(found) and found[-1].lastgroup == "plan"
