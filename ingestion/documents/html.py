"""HTML → blocks. Tables by their cells; text by its paragraphs.

Nothing is loaded from elsewhere.
"""

import re

import lxml.html

from ingestion.documents import grid
from ingestion.documents.blocks import Line, Table
from ingestion.documents.grid import Grid, Span

_SKIPPED = {"script", "style", "head", "template", "noscript", "iframe", "object", "svg"}
# Struck out, which every reader sees as deleted; a raised number is the mark of a note.
_STRUCK = {"s", "strike", "del", "sup"}
_BLOCKS = {
    "p",
    "div",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "br",
    "tr",
    "section",
    "article",
    "header",
    "footer",
    "ul",
    "ol",
    "dt",
    "dd",
    "blockquote",
}
_PARTED = "\x1c"  # between paragraphs; a page's own are taken out with the other invisible ones
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|text-decoration[^;]*line-through", re.IGNORECASE
)


def is_html(written: str) -> bool:
    """Whether a text is an HTML page (and not plain text with a few tags in its cells)."""
    head = written[:5000].lstrip("\ufeff \t\r\n").lower()
    return (
        head.startswith(("<!doctype html", "<html", "<table", "<body", "<head", "<div", "<meta"))
        or "<html" in head[:1000]
    )


def parse(written: str) -> list[Line | Table]:
    """The blocks of an HTML page; places are 'paragraph N' and 'table N row N'."""
    parser = lxml.html.HTMLParser(
        remove_comments=True, remove_pis=True, no_network=True, recover=True, huge_tree=False
    )
    document = lxml.html.document_fromstring(
        re.sub(r"^\s*<\?xml[^>]*\?>", "", written), parser=parser
    )
    parts: list[str | Grid] = []
    _walk(document, parts)
    return grid.read_all(parts)


def _walk(top: lxml.html.HtmlElement, parts: list[str | Grid]) -> None:
    """Append the paragraphs and grids below `top`.

    A table that holds tables is a frame of the page: its contents are walked.
    """
    written: list[str] = []

    def flush() -> None:
        for paragraph in "".join(written).split(_PARTED):
            lines = [line.strip(" \r\n") for line in paragraph.split("\n") if line.strip()]
            parts.extend(["\n".join(lines)] if lines else [])
        written.clear()

    def visit(element: lxml.html.HtmlElement) -> None:
        if not _shown(element):
            return
        if element.tag == "table" and not any(True for _ in element.iterdescendants("table")):
            caption = element.find("caption")
            if caption is not None and _shown(caption):
                written.append(_PARTED + _text(caption))
            flush()
            parts.append(_grid(element))
            return
        written.append(_break(element.tag))
        written.append(_spaces(element.text, element.tag == "pre"))
        for child in element:
            visit(child)
            written.append(_spaces(child.tail, element.tag == "pre"))
        written.append(_break(element.tag))

    visit(top)
    flush()


def _break(tag: str) -> str:
    """What an element of the page means for its text: a new line, a new paragraph or nothing."""
    return "\n" if tag == "br" else _PARTED if tag in _BLOCKS else ""


def _shown(element: lxml.html.HtmlElement) -> bool:
    if not isinstance(element.tag, str) or element.tag in _SKIPPED | _STRUCK:
        return False
    return not _HIDDEN.search(element.get("style", "")) and element.get("hidden") is None


def _spaces(written: str | None, kept: bool) -> str:
    return (written or "") if kept else re.sub(r"\s+", " ", written or "")


def _grid(table: lxml.html.HtmlElement) -> Grid:
    rows = []
    for row in table.iter("tr"):
        if _shown(row):
            cells = [cell for cell in row if cell.tag in ("td", "th") and _shown(cell)]
            rows.append(
                [
                    Span(_text(cell), _count(cell, "colspan"), _count(cell, "rowspan"))
                    for cell in cells
                ]
            )
    return grid.lay_out(rows)


def _text(cell: lxml.html.HtmlElement) -> str:
    """A cell's text; a list's entries begin with a bullet."""
    written = []

    def visit(element: lxml.html.HtmlElement) -> None:
        if not _shown(element):
            return
        written.append("\n" if element.tag in _BLOCKS else "")
        written.append("• " if element.tag == "li" else "")
        written.append(_spaces(element.text, False))
        for child in element:
            visit(child)
            written.append(_spaces(child.tail, False))
        written.append("\n" if element.tag in _BLOCKS else "")

    visit(cell)
    return "".join(written)


def _count(cell: lxml.html.HtmlElement, name: str) -> int:
    number = cell.get(name, "1").strip()
    return int(number) if re.fullmatch(r"[1-9][0-9]{0,2}", number) else 1
