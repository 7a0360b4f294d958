"""A report as a list of blocks, which the PDF, DOCX and HTML writers each know how to write.

Every block is a plain dict with its kind in "t". Text is a string ("\\n" breaks the line) or a
list of strings and marked pieces: bold("…"), verbatim("…") (digits stay as they are),
field("tag", "…") (finished text that the agency may change).
Widths are millimetres. PORTRAIT and LANDSCAPE are the widths of the text on A4.
"""

from typing import Any

from reports import thai

PORTRAIT = 160
LANDSCAPE = 257

Text = str | dict | list  # see above


def bold(text: str) -> dict:
    return {"b": text}


def verbatim(text: str) -> dict:
    return {"raw": text}


def field(tag: str, text: str) -> dict:
    """Finished text that the agency may well want to change: in DOCX a content control around it.
    Controls of the same tag are linked: what is typed in one stands in all."""
    return {"field": tag, "text": text}


def figures(cards: Any) -> dict:
    """A row of figures at a glance: [(label, figure, note)], notes may be empty."""
    return {"t": "figures", "cards": [list(card) for card in cards]}


def ticks(items: Any) -> dict:
    """Sentences to choose from, each with an empty box before it."""
    return {"t": "ticks", "items": items}


def signature(lines: Any) -> dict:
    """The place for signature and seal, with these lines below it: the one empty place."""
    return {"t": "signature", "lines": lines}


def span(text: str) -> dict:
    """A table row that is a heading over the rows below it, across all columns."""
    return {"span": text}


def cover(
    title: list[str],
    subtitle: list[str],
    name: str,
    place: str,
    badge: list[str],
    colour: str | None,
    note: list[str],
) -> dict:
    """colour: the code of the level, None where there is none; the lists are lines."""
    return {
        "t": "cover",
        "title": title,
        "subtitle": subtitle,
        "name": name,
        "place": place,
        "badge": badge,
        "colour": colour,
        "note": note,
    }


def contents(title: str) -> dict:
    return {"t": "contents", "title": title}


def heading(level: int, text: str) -> dict:
    return {"t": "heading", "level": level, "text": text}


def paragraph(text: Text, style: str = "body") -> dict:
    """style: body (first line indented), plain, note (small), label (bold, kept with the next)."""
    return {"t": "paragraph", "text": text, "style": style}


def listing(items: Any, together: bool = False) -> dict:
    """Items with a mark each; no page breaks within a list that stays `together`."""
    return {"t": "list", "items": items, "together": together}


def cell(text: Text, **look: Any) -> dict:
    """A table cell with look: bold, fill (a colour name of `palette`), align, rowspan, colspan."""
    return {"text": text, **look}


def table(
    widths: list,
    head: Any,
    rows: list,
    align: Any = None,
    together: bool = False,
    dense: bool = False,
) -> dict:
    """`align` is one letter a column: l, c, r. The first column heads its row. A page never breaks
    within a short row, nor within a table that stays `together`. A row may be a `span`; `dense`
    is for long lists of short rows."""
    return {
        "t": "table",
        "widths": widths,
        "head": head,
        "rows": rows,
        "align": align or "l" * len(widths),
        "together": together,
        "dense": dense,
    }


def chart(drawing: Any, narrow: Any, caption: str, alt: str) -> dict:
    """`narrow`: the same drawn for a telephone."""
    return {"t": "chart", "drawing": drawing, "narrow": narrow, "caption": caption, "alt": alt}


def kept(blocks: list[dict]) -> list[dict]:
    """Blocks of which no page ends between or within."""
    return [{**block, "kept": True} for block in blocks]


def leads(block: dict, before: dict | None, following: dict | None) -> bool:
    """Whether no page may end behind the paragraph: it introduces a table, or is a note between a
    heading and the next."""
    if following is None or block["t"] != "paragraph":
        return False
    between = before is not None and before["t"] == following["t"] == "heading"
    return following["t"] == "table" or (block["style"] == "note" and between)


def page(landscape: bool = False) -> dict:
    """A new page from here on, upright or lying."""
    return {"t": "page", "landscape": landscape}


NOT_TEXT = {"t", "style", "align", "fill", "stroke", "dash", "colour", "raw", "field"}


def with_digits(value: Any, digits: str) -> Any:
    """The same blocks with Thai or Arabic digits in all text ("thai" or "arabic"); figures that
    place and size stay."""
    if isinstance(value, str):
        return thai.in_digits(value, digits)
    if isinstance(value, list):
        return [with_digits(part, digits) for part in value]
    if isinstance(value, dict):
        return {
            key: part if key in NOT_TEXT else with_digits(part, digits)
            for key, part in value.items()
        }
    return value


def plain(text: Text) -> str:
    """The text of a rich text, marks gone."""
    if isinstance(text, str):
        return text
    if isinstance(text, list):
        return "".join(map(plain, text))
    return plain(text.get("text") or text.get("b") or text.get("raw") or text.get("span") or "")
