"""Published documents (an agency's own report, as text, HTML, DOCX or PDF) → a submission.

Exact or silent: no figure is guessed.

A document becomes a stream of lines and tables (`plain`, `html`, `docx`, `pdf` → `blocks`);
extractors read the stream, one a subject.
"""

import re
from pathlib import Path

import pandas as pd

from ingestion.documents import (
    constraints,
    docx,
    figures,
    html,
    identity,
    measures,
    ours,
    pdf,
    plain,
    progress,
    remarks,
    titles,
)
from ingestion.documents.blocks import Line, Table
from ingestion.readers import text_encoding
from ingestion.readers.refused import Refused
from ingestion.rules import finding
from ingestion.submission import COLUMNS, Submission

# Findings that tell a sender to correct a document: this one is not the sender's.
_TOLD_OF_OTHERS = {"figure_not_taken", "figures_not_taken", "unreadable_row", "unreadable_figure"}
MOST_CHARACTERS = 5_000_000
_ITA = re.compile(
    f"{titles.key('คุณธรรมและความโปร่งใส')}|{titles.key('ผลการประเมิน')}ita|integrityandtransparency"
)


def extract(document: list[Line | Table]) -> Submission:
    """The submission that a stream of blocks holds."""
    context = identity.read(document)
    score_rows, rank_rows = figures.extract(document, context)
    remark_rows, flagged = remarks.extract(document, context)
    found = measures.read(document, context)
    tables = {
        "scores": [row | {"flagged": "1" if row["code"] in flagged else ""} for row in score_rows],
        "remarks": remark_rows,
        "measures": measures.rows(found, context),
        "progress": progress.rows(found, document, context),
        "constraints": constraints.extract(document, context),
        "ranks": rank_rows,
    }
    frames = {
        name: pd.DataFrame(rows, columns=COLUMNS[name], dtype="str")
        for name, rows in tables.items()
    }
    return Submission("document", context.findings, **frames, named=context.named)


def read(path: Path | str, data: bytes) -> Submission | None:
    """The submission in a published document; None if `data` is not one.

    `path` is not looked at: the content decides.

    Raises Refused where the file is broken or over a bound.
    """
    try:
        document = _blocks(data)
    except RecursionError as error:
        raise Refused("over_bound", "เนื้อหาซ้อนกันลึกเกินไป", "nested too deeply") from error
    if document is None:
        return Submission("document", [finding("scanned_pdf")])
    if not _about_ita(document):
        return None
    submission = extract(document)
    if ours.written_by_us(data, document):
        submission = _of_ours(submission, ours.says_published(document))
    if all(getattr(submission, table).empty for table in COLUMNS):
        submission.findings.append(finding("nothing_read"))
    return submission


def _of_ours(read: Submission, published: bool) -> Submission:
    """What may be taken of a document of our own: the overall score and level that it prints as
    published; nothing that it computed or proposed.
    """
    kept = read.scores[read.scores["level"] == "overall"] if published else read.scores.iloc[:0]
    said = "; ".join(kept["score"].unique()) or "-"
    place = kept["place"].iloc[0] if len(kept) else ""
    findings = [found for found in read.findings if found.rule not in _TOLD_OF_OTHERS]
    findings.append(finding("document_of_ours", place, said))
    return Submission("document", findings, scores=kept, named=read.named, of_ours=True)


def _blocks(data: bytes) -> list[Line | Table] | None:
    """The blocks of a file of any of the four kinds; None for a scan."""
    if data[:4] == b"PK\x03\x04":
        return docx.parse(data)
    if data[:5] == b"%PDF-":
        return pdf.parse(data)
    written = text_encoding.decode(data)
    if len(written) > MOST_CHARACTERS:
        raise Refused(
            "over_bound",
            f"เอกสาร {len(written):,} ตัวอักษร",
            f"a document of {len(written):,} characters",
        )
    return html.parse(written) if html.is_html(written) else plain.parse(written)


def _about_ita(document: list[Line | Table]) -> bool:
    """Whether the document says that it is about this assessment, not another one with indicators
    and scores.
    """
    texts = (
        block.text
        if isinstance(block, Line)
        else " ".join(cell.text for row in block.rows for cell in row)
        for block in document
    )
    return any(_ITA.search(titles.key(text)) for text in texts)
