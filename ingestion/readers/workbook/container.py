"""The zip around .xlsx and .ods: bounds before anything is unpacked; and XML of strangers."""

import io
import zipfile
import zlib
from collections.abc import Iterator

from lxml import etree

from ingestion.readers.refused import Refused

MOST_ENTRIES = 2_000
LARGEST_UNPACKED = 800 * 1024 * 1024  # bytes, all entries together
LARGEST_RATIO = 250  # unpacked : packed, of an entry over 10 MB
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    etree.LxmlError,
    ValueError,
    KeyError,
    OSError,
    RuntimeError,
)


def opened(data: bytes) -> zipfile.ZipFile:
    """The container. Raises Refused where it is broken, over a bound or carries macros."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except BROKEN as error:
        raise broken(error) from error
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise Refused(
            "over_bound",
            f"{len(entries):,} ส่วนใน .xlsx เกิน {MOST_ENTRIES:,}",
            f"{len(entries):,} parts inside, more than {MOST_ENTRIES:,}",
        )
    unpacked = sum(entry.file_size for entry in entries)
    bomb = any(
        entry.file_size > 10_000_000
        and entry.file_size > LARGEST_RATIO * max(entry.compress_size, 1)
        for entry in entries
    )
    if unpacked > LARGEST_UNPACKED or bomb:
        raise Refused("over_bound", f"ขยายได้ {unpacked:,} ไบต์", f"it unpacks to {unpacked:,} bytes")
    if any(entry.filename.lower().endswith("vbaproject.bin") for entry in entries):
        raise Refused(
            "unreadable",
            "แฟ้มมีแมโคร ให้บันทึกเป็น .xlsx ที่ไม่มีแมโคร",
            "it carries macros; save it as .xlsx without them",
        )
    return archive


def broken(error: BaseException | str) -> Refused:
    """The refusal of a workbook that cannot be read."""
    return Refused("unreadable", "แฟ้มสมุดงานเสียหาย", f"broken workbook ({str(error)[:200]})")


def protected() -> Refused:
    """The refusal of a workbook with a password."""
    return Refused(
        "unreadable",
        "แฟ้มมีรหัสผ่าน ให้บันทึกใหม่โดยไม่มีรหัสผ่าน",
        "it is protected by a password; save it without one",
    )


def elements(content: bytes, *names: str) -> Iterator[etree._Element]:
    """Each element of these local names, whole, in any namespace (Strict OOXML has its own).

    What was given is cleared before the next comes, so that a large part needs little memory.
    Entities are not resolved, nothing is loaded. Raises lxml.etree.LxmlError for broken XML.
    """
    parsed = etree.iterparse(
        io.BytesIO(content),
        events=("end",),
        tag=[f"{{*}}{name}" for name in names],
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    for _, element in parsed:
        yield element
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def local(element: etree._Element, name: str) -> str:
    """The attribute of this local name, in any namespace; '' where it has none."""
    return next(
        (
            str(value)
            for key, value in element.attrib.items()
            if key == name or key.endswith(f"}}{name}")
        ),
        "",
    )
