"""DOCX → blocks. Only word/document.xml is read, with bounds, without entities, links or macros."""

import io
import zipfile
from collections.abc import Iterator

import lxml.etree

from ingestion.documents import grid
from ingestion.documents.blocks import Line, Table
from ingestion.documents.grid import Grid, Span
from ingestion.readers.refused import Refused

LARGEST_XML = 100 * 1024 * 1024
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED = {f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_W}txbxContent", _FALLBACK}
_WRITTEN = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}


def parse(data: bytes) -> list[Line | Table]:
    """The blocks of a Word document; places are 'paragraph N' and 'table N row N'.

    Raises Refused where the file is no Word document, is broken or larger than its bounds.
    """
    body = _document(data).find(f"{_W}body")
    parts: list[str | Grid] = []
    if body is not None:
        _walk(body, parts)
    return grid.read_all(parts)


def _document(data: bytes) -> lxml.etree._Element:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            part = container.getinfo("word/document.xml")
            if part.file_size > LARGEST_XML:
                raise Refused(
                    "over_bound",
                    f"word/document.xml {part.file_size:,} ไบต์",
                    f"word/document.xml of {part.file_size:,} bytes",
                )
            with container.open(part) as file:
                written = file.read(LARGEST_XML + 1)
    except (
        zipfile.BadZipFile,
        KeyError,
        OSError,
        ValueError,
        RuntimeError,
        EOFError,
    ) as error:
        raise Refused(
            "unreadable", "แฟ้ม Word เสียหาย", f"broken Word file ({type(error).__name__})"
        ) from error
    except Exception as error:
        if type(error).__module__ == "zlib":
            raise Refused("unreadable", "แฟ้ม Word เสียหาย", "broken Word file (zlib)") from error
        raise
    if len(written) > LARGEST_XML:
        raise Refused(
            "over_bound",
            f"word/document.xml เกิน {LARGEST_XML:,} ไบต์",
            f"word/document.xml of more than {LARGEST_XML:,} bytes",
        )
    if b"<!DOCTYPE" in written[:10_000] or b"<!ENTITY" in written[:100_000]:
        raise Refused(
            "unreadable",
            "แฟ้ม Word มีคำสั่ง DOCTYPE ซึ่งไม่ใช่เอกสารปกติ",
            "a Word file with a DOCTYPE is no ordinary document",
        )
    parser = lxml.etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return lxml.etree.fromstring(written, parser)
    except lxml.etree.XMLSyntaxError as error:
        raise Refused(
            "unreadable", "เนื้อหาแฟ้ม Word เสียหาย", f"broken XML in the Word file ({error.msg})"
        ) from error


def _walk(body: lxml.etree._Element, parts: list[str | Grid]) -> None:
    for element in body:
        if element.tag == f"{_W}p":
            parts.append(_paragraph(element))
            for box in element.iter(f"{_W}txbxContent"):
                if not any(above.tag == _FALLBACK for above in box.iterancestors()):
                    _walk(box, parts)
        elif element.tag == f"{_W}tbl":
            parts.append(_grid(element))
            parts.extend(_inner_grids(element))
        elif element.tag in (
            f"{_W}sdt",
            f"{_W}sdtContent",
            f"{_W}ins",
            f"{_W}customXml",
            f"{_W}smartTag",
        ):
            _walk(element, parts)


def _inner_grids(table: lxml.etree._Element) -> list[Grid]:
    """The tables inside cells of a table, at any depth, in order: each is a table of its own."""
    return [_grid(inner) for inner in table.iterdescendants(f"{_W}tbl") if _shown(inner, table)]


def _shown(element: lxml.etree._Element, top: lxml.etree._Element) -> bool:
    """Whether an element below `top` stands in no row or cell that was deleted or is hidden."""
    for above in element.iterancestors():
        if above is top:
            return True
        if above.tag in (f"{_W}tr", f"{_W}tc") and _gone(above) or above.tag in _SKIPPED:
            return False
    return True


# Properties of rows and cells that say that the final view has them no more.
_MARKS = ((f"{_W}trPr", (f"{_W}del", f"{_W}hidden")), (f"{_W}tcPr", (f"{_W}cellDel",)))


