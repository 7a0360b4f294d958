# ruff: noqa: E501
"""Blocks to one HTML page that needs nothing else: charts as inline SVG, the font inside."""

import base64
from functools import cache
from html import escape

from reports.setting import mark, palette
from reports.setting.pdf import fonts

STYLE = (
    """
@page{size:A4;margin:20mm}
*{box-sizing:border-box}
body{font-family:"Sarabun ITA",Sarabun,"TH Sarabun New",system-ui,sans-serif;font-size:16px;line-height:1.65;color:INK;margin:0 auto;
 max-width:72rem;padding:1.5rem}
h1{font-size:1.5rem;color:BRAND;border-bottom:2px solid BRAND;margin:2.5rem 0 1rem;padding-bottom:.2rem}
h2{font-size:1.25rem;color:BRAND;margin:1.8rem 0 .6rem}h3{font-size:1.1rem;margin:1.5rem 0 .5rem}
p{margin:.4rem 0;max-width:60rem}p.body{text-indent:3.5rem}p.note{font-size:.85rem;color:#45505b}p.label{font-weight:700;margin-top:1rem}
p.sign{text-align:right;max-width:none}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.88rem;line-height:1.5;margin:.6rem 0 1rem}
th,td{border:1px solid RULE;padding:.25rem .45rem;vertical-align:top;text-align:left}th{background:PALE;text-align:center}
td.c{text-align:center}td.r{text-align:right;white-space:nowrap}thead{display:table-header-group}tr{break-inside:avoid}
.cover{text-align:center;padding:3rem 0 1rem}.cover .t{font-size:1.7rem;font-weight:700;color:BRAND;line-height:1.45}
.cover .badge{display:inline-block;padding:1rem 2.5rem;border-radius:6px;margin:1.8rem 0;font-size:1.1rem}.cover .badge b{font-size:2rem;display:block}
.cover .name{font-size:1.6rem;font-weight:700}.cover .n{font-size:.85rem;color:#56616c;margin-top:1rem}
.fill{display:inline-block;min-width:8rem;width:100%;border-bottom:1px dotted INK;min-height:1.4em}
nav a{display:block;color:BRAND;text-decoration:none}nav a.l2{margin-left:1.6rem}nav a.l3{margin-left:3.2rem}
figure{margin:1rem 0;text-align:center}figure svg{max-width:100%;width:720px;height:auto}figcaption{font-weight:700;font-size:.9rem}
""".replace("INK", palette.INK)
    .replace("BRAND", palette.BRAND)
    .replace("RULE", palette.RULE)
    .replace("PALE", palette.PALE)
)
ALIGN = {"l": "", "c": " class=c", "r": " class=r"}
ANCHOR_PT = 25.4 / 72  # points to millimetres, the unit of a drawing


def write(
    blocks: list[dict], *, title: str, author: str, date: str, digits: str, running: str, kind: str
) -> bytes:
    """The page as UTF-8 bytes, the same for the same blocks; `running` is its title line, digits are in the blocks already."""
    headings = [block for block in blocks if block["t"] == "heading"]
    anchors = {
        id(block): f"h{n}" for n, block in enumerate(headings, 1)
    }  # two parts have headings of the same words
    body = "".join(_block(block, headings, anchors) for block in blocks)
    return (
        f'<!doctype html><html lang="th"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta name="generator" content="{mark.of(kind)}">'
        f'<meta name="author" content="{escape(author)}"><meta name="date" content="{date}"><title>{escape(running)}</title>'
        f"<style>{_font_faces()}{STYLE}</style></head><body>{body}</body></html>"
    ).encode()


@cache
def _font_faces() -> str:
    faces = [
        f'@font-face{{font-family:"Sarabun ITA";font-weight:{weight};src:url(data:font/woff2;base64,'
        f"{base64.b64encode(fonts.web(style)).decode()}) format('woff2')}}"
        for style, weight in (("Regular", 400), ("Bold", 700))
    ]
    return "".join(faces)


def rich(text) -> str:
    if isinstance(text, str):
        return escape(text, quote=False).replace("\n", "<br>")
    if isinstance(text, list):
        return "".join(map(rich, text))
    if "b" in text:
        return f"<b>{rich(text['b'])}</b>"
    if "raw" in text:
        return escape(text["raw"])
    if "field" in text:
        return rich(text["text"]) if text["text"] else '<span class="fill"></span>'
    return rich(text["text"])


