"""Bytes of a text file → str: UTF-8 with or without BOM, UTF-16, TIS-620/Windows-874."""

import re

from ingestion.readers.refused import Refused

_THAI = re.compile("[\u0e01-\u0e5b]")
_USUAL = re.compile("[\t\n\r -~\u00a0-\u00ff\u0e01-\u0e5b\u2000-\u206f]*")


def decode(data: bytes) -> str:
    """The text of `data`. Raises Refused where no accepted encoding gives text."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _decoded(data, "utf-16")
    if data[:3] == b"\xef\xbb\xbf":
        return _decoded(data, "utf-8-sig")
    if 0 in data[:4000]:
        for encoding in ("utf-16-le", "utf-16-be"):  # without BOM
            if _USUAL.fullmatch(data[:4000].decode(encoding, "replace")):
                return _decoded(data, encoding)
        raise Refused("unreadable", "ไม่ใช่แฟ้มข้อความ", "not a text file (binary content)")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        try:
            written = data.decode("cp874")
        except UnicodeDecodeError:  # in neither: most likely UTF-8 with a broken place
            raise _broken(error) from error
        if not _THAI.search(written):
            raise Refused(
                "unreadable",
                "ไม่รู้จักรหัสอักขระ (รับ UTF-8, UTF-16, TIS-620/Windows-874)",
                "unknown encoding (UTF-8, UTF-16, TIS-620/Windows-874 are read)",
            ) from None
        return written


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _broken(error) from error


def _broken(error: UnicodeDecodeError) -> Refused:
    return Refused(
        "unreadable",
        f"รหัสอักขระ {error.encoding} เสียที่ไบต์ {error.start:,}",
        f"broken {error.encoding} at byte {error.start:,}",
    )
