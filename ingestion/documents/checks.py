"""What keeps a statement from being believed: one check a part of the claim, refusing by default.

Each check gives (reason, the word of the document it rests on), ('', '') where its part is stated.
"""

import re
from itertools import pairwise

from ingestion.documents import headings, listed
from ingestion.documents.headings import not_understood, states
from ingestion.documents.paragraphs import Paragraph
from ingestion.documents.statements import SUBJECTS, Statement, at
from ingestion.documents.vocabulary import CLOSING, Token, key

Obstacle = tuple[str, str]
NONE: Obstacle = ("", "")
# Words in a statement that make its figure another quantity, or another's.
_SPOILS = {
    "mean",
    "best",
    "target",
    "change",
    "limit",
    "share",
    "weight",
    "full",
    "part",
    "assessment",
    "before",
    "scope",
    "other",
}
_BEFORE_SUBJECT = _SPOILS - {"other", "scope"}
_REASON = {"before": "year"}
_COVER_WORDS = {"ownname", "place", "plain", "thing", "ita", "year", "date", "type", "assess"}
_COVER_WORDS |= {"assessor"}
_JOINED = set(map(key, ("และ", "กับ", "หรือ")))
_NAMES = {*SUBJECTS, "place", "scope", "type", "assessor"}
_BEFORE_ADDRESS = {"own", "ownname", "place", "type"}
# Verbs between a thing and its figure (vocabulary.csv: harmless words, and subjects of figures).
_VERBS = "ได้ มี ได้รับ มีผล โดยมี เป็น คือ อยู่ อยู่ที่ เท่ากับ จำนวน ทำได้ ผล ในปี ปี"
_BETWEEN = set(map(key, _VERBS.split()))
_UNDER = set(map(key, ("สังกัด", "ในสังกัด", "ในสังกัดของ", "ในเขต", "ในพื้นที่")))
_LOWEST = 10  # no overall score that low was ever published; marks out of five or ten are
_OF_PLAN = 90  # characters between a plan and its year
_ROLE_OF_YEAR = re.compile(
    r"(?P<results>ผลการประเมิน|วิเคราะห์ผล|ผลคะแนน|ผลการวิเคราะห์|คะแนน)"
    r"|(?P<plan>มาตรการ|ไปสู่การปฏิบัติ|กำหนดการประเมิน|แผน|เผยแพร่เมื่อ)"
)


def obstacle(statement: Statement) -> Obstacle:
    """The first reason why a statement is not taken; ('', '') where every part of it is stated."""
    if statement.quantity == "rank":
        return "grain", ""
    found = (
        check(statement)
        for check in (
            _spoilt,
            listed.obstacle,
            _thing,
            _thing_of_subject,
            _with_figure_before,
            _whose,
            _year,
            _assessment,
            headings.obstacle,
            _unknown,
            _open_quantity,
        )
    )
    return next((each for each in found if each[0]), NONE)


def _with_figure_before(statement: Statement) -> Obstacle:
    """A level or a rank said in one breath with a figure is of whatever that figure is of."""
    paragraph, tokens = statement.paragraph, statement.paragraph.tokens
    last = statement.first - 1
    if statement.token.meaning == "figure" or last < 0 or tokens[last].meaning == "rankno":
        return NONE
    parts = {"break", *SUBJECTS}
    same_line = paragraph.line_of(tokens[last]) == paragraph.line_of(statement.token)
    if not same_line or any(each.meaning in parts for each in statement.words()):
        return NONE
    before = at(paragraph, statement.before, statement.context, last)
    of_thing = (_thing, _thing_of_subject)
    parts_of_it = (_spoilt, *of_thing, _whose, _year, headings.obstacle, _with_figure_before)
    found = (check(before) for check in parts_of_it)
    return next((each for each in found if each[0]), NONE)


def _reason(token: Token) -> Obstacle:
    return _REASON.get(token.meaning, token.meaning), token.text


