"""Claims in running text: overall scores, levels and ranks, each with what its sentence says of it.

The rule (contract §2, published documents; exact or silent): a figure is taken only where whose it
is, its year, its assessment and that it is a result are all stated, in its own statement, in the
paragraph before it or in the title that governs it, and where no word between is unknown.
"""

import re

from ingestion.documents import checks, paragraphs
from ingestion.documents.blocks import Line, Table
from ingestion.documents.claims import Claim
from ingestion.documents.context import Context
from ingestion.documents.paragraphs import Paragraph
from ingestion.documents.statements import Statement, statements

_LOOK_BACK = 12  # paragraphs before a figure that may govern it
_AROUND = 60  # characters of the document that a receipt quotes before a figure


def read(document: list[Line | Table], context: Context) -> list[Claim]:
    """The claims of overall scores, levels and ranks in the running text of a document."""
    levels = {level.name_th: level.code for level in context.framework_year().levels}
    vocabulary = context.vocabulary
    found = [Paragraph(lines, vocabulary, levels) for lines in paragraphs.parted(document)]
    claims = []
    for number, paragraph in enumerate(found):
        if _candidate(paragraph.text):
            before = found[max(0, number - _LOOK_BACK) : number]
            claims += [_claim(each) for each in statements(paragraph, before, context)]
    return claims


def _candidate(text: str) -> bool:
    """Whether a paragraph can state anything (most do not, and need not be read by words)."""
    return bool(re.search(r"[0-9๐-๙]", text) or "ระดับ" in text) and bool(
        re.search(r"คะแนน|ระดับ|ลำดับ|อันดับ|ภาพรวม", text)
    )


def _claim(statement: Statement) -> Claim:
    obstacle, because = checks.obstacle(statement)
    token, text = statement.token, statement.paragraph.text
    words = text[max(0, token.start - _AROUND) : token.end + 40].replace("\n", " ").strip()
    return Claim(
        statement.quantity,
        token.value or token.text,
        statement.paragraph.place(token),
        words,
        obstacle,
        because,
    )
