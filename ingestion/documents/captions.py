"""What governs a table: the caption or heading above it, read with the same words as sentences.

A caption carries to its table and no further; a heading carries until the next one. What they do
not say is inherited from the title.
"""

import re
from itertools import pairwise

from ingestion import normalise
from ingestion.agencies import MENTION, looks_like_agency
from ingestion.documents import blocks
from ingestion.documents.blocks import Line, Table
from ingestion.documents.context import Context
from ingestion.documents.headings import not_understood
from ingestion.documents.standing import LENGTH, Standing, holds, rank
from ingestion.documents.vocabulary import CLOSING, Token, key

_LONGEST = 200  # characters of a caption
_NAME = 80  # characters of a line that is a name
_NOTE = re.compile(r"\s*[(*]*\s*(?:ที่มา|หมายเหตุ)")
_IS = re.compile(
    r"\s*\(?(?:เป็น|คือ|คะแนน(?!เต็ม)|ข้อมูล|ผล|ค่า|ตัวเลข)"
)  # a note without its mark: * คะแนนของ …
_BRACKET = re.compile(r"\(([^()]*)\)\s*$")
_TOLD = {"part", "ita", "own", "ownname", "share", "score", "full", "number", "figure"}
_FINE = {*_TOLD, "plain", "assess", "thing"}
_ROUND = re.compile(r"รอบ\s*(?:ที่\s*)?[0-9๐-๙]+(?:\s*เดือน)?|ไตรมาส|ครั้งที่\s*[0-9๐-๙]")
_NUMBERED = re.compile(r"\s*(?:ตาราง|แผนภูมิ|ภาพ|กราฟ|รูป)(?:ที่)?\s*[\d๐-๙]")
_LABEL_SPOILT = re.compile(
    r"เฉลี่ย|สูงสุด|ต่ำสุด|ประเทศ|จังหวัด|ปี|เป้าหมาย|น้ำหนัก|[12][0-9๐-๙]{3}|๒[๐-๙]{3}|เทศบาล|อบต|อบจ|ท[ตมน]\.|กรม|องค์การ"
    r"|มหาวิทยาลัย|โรงเรียน|กอง|ฝ่าย|สำนัก|ศูนย์|ชุมชน|หมู่บ้าน|LPA|พึงพอใจ|ผลต่าง|เพิ่มขึ้น|ลดลง|เดิม|ก่อน|เกณฑ์|คาด|เบื้องต้น|ตนเอง|อำเภอ|กลุ่ม"
)
# A line of a figure or a year alone.
_FIGURE = re.compile(r"\W*\d{1,3}(?:[.,]\d+)?\s*(?:คะแนน|%)?\W*|\W*\d{4}\W*")
_ROW = re.compile(r" row \d+$")  # the place of a line that is a table's row in one cell
_NEAR = 3  # lines above a table in which its caption stands
_CAPTION = re.compile(r"คะแนน|ผลการประเมิน|ตาราง|แผนภูมิ|เปรียบเทียบ|ค่าเฉลี่ย|ปี|ลำดับ|น้ำหนัก")
# How a caption begins; another line above a table is only looked through for words of other
# figures.
_BEGINS = re.compile(
    r"[\s\d๐-๙.)(•*-]*(?:ตาราง|แผนภูมิ|ภาพ|กราฟ|ผล|คะแนน|สรุป|เปรียบเทียบ|รายละเอียด|การประเมิน|ระดับ|อันดับ|ลำดับ|ข้อมูล|ข้อ|ตัวชี้วัด|เครื่องมือ)"
)
# Words that make every figure below them another one. `part` is what tables are about: no obstacle.
_SPOILS = {
    "mean",
    "best",
    "target",
    "change",
    "weight",
    "share",
    "assessment",
    "before",
    "scope",
    "limit",
}
_REASON = {"before": "year", "limit": "change"}
# Sentences that lead to a table say how well something was done and what should be done.
_ADVICE = re.compile(r"ควร|ได้มีการดำเนินการ|ข้อเสนอแนะ|การนำผล|ไปสู่การปฏิบัติ|ประเด็นที่|ตัวชี้วัดที่|ส่วนที่")


