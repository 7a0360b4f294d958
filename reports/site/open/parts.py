"""Parts that pages of all kinds have, as HTML."""

from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

from reports import thai
from reports.setting import palette

WIDTH, HEIGHT = 320, 90  # of a chart


@lru_cache(50_000)
def score(value: Any) -> str:
    """A score as all pages show it. Of ten thousand that there can be, a country's pages print a
    million."""
    return thai.score(value)


def moved(ranks: int | None) -> str:
    """A movement of ranks in words that a reader of a screen hears too."""
    if ranks is None:
        return thai.NONE
    return f"▲ {ranks}" if ranks > 0 else f"▼ {-ranks}" if ranks < 0 else "เท่าเดิม"


def level(code: str | None, name: str | None) -> Markup:
    """A level's name on its colour."""
    if not name:
        return escape(thai.NONE)
    ground, ink, *_ = palette.LEVELS.get(code or "", palette.UNKNOWN_LEVEL)
    return Markup(  # noqa: S704 - of colours; the name is escaped
        f'<span class="level" style="background:{ground};color:{ink}">{escape(name)}</span>'
    )


def chart(series: list[Any], alt: str) -> Markup:
    """[(year, score, …)] -> the line chart of the scores that are known; none of less than two."""
    known = [(year, float(score)) for year, score, *_ in series if score is not None]
    if len(known) < 2:
        return Markup()
    first = known[0][0]
    low = min(60.0, *(score for _, score in known))
    across, down = max(known[-1][0] - first, 1), HEIGHT - 40
    line, points = [], []
    for year, score in known:
        x = round(24 + (year - first) / across * (WIDTH - 64))
        y = round(18 + (100 - score) / (100 - low) * down)
        line.append(f"{x},{y}")
        points.append(
            f'<circle cx="{x}" cy="{y}" r="3" fill="{palette.OWN}"/>'
            f'<text x="{x}" y="{y - 7}" text-anchor="middle">{score:.2f}</text>'
            f'<text x="{x}" y="{HEIGHT - 4}" text-anchor="middle" class="year">{year}</text>\n'
        )
    return Markup(  # noqa: S704 - of numbers and colours; alt is escaped
        f'<svg class="line" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(alt)}">\n'
        f'<polyline points="{" ".join(line)}" fill="none" stroke="{palette.OWN}" stroke-width="2"/>'
        f"\n{''.join(points)}</svg>"
    )
