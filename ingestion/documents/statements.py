"""Statements: a figure, a level or a rank with the words that say what it is.

A statement reaches from the figure before to its own, and behind it as far as words still belong
to it. Its subject is the last one named before it in its paragraph.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingestion import framework
from ingestion.documents.context import Context
from ingestion.documents.paragraphs import Paragraph
from ingestion.documents.vocabulary import CLOSING, Token

SUBJECTS = {"own", "ownname", "other"}
_TAIL_GOES_ON = re.compile(r"\s*(?:\(|คะแนน(?![ก-๎])|ของ|ใน|เมื่อ|จาก|เป็น|ขึ้นไป|หรือ|สำหรับ|ที่|ซึ่งเป็น)")
_BRACKET = re.compile(r"\s*\(")  # what may follow a level or a rank on the next line
_ENDS_TAIL = CLOSING | {"break", "change", "level", "rank", "own", "ownname"}
_PROVINCE = {"ของจังหวัด", "ระดับจังหวัด", "ในจังหวัด", "ภายในจังหวัด", "ทั้งจังหวัด"}
_COUNTRY = {
    "ระดับประเทศ",
    "ของประเทศ",
    "ทั้งประเทศ",
    "ทั่วประเทศ",
    "ทั่วทั้งประเทศ",
    "ในประเทศ",
    "ประเทศ",
}


@dataclass
class Statement:
    """A figure and the words about it.

    `index` is the place of the figure among the paragraph's tokens, `first` where the statement
    begins, `own` the place of its subject (None: none in the paragraph); `segment` are the words
    before the figure that are about it and no other, `tail` those behind it.
    """

    paragraph: Paragraph
    before: list[Paragraph]
    context: Context
    index: int
    first: int
    own: int | None
    segment: list[Token]
    tail: list[Token]
    quantity: str = ""

    @property
    def token(self) -> Token:
        """The figure, the level's name or the rank's number."""
        return self.paragraph.tokens[self.index]

    @property
    def subject(self) -> Token | None:
        """The subject named in the paragraph."""
        return None if self.own is None else self.paragraph.tokens[self.own]

    def words(self) -> list[Token]:
        """The tokens of the statement before its figure."""
        return self.paragraph.tokens[self.first : self.index]


def statements(
    paragraph: Paragraph, before: list[Paragraph], context: Context
) -> Iterator[Statement]:
    """Every statement of a paragraph that claims something."""
    for index, token in enumerate(paragraph.tokens):
        if token.meaning in CLOSING and not _numbers_a_line(paragraph, token):
            statement = at(paragraph, before, context, index)
            statement.quantity = _quantity(statement)
            if statement.quantity:
                yield statement


def _numbers_a_line(paragraph: Paragraph, token: Token) -> bool:
    """Whether a figure numbers a section (4.1 ภาพรวม) and belongs to no score at all."""
    if token.meaning != "figure" or not paragraph.begins_line(token):
        return False
    return not re.match(
        r"[\s.…\"“”'*]*(?:$|\n|คะแนน(?![ก-๎])|คะแนน\s*(?:และ|ซึ่ง|โดย|อยู่))",
        paragraph.text[token.end :],
    )


def at(paragraph: Paragraph, before: list[Paragraph], context: Context, index: int) -> Statement:
    """The statement of the figure, level or rank at a place among a paragraph's tokens."""
    tokens = paragraph.tokens
    back = range(index - 1, -1, -1)
    first = next((place + 1 for place in back if tokens[place].meaning in CLOSING), 0)
    own = next((place for place in back if tokens[place].meaning in SUBJECTS), None)
    begin = first
    if first:  # what stands before ซึ่ง, โดย or a new line still belongs to the figure before
        begin = next((here for here in range(first, index) if _parts(paragraph, here)), first)
    begin = max(begin, own + 1 if own is not None else 0)
    return Statement(
        paragraph, before, context, index, first, own, tokens[begin:index], _tail(paragraph, index)
    )


def _parts(paragraph: Paragraph, here: int) -> bool:
    token, last = paragraph.tokens[here], paragraph.tokens[here - 1]
    new_line = "\n" in paragraph.between(last, token)
    return token.meaning == "break" or (
        new_line and not _TAIL_GOES_ON.match(paragraph.text[token.start :])
    )


def _tail(paragraph: Paragraph, index: int) -> list[Token]:
    """The words behind a figure that still say what it is."""
    found: list[Token] = []
    goes_on = _TAIL_GOES_ON if paragraph.tokens[index].meaning == "figure" else _BRACKET
    for here in range(index + 1, len(paragraph.tokens)):
        token, last = paragraph.tokens[here], paragraph.tokens[here - 1]
        behind = paragraph.text[last.end :].lstrip("\n ")
        if "\n" in paragraph.between(last, token) and not goes_on.match(behind):
            break
        if token.meaning in _ENDS_TAIL:
            break
        if token.meaning == "full" and _of_hundred(paragraph.tokens[here + 1 : here + 4]):
            break
        found.append(token)
    return found


def _of_hundred(tokens: list[Token]) -> bool:
    """Whether จากคะแนนเต็ม is followed by 100, or by no number at all."""
    number = next((each for each in tokens if each.meaning in ("figure", "number")), None)
    return number is None or number.text in ("100", "100.00")


def _quantity(statement: Statement) -> str:
    """overall, level, province_rank, type_rank, rank (of another scope), or '' for no claim."""
    if statement.token.meaning == "levelname":
        return "level"
    if statement.token.meaning == "rankno":
        return _rank(statement)
    said = {each.meaning for each in statement.words()} & {
        "head",
        "score",
        "mean",
        "best",
        "assess",
    }
    unit = any(each.meaning in ("score", "head") for each in statement.tail[:1])
    return "overall" if said or unit else ""


def _rank(statement: Statement) -> str:
    """province_rank or type_rank where the scope is that and nothing else, else rank."""
    around = [*statement.words(), *statement.tail]
    scopes = [each for each in around if each.meaning == "scope"]
    words = {each.text.replace(" ", "").replace("\n", "") for each in scopes}
    types = [each.value for each in around if each.meaning == "type"]
    if any("ประเภท" in each.text for each in around if each.meaning != "type"):
        return "rank"  # of some type that is not named
    province = all(
        each.value == "province" or word in _PROVINCE
        for each, word in zip(scopes, [each.text.replace(" ", "") for each in scopes], strict=True)
    )
    if words and province and not types:
        return "province_rank"
    if types and words <= _COUNTRY and _own_type(types, statement.context):
        return "type_rank"
    return "rank"


def _own_type(types: list[str], context: Context) -> bool:
    """Whether the types named are one, and the agency's own (as far as the document shows it)."""
    own = context.agency["agency_type"]
    kinds = framework.load().agency_types.values()
    local = {kind.code for kind in kinds if kind.is_local and kind.code != "special_lao"}
    return len(set(types)) == 1 and (types[0] == own if own else types[0] not in local)