class Governing:
    """Follows a document block by block and says of each table why it may not be believed."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.lines: list[Line] = []
        self.last: tuple[str, str] = ("", "")
        self.columns: list[str] = []
        self.section: tuple[str, str] = ("", "")  # of the last row that heads others
        self.numbered = False  # whether the table read last has a caption with a number above
        self.seen: set[str] = set()
        self.standing = Standing()
        self.above = ""  # the line that `standing` saw last
        self.passed: list[Line] = []  # lines that `standing` has not seen: most need no reading

    def line(self, line: Line) -> None:
        """Take note of a line outside tables."""
        if line.text not in self.seen:  # a title that runs on every page is no caption
            self.lines = [*self.lines[-_NEAR:], line]
        self.seen.add(line.text)
        self.passed.append(line)

    def table(self, table: Table) -> tuple[str, str]:
        """(obstacle, its word) of a table; a table that goes on without a line between keeps its
        own.
        """
        headers = [column.header for column in table.columns]
        lines, self.lines = self.lines, []
        self.numbered = any(_NUMBERED.match(line.text) for line in lines)
        captioned = any(
            _CAPTION.search(blocks.joined(line.text)) or rank(line.text) is not None
            for line in lines
        )
        # right below another one it is that one's next part, whatever its header is called now
        goes_on = not captioned and (headers == self.columns or not lines)
        self._pass_lines()
        found = self._of_lines(lines)
        if goes_on and lines and _ROW.search(lines[-1].place) and not found[0]:
            found = self.row(lines[-1].text, heads=True)
        if not goes_on:  # else the rest of the table before, under a title that runs on every page
            self.last, self.section = found, ("", "")
        elif not self.last[0]:  # or below a row in one cell that heads the rest of it
            self.last = found
        self.columns = headers
        standing = self.standing.found
        self.standing.table()
        return self.last if self.last[0] else standing

    def _pass_lines(self) -> None:
        """Let `standing` see the lines above a table."""
        for line in self.passed:
            if line.text == self.above:
                continue
            tokens = self.context.vocabulary.tokens(line.text) if len(line.text) <= LENGTH else []
            states = _states(tokens) or any(token.meaning == "level" for token in tokens)
            labels = _FIGURE.fullmatch(normalise.digits(self.above))  # of the figure above it
            found = ("", "") if states or labels else self._of_heading(line, tokens)
            self.above = line.text
            own = {"other"} if any(token.meaning == "ownname" for token in tokens) else set()
            if any(token.value == str(self.context.results_year) for token in tokens):
                own.add("year")
            ranked = None if states else rank(line.text)
            written = blocks.joined(line.text)
            self.standing.line(written, ranked, found, set() if found[0] else own)
        self.passed = []

    def other_table(self, table: Table) -> None:
        """Pass a table without scores: what stands above it does not govern what comes below."""
        self.lines, self.last, self.section = [], ("", ""), ("", "")
        self.columns = [each.header for each in table.columns]
        self._pass_lines()
        self.standing.table()

    def below(self, after: list[Line | Table]) -> tuple[str, str]:
        """(obstacle, its word) of the lines directly below a table: its notes (หมายเหตุ), or the
        numbered caption of a table that has none above, unless that heads another table below.
        """
        for place, line in enumerate(after):
            if isinstance(line, Table) or len(line.text) > _LONGEST:
                break
            heads = any(isinstance(block, Table) for block in after[place + 1 :])
            captions = not (place or self.numbered or heads) and _NUMBERED.match(line.text)
            tokens = self.context.vocabulary.tokens(line.text)
            if _NOTE.match(line.text) or captions:
                found = self._of_caption(line, tokens, False)
            elif place or heads or not _IS.match(line.text) or _states(tokens):
                break
            else:
                found = self._of_heading(line, tokens)
            if found[0]:
                return found
        return "", ""

    def note(self, written: str) -> tuple[str, str]:
        """(obstacle, its word) of a note beside a row or below the rows: ค่าเฉลี่ยจังหวัด, ปี 2566."""
        tokens = self.context.vocabulary.tokens(written)
        return self._of_heading(Line(written, ""), tokens)

    def note_below(self, label: str) -> tuple[str, str]:
        """As `note`, of the last row of a table that begins as one (หมายเหตุ, ที่มา)."""
        return self.note(label) if _NOTE.match(label) else ("", "")

    def names_own(self, label: str) -> bool:
        """Whether the label of a row names the agency or the results' year."""
        tokens = self.context.vocabulary.tokens(label)
        return any(
            each.meaning == "ownname" or each.value == str(self.context.results_year)
            for each in tokens
        )

    def row(self, label: str, heads: bool = False) -> tuple[str, str]:
        """(obstacle, its word) of the label of a row: IIT เฉลี่ยทั้งประเทศ, EIT ปี 2566.

        One that `heads` the rows below it must be understood, whatever it says.
        """
        if not heads and not _LABEL_SPOILT.search(blocks.joined(label)):
            return "", ""
        tokens = self.context.vocabulary.tokens(label)
        found = self._of_caption(Line(label, ""), tokens, False)
        strange = {"unknown", "number"} if heads and label.isdecimal() else {"unknown"}
        unknown = next((each for each in tokens if each.meaning in strange), None)
        return found if found[0] or unknown is None else ("words", unknown.text)

    def instrument(self, label: str) -> tuple[str, str]:
        """(obstacle, its word) of the label of a row that is an instrument's: every word of it must
        be understood (IIT เป้า, EIT ชมรมผู้สูงอายุ).
        """
        tokens = self.context.vocabulary.tokens(label)
        found = self._of_caption(Line(label, ""), tokens, False)
        strange = next((each for each in tokens if not_understood(each)), None)
        return found if found[0] or strange is None else ("words", strange.text)

    def bracket(self, label: str) -> tuple[str, str]:
        """(obstacle, its word) of what a label says in brackets at its end: nothing but the
        instrument, the results' year and the unit is the agency's without more.
        """
        inside = _BRACKET.search(label)
        if not inside:
            return "", ""
        tokens = self.context.vocabulary.tokens(inside[1])
        year = str(self.context.results_year)
        fine = all(each.meaning in _FINE or each.value == year for each in tokens)
        told = any(each.meaning in _TOLD or each.value == year for each in tokens)
        return ("", "") if fine and told else ("words", inside[0])

    def ends_section(self, label: str, obstacle: str, line: bool) -> bool:
        """Whether a label that heads rows ends what an earlier one said of those below it: it names
        the year of the results where that one named another year, or the agency; but a `line`
        without cells that names it may be the title that runs on every page.
        """
        tokens = self.context.vocabulary.tokens(label)
        years = [int(each.value) for each in tokens if each.meaning == "year"]
        if obstacle == "year" and self.context.results_year in years:
            return True
        return not line and any(each.meaning in ("own", "ownname") for each in tokens)

    def _of_lines(self, lines: list[Line]) -> tuple[str, str]:
        """What the nearest caption says; what it does not say is said by the headings above it."""
        nearest, dated, headed = True, False, False
        for line in reversed(lines):
            tokens = self.context.vocabulary.tokens(line.text)
            if len(line.text) > _LONGEST:
                return self._of_paragraph(line, tokens) if nearest and not headed else ("", "")
            if _states(tokens):  # a statement with a figure of its own is no caption
                if any(token.meaning == "ownname" for token in tokens):
                    break  # but whose it is goes on
                found = self._of_heading(line, tokens)
                ranked = found[0] == "scope" and any(t.meaning == "rankno" for t in tokens)
                if (
                    found[0] and not headed and not ranked
                ):  # and what it is, unless a heading stands between
                    self.standing.hold(found)
                    return found
                continue
            headed = headed or rank(line.text) is not None
            written = blocks.joined(line.text)
            caption = _CAPTION.search(written) is not None
            named = bool(tokens) and tokens[0].meaning == "other" and len(line.text) < _NAME
            named = named or _of_another_assessment(tokens)
            another = _of_another_agency(tokens)
            if _NOTE.match(line.text):
                continue  # of the table before
            if nearest and looks_like_agency(written) and not self._own(line, tokens):
                return "other", line.text[:60]
            strange = "" if caption or not nearest else _nothing_understood(tokens)
            if strange and not self._names_report(line):
                return "words", strange
            advises = _ADVICE.search(written) or not nearest and not named
            if not (caption or another) and advises:
                nearest = False
                continue
            obstacle = self._of_caption(line, tokens, nearest)
            if obstacle[0] and not (dated and obstacle[0] == "year"):
                return obstacle
            if any(token.meaning == "ownname" for token in tokens):
                break  # it says whose they are: no heading above it does
            dated = dated or any(token.meaning == "year" for token in tokens)
            nearest = False
        return "", ""

    def _own(self, line: Line, tokens: list[Token]) -> bool:
        """Whether a line names the report's agency, by a name of it or as its title does, or the
        assessor, who signs many a cover.
        """
        named = any(each.meaning in ("ownname", "assessor") for each in tokens)
        return named or self._names_report(line)

    def _names_report(self, line: Line) -> bool:
        """Whether a line is, or is part of, a name that a title gives the report's agency."""
        return any(
            text in line.text or line.text in text
            for place in self.context.named
            if place.weight > MENTION
            for text in place.texts
        )

    def _of_paragraph(self, line: Line, tokens: list[Token]) -> tuple[str, str]:
        """What a long paragraph right above a table makes of it: เทศบาล alone may be the agency,
        with a name behind it it is another one.
        """
        named = [
            one
            for one, after in zip(tokens, [*tokens[1:], None], strict=False)
            if one.meaning != "other"
            or after is not None
            and after.meaning == "unknown"
            and one.end == after.start
        ]
        return self._of_heading(line, named)

    def _of_heading(self, line: Line, tokens: list[Token]) -> tuple[str, str]:
        """What makes a line others', leaving words of advice and of change aside."""
        kept = [
            token
            for token in tokens
            if token.meaning not in _SPOILS
            or holds((_REASON.get(token.meaning, token.meaning), token.text))
        ]
        found = self._of_caption(line, kept, False)
        return found if holds(found) else ("", "")

    def _of_caption(self, line: Line, tokens: list[Token], whole: bool = True) -> tuple[str, str]:
        """`whole`: every word of a caption must be known."""
        for token in tokens:
            if token.meaning in _SPOILS:
                return _REASON.get(token.meaning, token.meaning), token.text
        if whole and (found := _ROUND.search(line.text)):
            return "assessment", found[0]
        years = {int(token.value) for token in tokens if token.meaning == "year"}
        if years and self.context.results_year not in years:
            return "year", str(min(years))
        subjects = [token for token in tokens if token.meaning in ("own", "ownname", "other")]
        others = [token for token in subjects if token.meaning == "other"]
        for one, after in pairwise(tokens):  # ของหน่วยงาน 76 จังหวัด; โรงเรียนเทศบาล…
            of_it = one.meaning == "other" and after.meaning == "ownname" and "รัฐ" not in one.text
            if (
                one.meaning == "own"
                and after.meaning == "number"
                or of_it
                and one.end == after.start
            ):
                return "other", f"{one.text} {after.text}"
        if others and subjects[-1].meaning != "ownname":  # คู่เทียบของหน่วยงาน too
            return "other", line.text[others[-1].start :][:60]
        unknown = [token for token in tokens if token.meaning == "unknown" and len(token.text) > 1]
        written = blocks.joined(line.text)
        if whole and unknown and _BEGINS.match(written) and not _ADVICE.search(written):
            return "words", unknown[0].text
        return "", ""


def _of_another_assessment(tokens: list[Token]) -> bool:
    meanings = {token.meaning for token in tokens}
    return "assessment" in meanings and "ita" not in meanings


def _nothing_understood(tokens: list[Token]) -> str:
    """The first word of a line in which no word is understood (Best practice), else ''."""
    said = [token for token in tokens if token.meaning not in ("plain", "number")]
    strange = said and all(token.meaning == "unknown" for token in said)
    return said[0].text if strange and len("".join(token.text for token in said)) > 2 else ""


def _of_another_agency(tokens: list[Token]) -> bool:
    """Whether a line is of or from another agency by name; ภาครัฐ is all of them."""
    return any(
        key(one.text) in ("ของ", "จาก") and other.meaning == "other" and "รัฐ" not in other.text
        for one, other in pairwise(tokens)
    )


def _states(tokens: list[Token]) -> bool:
    """Whether a line states a level, a rank or a figure with its unit (PMQA 4.0 has none)."""
    followed = zip(tokens, [*tokens[1:], None], strict=False)  # a line without words has none
    return any(
        token.meaning in CLOSING - {"figure"}
        or token.meaning == "figure"
        and after is not None
        and after.meaning in ("score", "head", "limit")
        for token, after in followed
    )
