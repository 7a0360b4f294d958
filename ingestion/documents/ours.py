"""Documents that this product wrote, sent back in: known by their mark or by their sentences.

The warehouse must not become its own witness. Of such a document only the overall score and level
are read, and these only where it says that they were published; what it computed or proposed (items
lost, ranks of the build, proposed measures) is none of the agency's. What the agency decided comes
back by the workbook `measures.xlsx`.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from ingestion.documents.blocks import Line, Table

PRODUCT = b"ITA warehouse"  # as reports write it: Creator, generator, category
_LEAST_SENTENCES = 3  # of ours, in a document without a mark (published before there were marks)
_GENERATOR = re.compile(rb"<meta[^>]{0,200}generator[^>]{0,200}>", re.IGNORECASE)
_HEAD = 20_000  # bytes in which a page has its generator
_PROPERTIES = ("docProps/core.xml", "docProps/custom.xml", "docProps/app.xml")
_LARGEST_PROPERTIES = 1_000_000


@cache
def _sentences(kind: str) -> list[str]:
    with Path(__file__).with_name("ours.csv").open(encoding="utf-8", newline="") as file:
        return [_close(row["words"]) for row in csv.DictReader(file) if row["kind"] == kind]


def written_by_us(data: bytes, document: list[Line | Table]) -> bool:
    """Whether a file carries the product's mark, or at least three of its sentences."""
    if _marked(data):
        return True
    text = _text(document)
    return sum(words in text for words in _sentences("ours")) >= _LEAST_SENTENCES


def says_published(document: list[Line | Table]) -> bool:
    """Whether a document of ours says that its overall score is the published one."""
    text = _text(document)
    return any(words in text for words in _sentences("published"))


def _text(document: list[Line | Table]) -> str:
    return _close("".join(_texts(document)))


def _close(written: str) -> str:
    return written.replace(" ", "").replace("\n", "")


def _texts(document: list[Line | Table]) -> Iterable[str]:
    for block in document:
        if isinstance(block, Line):
            yield block.text
        else:
            yield from (column.header for column in block.columns)
            yield from (cell.text for row in block.rows for cell in row)


def _marked(data: bytes) -> bool:
    if data[:4] == b"PK\x03\x04":
        return any(PRODUCT in part for part in _properties(data))
    if data[:5] == b"%PDF-":
        return _pdf_marked(data)
    return any(PRODUCT in found for found in _GENERATOR.findall(data[:_HEAD]))


def _properties(data: bytes) -> Iterable[bytes]:
    """The parts of a Word file that say who made it; none where they cannot be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            for name in set(_PROPERTIES) & set(container.namelist()):
                if container.getinfo(name).file_size <= _LARGEST_PROPERTIES:
                    yield container.read(name)
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError):
        return  # the reader of the document itself says what is broken


def _pdf_marked(data: bytes) -> bool:
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(data) as document:
            about = document.get_metadata_dict()
    except pypdfium2.PdfiumError:
        return False
    return any(PRODUCT.decode() in about.get(name, "") for name in ("Creator", "Producer"))
