"""Bytes of a text file → str: UTF-8 with or without BOM, UTF-16, TIS-620/Windows-874."""

import re

from ingestion.readers.refused import Refused

_THAI = re.compile("[\u0e01-\u0e5b]")


def decode(data: bytes) -> str:
    """The text of `data`. Raises Refused where no accepted encoding gives text."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _decoded(data, "utf-16")
    if data[:3] == b"\xef\xbb\xbf":
        return _decoded(data, "utf-8-sig")
    sample = data[:4000]
    if sample.count(0) > len(sample) // 4:                     # UTF-16 without BOM: ASCII characters bring a zero byte each
        return _decoded(data, "utf-16-le" if sample[1::2].count(0) >= sample[::2].count(0) else "utf-16-be")
    if 0 in sample:
        raise Refused("unreadable", "ไม่ใช่แฟ้มข้อความ", "not a text file (binary content)")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        written = _decoded(data, "cp874")
        if not _THAI.search(written):
            raise Refused("unreadable", "ไม่รู้จักรหัสอักขระ (รับ UTF-8, UTF-16, TIS-620/Windows-874)",
                          "unknown encoding (UTF-8, UTF-16, TIS-620/Windows-874 are read)") from None
        return written


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Refused("unreadable", f"รหัสอักขระเสียที่ไบต์ {error.start}", f"broken {encoding} at byte {error.start}") from error