def _block(block, headings, anchors) -> str:
    kind = block["t"]
    if kind == "heading":
        return (
            f"<h{block['level']} id={anchors[id(block)]}>{rich(block['text'])}</h{block['level']}>"
        )
    if kind == "paragraph":
        return f"<p class={block['style']}>{rich(block['text'])}</p>"
    if kind == "list":
        return "<ul>" + "".join(f"<li>{rich(item)}" for item in block["items"]) + "</ul>"
    if kind == "table":
        return _table(block)
    if kind == "chart":
        return f"<figure>{svg(block['drawing'], block['alt'])}<figcaption>{rich(block['caption'])}</figcaption></figure>"
    if kind == "cover":
        return _cover(block)
    if kind == "contents":
        title = f"<h1>{rich(block['title'])}</h1>"
        return (
            title
            + "<nav>"
            + "".join(
                f'<a class=l{h["level"]} href="#{anchors[id(h)]}">{rich(h["text"])}</a>'
                for h in headings
            )
            + "</nav>"
        )
    return ""


def _cover(block):
    back, front, full = palette.level(block["colour"])
    return (
        f"<div class=cover><div class=t>{'<br>'.join(map(rich, block['title']))}</div><div>{'<br>'.join(map(rich, block['subtitle']))}</div>"
        f'<div class=badge style="background:{back};color:{front}"><b>{rich(block["badge"][0])}</b>{rich(block["badge"][1])}'
        f"<div aria-hidden=true>{'■' * full}{'□' * (5 - full) if full else ''}</div></div>"
        f"<div class=name>{rich(block['name'])}</div><div>{rich(block['place'])}</div><div class=n>{'<br>'.join(map(rich, block['note']))}</div></div>"
    )


def _table(block):
    total = sum(block["widths"])
    columns = "".join(
        f'<col style="width:{100 * width / total:.1f}%">' for width in block["widths"]
    )
    head = "".join(f"<th scope=col>{rich(text)}" for text in block["head"])
    rows = "".join(
        "<tr>" + "".join(_cell(text, side) for text, side in zip(row, block["align"], strict=False))
        for row in block["rows"]
    )
    return f"<div class=wide><table><colgroup>{columns}</colgroup><thead><tr>{head}</thead><tbody>{rows}</tbody></table></div>"


def _cell(text, side):
    fill = text.get("fill") if isinstance(text, dict) else None
    return f"<td{ALIGN[side]}{f' style=background:{fill}' if fill else ''}>{rich(text)}"


def svg(drawing: dict, alt: str) -> str:
    """A drawing as inline SVG; its unit is the millimetre."""
    marks = "".join(_mark(mark) for mark in drawing["marks"])
    return (
        f'<svg viewBox="0 0 {drawing["width"]} {drawing["height"]}" role="img" xmlns="http://www.w3.org/2000/svg"><title>{escape(alt)}</title>'
        f"{marks}</svg>"
    )


def _mark(mark) -> str:
    kind, values, look = mark[0], mark[1:], mark[-2] if mark[0] == "text" else mark[-1]
    if kind == "line":
        return f'<line x1="{values[0]:.2f}" y1="{values[1]:.2f}" x2="{values[2]:.2f}" y2="{values[3]:.2f}"{_paint(look)}/>'
    if kind == "shape":
        return f'<polygon points="{" ".join(f"{x:.2f},{y:.2f}" for x, y in values[0])}"{_paint(look)}/>'
    if kind == "dot":
        return (
            f'<circle cx="{values[0]:.2f}" cy="{values[1]:.2f}" r="{values[2]:.2f}"{_paint(look)}/>'
        )
    if kind == "box":
        return f'<rect x="{values[0]:.2f}" y="{values[1]:.2f}" width="{values[2]:.2f}" height="{values[3]:.2f}"{_paint(look)}/>'
    weight = ' font-weight="700"' if look.get("bold") else ""
    return (
        f'<text x="{values[0]:.2f}" y="{values[1]:.2f}" text-anchor="{values[2]}" font-size="{look.get("size", 9) * ANCHOR_PT:.2f}"'
        f'{weight} fill="{look.get("fill", palette.INK)}">{escape(values[4])}</text>'
    )


def _paint(look) -> str:
    dash = {"dashed": "1.6 1.2", "dotted": "0.4 0.9", "dash-dotted": "1.6 0.8 0.4 0.8"}.get(
        look.get("dash")
    )
    fill = look.get("fill", "none")
    stroke = (
        f' stroke="{look["stroke"]}" stroke-width="{look.get("width", 0.5) * ANCHOR_PT:.2f}"'
        if "stroke" in look
        else ""
    )
    return f' fill="{fill}"{stroke}' + (f' stroke-dasharray="{dash}"' if dash else "")
