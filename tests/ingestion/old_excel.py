"""Write the smallest .xls (BIFF8 in an OLE2 container) that a test needs: one sheet.

No library writes them any more.
"""

import struct
from dataclasses import dataclass

SECTOR = 512
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


@dataclass
class Look:
    """A cell that is more than a value: formatted, an error (by its code), or a formula."""

    value: float = 0.0
    number_format: str = ""
    error: int = 0
    formula: bool = False
    calculated: bool = True


def xls(rows: list[list], name: str = "Sheet1", hidden_rows=(), hidden_columns=()) -> bytes:
    """The bytes of an old workbook with these rows."""
    stream = _workbook(rows, name, hidden_rows, hidden_columns)
    stream += b"\0" * max(0, 4096 - len(stream))  # shorter streams would need the mini stream
    stream += b"\0" * (-len(stream) % SECTOR)
    sectors = len(stream) // SECTOR
    fat = [FAT, END, *range(3, 2 + sectors), END]
    fat += [FREE] * (SECTOR // 4 - len(fat))
    header = struct.pack(
        "<8s16sHHHHH6xIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"",
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        0,
        1,
        1,
        0,
        4096,
        END,
        0,
        END,
        0,
        0,
    )
    header += struct.pack("<108I", *[FREE] * 108)
    directory = (
        _entry("Root Entry", 5, END, 0, child=1)
        + _entry("Workbook", 2, 2, len(stream))
        + _entry("", 0, 0, 0) * 2
    )
    return header + struct.pack(f"<{len(fat)}I", *fat) + directory + stream


def _entry(name: str, kind: int, start: int, size: int, child: int = FREE) -> bytes:
    encoded = name.encode("utf-16-le") + b"\0\0" if name else b""
    return struct.pack(
        "<64sHBBIII16sIQQIQ",
        encoded,
        len(encoded),
        kind,
        1,
        FREE,
        FREE,
        child,
        b"",
        0,
        0,
        0,
        start,
        size,
    )


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _cell(number: int, column: int, value, styles: list[str]) -> bytes:
    head = struct.pack("<HH", number, column)
    if isinstance(value, Look):
        head += struct.pack("<H", styles.index(value.number_format))
        if value.error:
            return _record(0x205, head + bytes([value.error, 1]))
        if value.formula:
            flags = 0 if value.calculated else 3
            tokens = b"\x1e\x05\x00"  # the number 5: what is calculated does not matter here
            end = struct.pack("<dHIH", value.value, flags, 0, len(tokens)) + tokens
            return _record(0x06, head + end)
        return _record(0x203, head + struct.pack("<d", value.value))
    head += struct.pack("<H", 0)
    if isinstance(value, int | float):
        return _record(0x203, head + struct.pack("<d", value))
    text = (value or "").encode("utf-16-le")
    return _record(0x204, head + struct.pack("<HB", len(value), 1) + text) if value else b""


def _workbook(rows: list[list], name: str, hidden_rows, hidden_columns) -> bytes:
    def start(kind: int) -> bytes:
        return _record(0x809, struct.pack("<HHHHII", 0x600, kind, 0x0DBB, 0x07CC, 0, 6))

    looks = {value.number_format for row in rows for value in row if isinstance(value, Look)}
    styles = ["", *sorted(looks - {""})]
    formats = b"".join(
        _record(0x41E, struct.pack("<HHB", 164 + at, len(style), 0) + style.encode("latin-1"))
        for at, style in enumerate(styles)
        if style
    )
    fonts = _record(0x31, struct.pack("<HHHHHBBBBBB", 200, 0, 0, 400, 0, 0, 0, 0, 0, 0, 0)) * 5
    formats = (
        fonts
        + formats
        + b"".join(
            _record(0xE0, struct.pack("<HHH14x", 0, 164 + at if style else 0, 0))
            for at, style in enumerate(styles)
        )
    )
    cells = b"".join(
        _record(0x7D, struct.pack("<HHHHHH", column, column, 2560, 0, 1, 0))
        for column in hidden_columns
    ) + b"".join(
        _record(0x208, struct.pack("<HHHHHHI", row, 0, 9, 300, 0, 0, 0x20)) for row in hidden_rows
    )
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            cells += _cell(number, column, value, styles)
    encoded = name.encode("utf-16-le")
    sheet = (
        start(0x10)
        + _record(0x200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0))
        + cells
        + _record(0x0A, b"")
    )
    bound = struct.pack("<BBBB", 0, 0, len(name), 1) + encoded
    before = start(0x05) + _record(0x42, struct.pack("<H", 1200)) + formats
    offset = len(before) + 4 + 4 + len(bound) + 4
    return before + _record(0x85, struct.pack("<I", offset) + bound) + _record(0x0A, b"") + sheet