def _gone(element: lxml.etree._Element) -> bool:
    """Whether a row or a cell was deleted by a tracked change, or is hidden: the final view has it

    no more (Office Open XML, trPr/del, trPr/hidden, tcPr/cellDel).
    """
    for properties, names in _MARKS:
        found = element.find(properties)
        for name in names if found is not None else ():
            mark = found.find(name)
            if mark is not None and mark.get(f"{_W}val", "1") not in ("0", "false", "off"):
                return True
    return False


def _paragraph(paragraph: lxml.etree._Element) -> str:
    """The text that is shown, without deleted runs; an entry of a list begins with a bullet."""
    written = []
    events = lxml.etree.iterwalk(paragraph, events=("start",))
    for _, element in events:
        if element.tag in _SKIPPED or element.tag == f"{_W}r" and _vanishes(element):
            events.skip_subtree()
        elif element.tag == f"{_W}t":
            written.append(element.text or "")
        elif element.tag in _WRITTEN and element.getparent().tag == f"{_W}r":
            written.append(_WRITTEN[element.tag])
    text = "".join(written)
    listed = paragraph.find(f"{_W}pPr/{_W}numPr") is not None and text.strip()
    return f"• {text}" if listed else text


def _vanishes(run: lxml.etree._Element) -> bool:
    """Whether a run is hidden text, which no reader of the document sees, or struck through by
    hand, which every reader sees as deleted; or a raised number, the mark of a note.
    """
    names = ("vanish", "webHidden", "specVanish", "strike", "dstrike")
    marks = (run.find(f"{_W}rPr/{_W}{name}") for name in names)
    raised = run.find(f"{_W}rPr/{_W}vertAlign")
    noted = raised is not None and raised.get(f"{_W}val") == "superscript"
    return noted or any(
        mark is not None and mark.get(f"{_W}val", "1") not in ("0", "false", "off")
        for mark in marks
    )


def _below(element: lxml.etree._Element, tag: str) -> list[lxml.etree._Element]:
    """The children `tag` of an element, also inside content controls and insertions."""
    found = []
    for child in element:
        if child.tag == tag:
            found += [] if _gone(child) else [child]
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"):
            found += _below(child, tag)
    return found


def _grid(table: lxml.etree._Element) -> Grid:
    """The rows with their merged cells: a cell that goes on a merge from above counts to the cell
    that began it.
    """
    rows: list[list[Span]] = []
    begun: dict[
        int, tuple[int, int]
    ] = {}  # column → (row, place in the row) of the cell whose merge goes on
    for number, row in enumerate(_below(table, f"{_W}tr")):
        spans: list[Span] = []
        before = row.find(f"{_W}trPr/{_W}gridBefore")
        column = _number(before, 0)
        spans += [Span("")] * column
        for cell in _below(row, f"{_W}tc"):
            width = _number(cell.find(f"{_W}tcPr/{_W}gridSpan"), 1)
            merge = cell.find(f"{_W}tcPr/{_W}vMerge")
            if (
                merge is not None
                and merge.get(f"{_W}val", "continue") == "continue"
                and column in begun
            ):
                above, place = begun[column]
                span = rows[above][place]
                rows[above][place] = Span(span.text, span.columns, number - above + 1)
            else:
                if merge is not None:
                    begun[column] = number, len(spans)
                else:
                    begun.pop(column, None)
                spans.append(Span(_cell(cell), width))
            column += width
        rows.append(spans)
    return grid.lay_out(rows)


def _cell(cell: lxml.etree._Element) -> str:
    """A cell's paragraphs; tables inside it are tables of their own."""
    written = []
    for paragraph in cell.iter(f"{_W}p"):
        between = {f"{_W}tbl", f"{_W}txbxContent", _FALLBACK}
        if not any(above.tag in between for above in _up_to(paragraph, cell)):
            written.append(_paragraph(paragraph).replace("\t", " "))
    return "\n".join(written)


def _up_to(element: lxml.etree._Element, top: lxml.etree._Element) -> Iterator[lxml.etree._Element]:
    """The elements around `element`, up to `top`."""
    for above in element.iterancestors():
        if above is top:
            return
        yield above


def _number(element: lxml.etree._Element | None, default: int) -> int:
    value = element.get(f"{_W}val", "") if element is not None else ""
    return min(int(value), grid.MOST_COLUMNS) if value.isdecimal() and len(value) < 4 else default
