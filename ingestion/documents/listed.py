"""Figures that stand in a list, a scale or a column, where words alone do not say which is which.

Two figures side by side, a figure before its label, the figure that another one came from: the
nearest words may belong to the neighbour. Nothing of these is taken.
"""

import re
from collections import Counter

from ingestion import framework
from ingestion.documents.paragraphs import Paragraph
from ingestion.documents.statements import SUBJECTS, Statement
from ingestion.documents.vocabulary import Token, key, level_ground

Obstacle = tuple[str, str]
NONE: Obstacle = ("", "")
_OF_FULL_MARK = re.compile(r"[\s\"”]*(?:คะแนน)?\s*(?:จาก|/|เต็ม)\s*(\d+(?:\.\d+)?)(?!\d)")
_HUNDRED = ("100", "100.00")
# Between two figures of a list, where nothing or next to nothing is said: 80.12 → 91.15, 80.12 และ
# 91.15. A rise in brackets (91.15 (+3.03)) is no list.
_BETWEEN = r"[^ก-๎A-Za-z0-9(]*(?:(?:และ|หรือ|กับ|เป็น)\s*)?"
_BESIDE = re.compile(
    rf"{_BETWEEN}\d|\s*คะแนน{_BETWEEN}\d+[.,]\d|\s*(?:คะแนน)?\s*\(\s*\d+[.,]\d+\s*(?:คะแนน)?\s*\)"
)
_BEFORE = re.compile(rf"\d\.\d+\s*(?:คะแนน)?{_BETWEEN}$")
_ALONE = re.compile(r"\W*\d{1,3}(?:[.,]\d+)?\s*(?:คะแนน|%)?\W*")
_SCALE = re.compile(r"[\s(:=\"”–-]*\d{1,3}(?:\.\d+)?\s*(?:คะแนน)?\s*(?:-|–|ถึง)\s*\d")
_LABELS = {"mean", "best", "target", "weight", "part", "assessment", "before", "scope", "other"}
_LABELS |= {"assessor", "unknown", "thing"}
_REASON = {"before": "year", "assessor": "other", "unknown": "words", "thing": "part"}


def obstacle(statement: Statement) -> Obstacle:
    """Why the place of a figure, level or rank among others leaves open what it is."""
    found = (check(statement) for check in (_came_from, _full_mark, _several, _label_below, _scale))
    return next((each for each in found if each[0]), NONE)


def _came_from(statement: Statement) -> Obstacle:
    """What something came from (จาก 80.12 เป็น 91.15, จากระดับ ผ่าน) is not what it is."""
    if statement.token.text in _HUNDRED:
        return NONE
    for each in reversed(statement.words()):
        if each.meaning not in ("score", "level", "rank"):
            return ("change", each.text) if key(each.text) == "จาก" else NONE
    return NONE


def _full_mark(statement: Statement) -> Obstacle:
    """The full mark that a figure is of, where it is not 100 (9.10 จาก 10, 45.50/50)."""
    if statement.token.meaning != "figure":
        return NONE
    text = level_ground(statement.paragraph.text)
    behind = _OF_FULL_MARK.match(text[statement.token.end :])
    return ("full", behind[0].strip()) if behind and behind[1] not in _HUNDRED else NONE


def _several(statement: Statement) -> Obstacle:
    """Figures right beside each other, or in columns below their names, are of several years or
    things; which is whose is not written.
    """
    paragraph, token = statement.paragraph, statement.token
    if token.meaning != "figure":
        return NONE
    text = level_ground(paragraph.text)
    beside = _BESIDE.match(text[token.end :].replace("100", "", 1))
    found = beside or _BEFORE.search(text[: token.start])
    if found:
        return "several", found[0].strip()
    line, lines = paragraph.line_of(token), text.split("\n")
    if "ตามลำดับ" in lines[line] or _in_columns(statement, line):
        return "several", lines[line].strip()[:40]
    if _ALONE.fullmatch(lines[line]):
        for near in (*lines[max(0, line - 1) : line], *lines[line + 1 : line + 2]):
            if _ALONE.fullmatch(near):
                return "several", near.strip()
    return NONE


def _in_columns(statement: Statement, line: int) -> bool:
    """Whether a line of figures stands below a line of as many names or years."""
    tokens, paragraph = statement.paragraph.tokens, statement.paragraph
    own = [each for each in tokens if paragraph.line_of(each) == line]
    named = any(
        each.meaning in {"head", *SUBJECTS} for each in own if each.end <= statement.token.start
    )
    if named or sum(each.meaning == "figure" for each in own) < 2:
        return False
    above = Counter(each.meaning for each in tokens if paragraph.line_of(each) == line - 1)
    return above["head"] > 1 or above["year"] > 1


def _label_below(statement: Statement) -> Obstacle:
    """A figure may belong to the label below it: alone on its line (95.20 / ความพึงพอใจ), or where
    another year stands alone below it and none before it, or nothing below that year.
    """
    paragraph, token = statement.paragraph, statement.token
    if token.meaning != "figure":
        return NONE
    line, lines = paragraph.line_of(token), level_ground(paragraph.text).split("\n")
    below = [each for each in paragraph.tokens if paragraph.line_of(each) == line + 1]
    alone = _ALONE.fullmatch(lines[line]) is not None
    if any(each.meaning == "figure" for each in below):
        return NONE
    dated = any(
        each.meaning == "year" and not _year_alone(paragraph, each) for each in statement.words()
    )
    only_year = bool(below) and all(each.meaning in ("plain", "thing", "year") for each in below)
    heads = line + 2 < len(lines)  # the year may head what follows it
    for each in below:
        if alone and each.meaning in _LABELS:
            return _REASON.get(each.meaning, each.meaning), each.text
        another = each.meaning == "year" and int(each.value) != statement.context.results_year
        if another and (alone or only_year and not (dated and heads)):
            return "year", each.text
    return NONE


def _year_alone(paragraph: Paragraph, token: Token) -> bool:
    """Whether nothing but a year stands on a line: of which figure it is, the layout says."""
    line = paragraph.line_of(token)
    return all(
        each.meaning in ("plain", "thing", "year")
        for each in paragraph.tokens
        if paragraph.line_of(each) == line
    )


def _scale(statement: Statement) -> Obstacle:
    """A level with its limits: ผ่านดี (85.00 - 94.99 คะแนน), ระดับ ผ่าน 85.00 คะแนน."""
    paragraph, token = statement.paragraph, statement.token
    text = level_ground(paragraph.text)
    if token.meaning == "levelname":
        found = _SCALE.match(text[token.end :])
        return ("limit", found[0].strip()) if found else NONE
    last = paragraph.tokens[statement.first - 1] if statement.first else None
    if token.meaning != "figure" or last is None or last.meaning != "levelname":
        return NONE
    one_line = paragraph.line_of(last) == paragraph.line_of(token)
    return ("limit", token.text) if one_line and _is_limit(token) else NONE


def _is_limit(token: Token) -> bool:
    """Whether a figure is the lowest score of a level, of any year."""
    limits = {
        float(level.overall_min)
        for year in framework.load().years.values()
        for level in year.levels
        if level.overall_min
    }
    return float(token.value) in limits
