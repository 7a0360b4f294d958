"""What the headings above a statement make of it: a figure below "ค่าเฉลี่ยของประเทศ" is that mean.

A heading is a short paragraph that states no figure of its own. It governs what follows it up to
the next one; a statement that says itself whose, of which year and of which assessment it is needs
none.
"""

import re

from ingestion.documents.paragraphs import Paragraph
from ingestion.documents.statements import SUBJECTS, Statement
from ingestion.documents.vocabulary import CLOSING, Token

Obstacle = tuple[str, str]
NONE: Obstacle = ("", "")
LENGTH = 160  # characters of a paragraph that can be a heading
ABOUT_RESULTS = re.compile(r"คะแนน|ประเมิน|ประกวด|รางวัล|ตรวจ|มาตรฐาน|ระดับ|ลำดับ")
_TITLE = 60  # characters of a heading that is a name
_NEAR = 3  # paragraphs above a statement among which its heading stands
_SPOILS = {"mean", "best", "target", "change", "weight", "part", "scope", "before", "assessment"}
# A title may say what something is done for (เพื่อยกระดับ …); a heading of targets says so by name.
TARGET = re.compile(r"เป้า|คาด|เกณฑ์|kpi|goal|target|ขั้นต่ำ|จำลอง", re.IGNORECASE)
# Parts of the assessment; กิจกรรม, โครงการ and the like also head news.
_PART = re.compile(r"IIT|EIT|OIT|ตัวชี้วัด|แบบวัด|ด้าน|^ข้อ|เครื่องมือ|ผู้มีส่วน|การเปิดเผย|^การ|คุณภาพ|ประสิทธิภาพ")


def states(paragraph: Paragraph) -> bool:
    """Whether a paragraph states a figure of its own, and so is no heading."""
    return any(each.meaning in CLOSING for each in paragraph.tokens)


def obstacle(statement: Statement) -> Obstacle:
    """What the nearest heading above makes of a statement that does not say all itself."""
    own_subject = statement.own is not None and statement.own >= statement.first
    heads = any(each.meaning == "head" for each in statement.words())
    of_figure = statement.token.meaning != "figure" and statement.own is not None
    if explicit(statement) or own_subject and heads or of_figure:
        return NONE
    for place, above in enumerate(reversed(statement.before[-_NEAR:])):
        whole = len(above.text) <= LENGTH and not states(above)
        paragraph = above if whole else _last_line(above)
        if not paragraph.tokens or len(paragraph.text) > LENGTH or own_subject and place:
            return NONE
        if states(paragraph):
            continue  # an entry beside it, under the same heading
        for heading in (_last_line(above), paragraph):  # a title may stand right above a heading
            for each in heading.tokens:
                if _spoils(each, heading, statement):
                    return {"before": "year"}.get(each.meaning, each.meaning), each.text
        if ABOUT_RESULTS.search(paragraph.text) or _named(paragraph):
            return NONE
    return NONE


def _last_line(paragraph: Paragraph) -> Paragraph:
    """The last line of a paragraph, which may head what follows (a list right below it)."""
    return Paragraph(paragraph.lines[-1:], paragraph.vocabulary, paragraph.levels)


def _spoils(token: Token, heading: Paragraph, statement: Statement) -> bool:
    if token.meaning not in _SPOILS:
        return False
    if token.meaning == "target":
        return not token.start or TARGET.search(token.text) is not None
    if token.meaning == "part":
        whole = any(each.meaning == "head" for each in heading.tokens)
        return not whole and _PART.search(token.text) is not None
    if token.meaning == "assessment":
        return not any(each.meaning == "ita" for each in heading.tokens)
    if token.meaning == "scope":
        return statement.token.meaning != "rankno" and not _named(heading)
    return True


def _named(paragraph: Paragraph) -> bool:
    return any(each.meaning in SUBJECTS for each in paragraph.tokens)


def unknown(statement: Statement) -> Obstacle:
    """A heading directly above in words that are not understood: one that speaks of results, or any
    where the statement says neither whose nor of which assessment it is.
    """
    if explicit(statement):
        return NONE
    words = statement.paragraph.tokens[: statement.index]
    bare = not any(each.meaning in ("own", "ownname", "ita") for each in words)
    for above in reversed(statement.before[-_NEAR:]):
        whole = len(above.text) <= LENGTH and not states(above)
        heading = above if whole else _last_line(above)
        if not heading.tokens or states(heading) or len(heading.text) > LENGTH:
            return NONE
        if (found := of(heading))[0]:
            return found
        strange = next(filter(not_understood, heading.tokens), None)
        if strange is not None and bare and len(heading.text) <= _TITLE:
            return "words", strange.text
        if ABOUT_RESULTS.search(heading.text) or strange is not None:
            return NONE
    return NONE


def of(heading: Paragraph) -> Obstacle:
    """The word of a heading of results that is not understood, if nothing behind it is."""
    if states(heading) or len(heading.text) > LENGTH or not ABOUT_RESULTS.search(heading.text):
        return NONE
    telling = (
        each
        for each in reversed(heading.tokens)
        if each.meaning in ("ita", "ownname") or not_understood(each)
    )
    last = next(telling, None)
    return ("words", last.text) if last is not None and last.meaning == "unknown" else NONE


def not_understood(token: Token) -> bool:
    """Whether a token is more than a stray letter and means nothing that is known."""
    return token.meaning == "unknown" and len(token.text.strip()) > 1


def explicit(statement: Statement) -> bool:
    """Whether a statement says itself whose it is, of which year, and of an assessment."""
    if statement.own is None or statement.own < statement.first:
        return False
    words = statement.words()
    years = any(each.meaning == "year" for each in words)
    return years and any(each.meaning in ("ita", "assess") for each in words)
