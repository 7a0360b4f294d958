"""One file's bytes → a Submission, recognised by content, never by name."""

import io
import zipfile
import zlib
from pathlib import Path

from ingestion.archive import LARGEST
from ingestion.readers import delimited, html_table, json_file, other_things, workbook
from ingestion.readers.refused import Refused
from ingestion.readers.text_encoding import decode
from ingestion.submission import Submission

LARGE = 4 * 1024 * 1024  # from here on a long table is worth reading by Arrow
LARGEST_DOCUMENT = 60 * 1024 * 1024  # published documents, HTML
LARGEST_JSON = 150 * 1024 * 1024  # it takes fifteen times as much memory


def load(file: Path) -> bytes:
    """The bytes of a file. Raises Refused, unread, when it is over the bound."""
    if (size := file.stat().st_size) > LARGEST:
        raise Refused(
            "over_bound", f"{size:,} ไบต์ เกิน {LARGEST:,}", f"{size:,} bytes, more than {LARGEST:,}"
        )
    return file.read_bytes()


def read(path: Path, data: bytes) -> Submission:
    """The content of `data` (`path` only for messages) as a Submission with its layout.

    Raises Refused when the file is not readable, not in an accepted layout or over a bound.
    """
    if not data[:LARGE].strip() and not data[LARGE:].strip():
        raise Refused("unreadable", "แฟ้มว่าง", "the file is empty")
    if data[:4] == b"PK\x03\x04":
        return _zipped(path, data)
    if data[:5] == b"%PDF-":
        return _document(path, data)
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return workbook.read(data)
    other_things.refuse(data)
    if len(data) > LARGE and (clean := delimited.read_clean(data)):
        return clean
    written = decode(data)
    start = written[:200].lstrip("\ufeff \t\r\n")
    if start[:1] in ("{", "["):
        _bounded(data, LARGEST_JSON, "JSON", "JSON")
        return json_file.read(written)
    if start[:1] == "<":
        page = html_table.read(written) if len(data) <= LARGEST_DOCUMENT else None
        return page or _document(path, data)
    return delimited.read(written) or _document(path, data)


def _zipped(path: Path, data: bytes) -> Submission:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        names = set(archive.namelist())
        kind = archive.read("mimetype")[:100] if "mimetype" in names else b""
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, RuntimeError) as error:
        raise Refused("unreadable", "แฟ้มบีบอัดเสียหาย", f"broken zip container ({error})") from error
    if any(name.startswith("word/") for name in names):
        return _document(path, data)
    if any(name.startswith("xl/") for name in names) or b"spreadsheet" in kind:
        return workbook.read(data)
    raise other_things.name_zip(names, kind)


def _bounded(data: bytes, most: int, name_th: str, name_en: str) -> None:
    if len(data) > most:
        raise Refused(
            "over_bound",
            f"{name_th} {len(data):,} ไบต์ เกิน {most:,}",
            f"{name_en} of {len(data):,} bytes, more than {most:,}",
        )


def _document(path: Path, data: bytes) -> Submission:
    from ingestion import documents

    _bounded(data, LARGEST_DOCUMENT, "เอกสาร", "a document")
    found = documents.read(path, data)
    if found is None:
        raise Refused(
            "unknown_layout",
            "ไม่ใช่ตารางคะแนน แบบกรอกของระบบ JSON หรือรายงานที่เผยแพร่",
            "no score table, template, JSON or published report",
        )
    return found
