"""Blocks to one HTML page that needs nothing else: charts as inline SVG, the font inside. It reads
at the width of a telephone, and prints as the PDF: upright and lying pages."""

import base64
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from reports.blocks import plain
from reports.setting import palette
from reports.setting.pdf import fonts, render
from reports.setting.svg import svg
from warehouse import mark

ALIGN = {"l": "", "c": " class=c", "r": " class=r"}
LINE = "\n"
MANY = 3  # columns from which a table becomes cards on a narrow screen


def write(
    blocks: list[dict], *, title: str, author: str, date: str, digits: str, running: str, kind: str
) -> bytes:
    """The page as UTF-8 bytes, the same for the same blocks; `running` is its title line, digits
    are in the blocks already, `kind` as in `warehouse.mark`."""
    headings = [block for block in blocks if block["t"] == "heading"]
    anchors = {id(block): f"h{n}" for n, block in enumerate(headings, 1)}  # words may repeat
    body = "".join(_block(block, headings, anchors) for block in blocks)
    return (
        '<!doctype html><html lang="th"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta name="generator" content="{mark.of(kind)}">'
        f'<meta name="author" content="{escape(author)}"><meta name="date" content="{date}">'
        f"<title>{escape(running)}</title><style>{_font_faces()}{_style()}</style></head>"
        f"<body><main><section>{body}</section></main></body></html>"
    ).encode()


@cache
def _style() -> str:
    words = (Path(__file__).parent / "html.css").read_text("utf-8")
    for name in ("INK", "BRAND", "RULE", "PALE"):
        words = words.replace(name, getattr(palette, name))
    return words


@cache
def _font_faces() -> str:
    faces = [
        f'@font-face{{font-family:"Sarabun ITA";font-weight:{weight};src:url(data:font/woff2;'
        f"base64,{base64.b64encode(fonts.web(style)).decode()}) format('woff2')}}"
        for style, weight in (("Regular", 400), ("Bold", 700))
    ]
    return "".join(faces)


def rich(text: str) -> str:
    if isinstance(text, str):
        return escape(text, quote=False).replace("\n", "<br>")
    if isinstance(text, list):
        return "".join(map(rich, text))
    if "b" in text:
        return f"<b>{rich(text['b'])}</b>"
    if "raw" in text:
        return escape(text["raw"])
    return rich(text["text"])


def _block(block: dict, headings: Any, anchors: Any) -> str:
    kind = block["t"]
    if kind == "heading":
        level = block["level"]
        return f"<h{level} id={anchors[id(block)]}>{rich(block['text'])}</h{level}>"
    if kind == "contents":
        links = "".join(
            f'<a class=l{h["level"]} href="#{anchors[id(h)]}">{rich(h["text"])}</a>'
            for h in headings
            if h["level"] <= 2
        )
        return f"<p class=contents>{rich(block['title'])}</p><nav>{links}</nav>"
    if kind == "page":
        return f"</section><section{' class=lying' if block['landscape'] else ''}>"
    return WRITERS[kind](block)


def _paragraph(block: dict) -> str:
    return f"<p class={block['style']}>{rich(block['text'])}</p>"


def _list(block: dict) -> str:
    return "<ul>" + "".join(f"<li>{rich(item)}" for item in block["items"]) + "</ul>"


def _ticks(block: dict) -> str:
    return "<ul class=ticks>" + "".join(f"<li>{rich(item)}" for item in block["items"]) + "</ul>"


def _chart(block: dict) -> str:
    """Drawn twice: for a telephone the words stand larger and above the bars."""
    broad = svg(block["drawing"], block["alt"], "broad")
    narrow = svg(block["narrow"], block["alt"], "narrow")
    return f"<figure>{broad}{narrow}<figcaption>{rich(block['caption'])}</figcaption></figure>"


def _cover(block: dict) -> str:
    back, front, full = palette.level(block["colour"])
    marks = "■" * full + "□" * (5 - full) if full else ""
    return (
        f"<div class=cover><div class=t>{'<br>'.join(map(rich, block['title']))}</div>"
        f"<div>{'<br>'.join(map(rich, block['subtitle']))}</div>"
        f'<div class=badge style="background:{back};color:{front}"><b>{rich(block["badge"][0])}</b>'
        f"{rich(block['badge'][1])}<div aria-hidden=true>{marks}</div></div>"
        f"<div class=name>{rich(block['name'])}</div><div>{rich(block['place'])}</div>"
        f"<div class=n>{'<br>'.join(map(rich, block['note']))}</div></div>"
    )


def _figures(block: dict) -> str:
    cards = "".join(
        f"<div><span>{rich(label)}</span><b>{rich(figure)}</b>"
        f"<small>{rich(note.replace(' · ', LINE))}</small></div>"
        for label, figure, note in block["cards"]
    )
    return f"<div class=figures>{cards}</div>"


def _signature(block: dict) -> str:
    lines = "<br>".join(map(rich, block["lines"]))
    return (
        f"<div class=signature><div class=seal>{render.SEAL}</div>"
        f"<div>{render.SIGN} <span class=line></span><br>{lines}</div></div>"
    )


def _table(block: dict) -> str:
    total = sum(block["widths"])
    columns = "".join(f'<col style="width:{100 * w / total:.1f}%">' for w in block["widths"])
    head = "".join(f"<th scope=col>{rich(text)}" for text in block["head"])
    names = [escape(plain(text).replace("\n", " ")) for text in block["head"]]
    rows = "".join(_row(row, block["align"], names) for row in block["rows"])
    look = " class=cards" if len(names) > MANY and not block["dense"] else ""
    return (
        f"<div class=wide><table{look}><colgroup>{columns}</colgroup>"
        f"<thead><tr>{head}</thead><tbody>{rows}</tbody></table></div>"
    )


def _row(row: dict, align: Any, names: Any) -> str:
    if "span" in row:
        return f"<tr class=span><th scope=rowgroup colspan={len(names)}>{rich(row['span'])}"
    cells = zip(row, align, names, strict=True)
    return "<tr>" + "".join(_cell(*cell, first=k == 0) for k, cell in enumerate(cells))


def _cell(text: str, side: Any, name: str, first: Any) -> str:
    fill = text.get("fill") if isinstance(text, dict) else None
    paint = f" style=background:{fill}" if fill else ""
    tag = "th scope=row" if first else "td"
    return f'<{tag}{ALIGN[side]}{paint} data-h="{name}"><span>{rich(text)}</span>'


WRITERS = {
    "paragraph": _paragraph,
    "list": _list,
    "ticks": _ticks,
    "table": _table,
    "chart": _chart,
    "cover": _cover,
    "figures": _figures,
    "signature": _signature,
}
