"""Write the smallest .xls (BIFF8 in an OLE2 container) that a test needs: one sheet of texts and
numbers. No library writes them any more.
"""

import struct

SECTOR = 512
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def xls(rows: list[list], name: str = "Sheet1") -> bytes:
    """The bytes of an old workbook with these rows."""
    stream = _workbook(rows, name)
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


def _workbook(rows: list[list], name: str) -> bytes:
    def start(kind: int) -> bytes:
        return _record(0x809, struct.pack("<HHHHII", 0x600, kind, 0x0DBB, 0x07CC, 0, 6))

    encoded = name.encode("utf-16-le")
    cells = b""
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, int | float):
                cells += _record(0x203, struct.pack("<HHHd", number, column, 0, value))
            elif value:
                text = value.encode("utf-16-le")
                cells += _record(
                    0x204, struct.pack("<HHHHB", number, column, 0, len(value), 1) + text
                )
    sheet = (
        start(0x10)
        + _record(0x200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0))
        + cells
        + _record(0x0A, b"")
    )
    bound = struct.pack("<BBBB", 0, 0, len(name), 1) + encoded
    before = start(0x05) + _record(0x42, struct.pack("<H", 1200))
    offset = len(before) + 4 + 4 + len(bound) + 4
    return before + _record(0x85, struct.pack("<I", offset) + bound) + _record(0x0A, b"") + sheet