def _spoilt(statement: Statement) -> Obstacle:
    """A word of the statement makes it a mean, a target, last year's, a part's, …"""
    spoils = _SPOILS - ({"scope"} if statement.token.meaning == "rankno" else set())
    words = [*statement.segment, *statement.tail]
    if statement.token.meaning == "levelname":  # ระดับ ผ่านดี คือ 85 คะแนนขึ้นไป
        words += [each for each in _behind(statement) if each.meaning == "limit"]
    found = next((each for each in words if each.meaning in spoils), None)
    if found is None and statement.token.meaning == "figure":
        reasons = {"type": "scope", "thing": "part"}  # จากการประเมินภายใน
        last = next((each for each in statement.tail if each.meaning in reasons), None)
        return (reasons[last.meaning], last.text) if last else NONE
    return _reason(found) if found else NONE


def _behind(statement: Statement) -> list[Token]:
    """The few words behind a figure, up to the next clause, whatever figure stands among them."""
    tokens, found = statement.paragraph.tokens, []
    for each in tokens[statement.index + 1 : statement.index + 6]:
        if each.meaning in ("break", "own", "ownname"):
            break
        if statement.paragraph.line_of(each) != statement.paragraph.line_of(statement.token):
            break
        found.append(each)
    return found


def _thing(statement: Statement) -> Obstacle:
    """A thing that has the score: ภายใน ได้คะแนน 89.20, เว็บไซต์ของเทศบาล… ได้คะแนน 98.12."""
    tokens, index = statement.paragraph.tokens, statement.index
    if statement.token.meaning == "rankno":
        return NONE
    before = [each for each in tokens[:index] if key(each.text) not in _BETWEEN]
    while before and before[-1].meaning in ("score", "head", "level"):
        before.pop()
    if before and before[-1].meaning in SUBJECTS:
        subject = before.pop()
        if before and key(before[-1].text) == "ของ":
            before.pop()
        elif before and before[-1].end < subject.start:
            return NONE  # ตามรายงาน เทศบาล… ได้ 91.15
    thing = before[-1] if before and before[-1].meaning == "thing" else _begins_clause(statement)
    if thing is None or thing.meaning != "thing":
        return NONE
    one_line = statement.paragraph.line_of(thing) == statement.paragraph.line_of(tokens[index])
    return ("part", thing.text) if one_line else NONE


def _begins_clause(statement: Statement) -> Token | None:
    """The first word of a clause whose subject, if any, stands on a line above: ทั้งนี้ ภายนอก
    ผลการประเมิน คะแนนรวม 69.05.
    """
    clause: list[Token] = []
    for each in reversed(statement.words()):
        if each.meaning in ("break", *SUBJECTS):
            break
        clause.append(each)
    said = [each for each in reversed(clause) if each.meaning not in ("plain", "year", "place")]
    paragraph, subject = statement.paragraph, statement.subject
    if not said or subject is None or (statement.own or -1) < statement.first:
        return said[0] if said else None
    return said[0] if paragraph.line_of(subject) < paragraph.line_of(said[0]) else None


def _thing_of_subject(statement: Statement) -> Obstacle:
    """What carries the agency's name, whatever stands between it and the figure: เว็บไซต์ของเทศบาล…
    ผลการประเมิน ITA ทำคะแนนได้ 78.20.
    """
    own, tokens, paragraph = statement.own, statement.paragraph.tokens, statement.paragraph
    if not own:
        return NONE
    before = tokens[own - 1]
    if paragraph.line_of(before) != paragraph.line_of(tokens[own]):
        return NONE
    if key(before.text) in _UNDER:  # โรงเรียนบ้านวัง สังกัดเทศบาล…
        return "other", before.text
    if key(before.text) == "ของ" and own > 1:
        before = tokens[own - 2]
    elif before.end < tokens[own].start:
        return NONE
    return ("part", before.text) if before.meaning == "thing" else NONE


def _whose(statement: Statement) -> Obstacle:
    """Own name or หน่วยงาน in the paragraph, or a heading before it, or the title."""
    subject = statement.subject
    if subject is not None:
        if subject.meaning == "other":
            return "other", _around(statement.paragraph, subject)
        if place := _place_as_subject(statement):
            return "scope", place.text
        return _before_subject(statement)
    where = next((each for each in statement.words() if each.meaning == "place"), None)
    if where is not None:  # the province or district itself, not the agency in it
        return "scope", where.text
    for paragraph in reversed(statement.before):
        named = next(
            (each for each in reversed(paragraph.tokens) if each.meaning in SUBJECTS), None
        )
        if named is not None:
            return ("other", named.text) if named.meaning == "other" else NONE
    return NONE if statement.context.named_in_title else ("who", "")


