"""Published documents (an agency's own report, as text, HTML, DOCX or PDF) → a submission. Exact or silent: no figure is guessed.

A document becomes a stream of lines and tables (`plain`, `html`, `docx`, `pdf` → `blocks`); extractors read the stream, one a subject.
"""

import pandas as pd

from ingestion.documents import constraints, identity, measures, plain, progress, ranks, remarks, scores
from ingestion.documents.blocks import Line, Table
from ingestion.submission import COLUMNS, Submission


def extract(document: list[Line | Table]) -> Submission:
    """The submission that a stream of blocks holds."""
    context = identity.read(document)
    score_rows = scores.extract(document, context)
    remark_rows, flagged = remarks.extract(document, context)
    found = measures.read(document, context)
    tables = {
        "scores": [row | {"flagged": "1" if row["code"] in flagged else ""} for row in score_rows],
        "remarks": remark_rows,
        "measures": measures.rows(found, context),
        "progress": progress.rows(found, document, context),
        "constraints": constraints.extract(document, context),
        "ranks": ranks.extract(document, context),
    }
    frames = {name: pd.DataFrame(rows, columns=COLUMNS[name], dtype="str") for name, rows in tables.items()}
    return Submission("document", context.findings, **frames)


def read(path: str, data: bytes) -> Submission | None:
    return extract(plain.parse(data.decode("utf-8")))
