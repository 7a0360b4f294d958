"""A report as a list of blocks, which the PDF, DOCX and HTML writers each know how to write.

Every block is a plain dict with its kind in "t". Text is a string ("\\n" breaks the line) or a list of strings and
marked pieces: bold("…"), verbatim("…") (digits stay as they are), field("tag", "…") (what the agency fills in).
Widths are millimetres. PORTRAIT and LANDSCAPE are the widths of the text on A4.
"""

from reports import thai

PORTRAIT = 160
LANDSCAPE = 257


def bold(text):
    return {"b": text}


def verbatim(text):
    return {"raw": text}


def field(tag, text=""):
    """A place that the agency fills in: a dotted line, in DOCX a content control. `text` is proposed, may be empty."""
    return {"field": tag, "text": text}


def cover(title, subtitle, name, place, badge, colour, note):
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


def contents(title):
    return {"t": "contents", "title": title}


def heading(level, text):
    return {"t": "heading", "level": level, "text": text}


def paragraph(text, style="body"):
    """style: body (first line indented), plain, note (small), label (bold, kept with what follows)."""
    return {"t": "paragraph", "text": text, "style": style}


def listing(items):
    return {"t": "list", "items": items}


def cell(text, **look):
    """A table cell with look: bold, fill (a colour name of `palette`), align, rowspan, colspan."""
    return {"text": text, **look}


def table(widths, head, rows, align=None, together=False):
    """`align` is one letter a column: l, c, r. A page never breaks within a short row, nor within a table that stays `together`."""
    return {
        "t": "table",
        "widths": widths,
        "head": head,
        "rows": rows,
        "align": align or "l" * len(widths),
        "together": together,
    }


def chart(drawing, caption, alt):
    return {"t": "chart", "drawing": drawing, "caption": caption, "alt": alt}


def page(landscape=False):
    """A new page from here on, upright or lying."""
    return {"t": "page", "landscape": landscape}


NOT_TEXT = {"t", "style", "align", "fill", "stroke", "dash", "colour", "raw", "field"}


def with_digits(value, digits):
    """The same blocks with Thai or Arabic digits in all text ("thai" or "arabic"); figures that place and size stay."""
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


def plain(text) -> str:
    """The text of a rich text, marks gone."""
    if isinstance(text, str):
        return text
    if isinstance(text, list):
        return "".join(map(plain, text))
    return plain(text.get("text") or text.get("b") or text.get("raw") or "")