def _place_as_subject(statement: Statement) -> Token | None:
    """The agency's province or district where it is spoken of itself: … ทั้งนี้ จังหวัดแพร่ ได้ 44.30.

    Behind the agency's name a place is its address, once; behind anything else, or said again, it
    is what the figure is of.
    """
    own, said = statement.own or 0, set()
    for last, each in pairwise(statement.paragraph.tokens[own : statement.index]):
        if each.meaning == "place":
            if last.meaning not in _BEFORE_ADDRESS or each.text in said:
                return each
            said.add(each.text)
    return None


def _before_subject(statement: Statement) -> Obstacle:
    """What stands before the subject in the same statement: คะแนนสูงสุดของ NAME …"""
    own, tokens, paragraph = statement.own, statement.paragraph.tokens, statement.paragraph
    if own is None or _on_cover(statement):
        return NONE
    first = next((at + 1 for at in range(own - 1, -1, -1) if tokens[at].meaning in CLOSING), 0)
    for beside in (*tokens[own - 1 : own], *tokens[own + 1 : own + 2]):
        if tokens[own].meaning == "own" and beside.meaning == "number":  # มี 12 หน่วยงาน
            return "other", beside.text
    line, about_ita = paragraph.line_of(tokens[own]), False
    for each in tokens[first : own - 1] if key(tokens[own - 1].text) in _JOINED else ():
        if each.meaning in _NAMES and paragraph.line_of(each) == line:
            return "other", each.text  # จังหวัดแพร่และเทศบาล… ได้ 92.30 และ 91.15
    for each in tokens[max(first, own - 2) : own]:  # คู่เทียบของหน่วยงาน
        if each.meaning in ("other", "scope") and paragraph.line_of(each) == line:
            return _reason(each)
    for each in reversed(tokens[first:own]):
        if each.meaning == "break" or about_ita and paragraph.line_of(each) != line:
            break
        if each.meaning in _BEFORE_SUBJECT and each.text.strip() not in ("เพื่อ", "ต้อง"):
            return _reason(each)
        about_ita = about_ita or each.meaning == "ita" or _heads_line(paragraph, each)
    return NONE


def _heads_line(paragraph: Paragraph, token: Token) -> bool:
    """Whether a line begins with the name of the overall score: คะแนนภาพรวมของหน่วยงาน …"""
    return token.meaning == "head" and paragraph.begins_line(token)


def _on_cover(statement: Statement) -> bool:
    """Whether the subject stands on a line of its own, as on a cover: name, place, year."""
    paragraph, subject = statement.paragraph, statement.subject
    if subject is None or subject.meaning != "ownname":
        return False
    line = paragraph.line_of(subject)
    return all(
        each.meaning in _COVER_WORDS for each in paragraph.tokens if paragraph.line_of(each) == line
    )


def _year(statement: Statement) -> Obstacle:
    """The year said last before a figure, or behind it, must be that of the results."""
    wanted = statement.context.results_year
    for one, other in pairwise(statement.words()):  # ปี 2566-2567
        if one.meaning == other.meaning == "year" and one.value != other.value:
            return "year", one.text
    for each in statement.tail:
        if each.meaning == "year" and int(each.value) != wanted:
            return "year", each.text
    said = _last_year(statement.paragraph, statement.index)
    for paragraph in reversed(statement.before):
        if said is not None:
            break
        stating = states(paragraph)
        if stating and statement.own is not None:
            continue  # a statement of its own; this one names its subject anew
        said = _last_year(paragraph, len(paragraph.tokens))
        if said is None and stating and any(e.meaning == "ownname" for e in paragraph.tokens):
            break  # it is taken without a year itself: the title's
    return ("year", said.text) if said is not None and int(said.value) != wanted else NONE


def _last_year(paragraph: Paragraph, index: int) -> Token | None:
    """The last year before a token that is not that of a plan or an announcement."""
    for each in reversed(paragraph.tokens[:index]):
        if each.meaning == "year":
            before = paragraph.text[max(0, each.start - _OF_PLAN) : each.start]
            before = re.split(r"ดังนี้|ดังต่อไปนี้", before)[-1]
            roles = list(_ROLE_OF_YEAR.finditer(before))
            if not roles or roles[-1].lastgroup != "plan":
                return each
    return None


