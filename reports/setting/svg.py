"""Drawings (`reports.setting.charts`) as inline SVG."""

from collections.abc import Callable
from html import escape
from typing import Any

from reports.setting import palette

POINT = 25.4 / 72  # points to millimetres, the unit of a drawing
DASHES = {"dashed": "1.6 1.2"}


def svg(drawing: dict, alt: str, look: str = "") -> str:
    """A drawing as inline SVG, of the class `look`; its unit is the millimetre."""
    marks = "".join(MARKS[kind](*values) for kind, *values in drawing["marks"])
    size = f"0 0 {drawing['width']} {drawing['height']:.2f}"
    return (
        f'<svg{look and f" class={look}"} viewBox="{size}" role="img" xmlns="http://www.w3.org/2000/svg">'
        f"<title>{escape(alt)}</title>{marks}</svg>"
    )


def _line(x1: Any, y1: Any, x2: Any, y2: Any, look: Any) -> str:
    return f'<line x1="{x1:.2f}" y1="{y1:.2f}" x2="{x2:.2f}" y2="{y2:.2f}"{_paint(look)}/>'


def _shape(points: Any, look: Any) -> str:
    places = " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
    return f'<polygon points="{places}"{_paint(look)}/>'


def _dot(x: Any, y: Any, radius: Any, look: Any) -> str:
    return f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{radius:.2f}"{_paint(look)}/>'


def _box(x: Any, y: Any, width: int, height: Any, look: Any) -> str:
    place = f'x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}"'
    return f"<rect {place}{_paint(look)}/>"


def _text(x: Any, y: Any, anchor: Any, look: Any, words: str) -> str:
    weight = ' font-weight="700"' if look.get("bold") else ""
    size = look.get("size", 9) * POINT
    fill = look.get("fill", palette.INK)
    return (
        f'<text x="{x:.2f}" y="{y:.2f}" text-anchor="{anchor}" font-size="{size:.2f}"'
        f'{weight} fill="{fill}">{escape(words)}</text>'
    )


MARKS: dict[str, Callable[..., str]] = {
    "line": _line,
    "shape": _shape,
    "dot": _dot,
    "box": _box,
    "text": _text,
}


def _paint(look: Any) -> str:
    paint = f' fill="{look.get("fill", "none")}"'
    if "stroke" in look:
        width = look.get("width", 0.5) * POINT
        paint += f' stroke="{look["stroke"]}" stroke-width="{width:.2f}"'
    dash = DASHES.get(look.get("dash"))
    return paint + (f' stroke-dasharray="{dash}"' if dash else "")
