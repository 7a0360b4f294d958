"""The same PDF in a third of the size: its objects in compressed object streams (ISO 32000-1,
7.5.7 and 7.5.8).

A general PDF library takes four times as long: it reads every object, while here the bytes of an
object are only moved.
"""

import re
import struct
import zlib

from warehouse.mark import PRODUCT

A_STREAM = (
    100  # objects of one object stream: some readers search a stream from its start for each object
)
FIRST_CELL = re.compile(rb"/S/TR/P \d+ 0 R/K\[(\d+) 0 R")
ENTRY = struct.Struct(">BIH")


def smaller(compiled: bytes, creator: str) -> bytes:
    """In: a PDF as Typst writes it, with one cross-reference table and nothing encrypted, and
    what it is to be known by (ASCII, `warehouse.mark`). Out: the same bytes for the same bytes.

    Raises ValueError where the PDF is not of that kind.
    """
    start = int(compiled[compiled.rindex(b"startxref") :].split()[1])
    table, _, trailer = compiled[start:].partition(b"trailer")
    head, *rows = table.splitlines()
    kept = re.match(rb"\s*<</Size \d+(.*)>>\s*startxref", trailer, re.DOTALL)
    if head != b"xref" or kept is None:
        raise ValueError("a PDF without a plain cross-reference table")
    offsets = {number: int(row[:10]) for number, row in enumerate(rows[1:]) if row.endswith(b"n")}
    order = sorted(offsets, key=lambda number: offsets[number])
    ends = [*(offsets[number] for number in order[1:]), start]
    heads = {int(number) for number in FIRST_CELL.findall(compiled)}
    out, moved, places = bytearray(compiled[: offsets[order[0]]]), [], {}
    for number, end in zip(order, ends, strict=True):
        written = _named(compiled[offsets[number] : end].strip(), creator.encode())
        if number in heads:
            written = _row_head(written)
        if written.endswith(b"endstream\nendobj"):
            places[number] = (1, len(out), 0)
            out += written + b"\n"
        else:
            moved.append((number, written[written.index(b"obj") + 3 : -len(b"endobj")].strip()))
    size = len(rows) - 1
    for first in range(0, len(moved), A_STREAM):
        chunk = moved[first : first + A_STREAM]
        places.update({number: (2, size, index) for index, (number, _) in enumerate(chunk)})
        places[size] = (1, len(out), 0)
        out += _object_stream(size, chunk)
        size += 1
    places[size] = (1, len(out), 0)
    entries = b"".join(ENTRY.pack(*places.get(number, (0, 0, 65535))) for number in range(size + 1))
    tail = b"\nstartxref\n%d\n%%%%EOF\n" % len(out)
    return (
        bytes(out)
        + _stream(size, b"/Type/XRef/Size %d/W[1 4 2]%b" % (size + 1, kept[1]), entries)
        + tail
    )


def _named(written: bytes, creator: bytes) -> bytes:
    """The object with our mark where it names its maker, in the information and in its XMP twin.

    `/Suspects` goes from the catalog: it is no key of PDF 2.0, and `false` says nothing.
    """
    if b"/Creator(Typst" in written:
        ours = b"/Creator(%b)/Producer(%b)" % (creator, PRODUCT.encode())
        return re.sub(rb"/Creator\(Typst [^)]*\)", ours, written)
    if b"/Subtype/XML" in written:
        head, _, body = written.partition(b">>\nstream\n")
        ours = b"<xmp:CreatorTool>%b</xmp:CreatorTool><pdf:Producer>%b</pdf:Producer>"
        ours %= (creator, PRODUCT.encode())
        body = re.sub(rb"<xmp:CreatorTool>[^<]*</xmp:CreatorTool>", ours, body)
        length = b"/Length %d" % len(body.removesuffix(b"\nendstream\nendobj"))
        return re.sub(rb"/Length \d+", length, head) + b">>\nstream\n" + body
    return written.replace(b"/Marked true/Suspects false", b"/Marked true")


def _row_head(cell: bytes) -> bytes:
    """The first cell of a row as the head of its row, which Typst's binding cannot say yet."""
    head = cell.replace(b"/S/TD/", b"/S/TH/", 1)
    return head if head == cell else head.replace(b"/O/Table/", b"/O/Table/Scope/Row/", 1)


def _object_stream(number: int, objects: list[tuple[int, bytes]]) -> bytes:
    places, at = [], 0
    for inside, written in objects:
        places.append(b"%d %d" % (inside, at))
        at += len(written) + 1
    index = b" ".join(places) + b"\n"
    return _stream(
        number,
        b"/Type/ObjStm/N %d/First %d" % (len(objects), len(index)),
        index + b"\n".join(written for _, written in objects),
    )


def _stream(number: int, keys: bytes, content: bytes) -> bytes:
    packed = zlib.compress(content)
    return b"%d 0 obj\n<<%b/Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream\nendobj\n" % (
        number,
        keys,
        len(packed),
        packed,
    )