def _assessment(statement: Statement) -> Obstacle:
    """The assessment named last before a figure is ITA; none named: the headings', the title's."""
    tokens, known = statement.paragraph.tokens[: statement.index], {"ita", "assessment"}
    found = next((each for each in reversed(tokens) if each.meaning in known), None)
    for paragraph in reversed(statement.before):
        if found is not None:
            break
        if len(paragraph.text) <= headings.LENGTH and not (
            statement.own is not None and states(paragraph)  # that one's own
        ):
            results = headings.ABOUT_RESULTS.search(paragraph.text)  # another one needs no word
            named = known if results else {"assessment"}
            found = next((e for e in reversed(paragraph.tokens) if e.meaning in named), None)
    other = found is not None and found.meaning == "assessment"
    return ("assessment", found.text) if other and found else NONE


def _unknown(statement: Statement) -> Obstacle:
    """Words that are not understood: between subject and figure, behind it, or before both."""
    paragraph, own, tokens = statement.paragraph, statement.own, statement.paragraph.tokens
    begin = 0 if own is None else own + 1
    for each in (*tokens[begin : statement.index], *statement.tail):
        if not_understood(each):
            return "words", _around(paragraph, each)
    number = next((each for each in statement.segment if each.meaning == "number"), None)
    if number is not None:  # รอบ 6 เดือน, ครั้งที่ 1, ของ 10 ตัวชี้วัด
        return "words", _around(paragraph, number)
    if own is not None and paragraph.begins_line(tokens[own]) and _ita_behind(statement):
        return NONE
    for each in reversed(tokens[: own or 0]):
        if each.meaning in ("ita", *CLOSING):
            return NONE
        if _heads_line(paragraph, each):
            above = _line_before(paragraph, each)
            explicit = headings.explicit(statement)
            return headings.of(above) if above and not explicit else headings.unknown(statement)
        if not_understood(each):
            return "words", each.text
    return headings.unknown(statement)


def _ita_behind(statement: Statement) -> bool:
    """Whether a statement names the assessment behind its figure: … คะแนน จากผลการประเมิน … ITA."""
    for each in statement.paragraph.tokens[statement.index + 1 :]:
        if each.meaning in ("figure", "ownname", "other"):
            return False
        if each.meaning == "ita":
            return True
    return False


def _line_before(paragraph: Paragraph, token: Token) -> Paragraph | None:
    """The line above a token, as a paragraph."""
    line = paragraph.line_of(token)
    above = paragraph.lines[line - 1 : line] if line else []
    return Paragraph(above, paragraph.vocabulary, paragraph.levels) if above else None


def _open_quantity(statement: Statement) -> Obstacle:
    """An overall score needs its name (คะแนนรวม …); the verb alone does where whose it is stands in
    the same statement: NAME ได้ 91.15 คะแนน.
    """
    if statement.quantity != "overall":
        return NONE
    if float(statement.token.value) < _LOWEST:
        return "points", statement.token.text
    own, tokens = statement.own, statement.paragraph.tokens
    between = [] if own is None else tokens[own : statement.index]
    alone = not any(each.meaning == "figure" for each in between)
    sentence = own is not None and alone and _one_sentence(statement)
    if statement.token.text == "100" and not sentence:
        return "full", ""
    named = any(each.meaning == "head" for each in statement.words()) or _called_ita(statement)
    return NONE if named or sentence else ("quantity", "")


def _called_ita(statement: Statement) -> bool:
    """Whether the score is called the assessment's: คะแนน ITA."""
    words = statement.words()
    return any(one.meaning == "score" and other.meaning == "ita" for one, other in pairwise(words))


def _one_sentence(statement: Statement) -> bool:
    """Whether subject and figure are one sentence: on one line, or on one and the next."""
    paragraph, subject = statement.paragraph, statement.subject
    if subject is None:
        return False
    lines = paragraph.line_of(statement.token) - paragraph.line_of(subject)
    return lines == 0 or lines == 1 and bool(statement.segment)


def _around(paragraph: Paragraph, token: Token) -> str:
    return paragraph.text[token.start : token.end + 24].replace("\n", " ").strip()
