"""Charts as drawings: lists of marks in millimetres that Typst and SVG draw alike.

A drawing is {"width", "height", "marks"}; a mark is ["line", x1, y1, x2, y2, look],
["shape", [[x, y], …], look], ["dot", x, y, radius, look], ["box", x, y, width, height, look] or
["text", x, y, anchor, look, words]. (x, y) of a text is its baseline; anchor is start, middle or
end. look: stroke, fill, width (pt), dash, size (pt), bold.

No label can stand on another, whatever the figures: each kind of label has a lane of its own.
"""

from typing import Any

from reports import thai
from reports.setting import palette

MEANS = {
    "province": ("ค่าเฉลี่ยจังหวัด", palette.PROVINCE),
    "type": ("ค่าเฉลี่ยประเภทเดียวกัน", palette.TYPE),
    "national": ("ค่าเฉลี่ยทั้งประเทศ", palette.NATION),
}
WIDTH = 200
NARROW = 100  # for a telephone


def bars(indicators: list[dict], means: dict, scopes: list[str], pass_min: float) -> dict:
    """A thick bar an indicator and below it a thin bar for the mean of each of `scopes`, always in
    this order, so that they are told apart without colour; a line at `pass_min`."""
    left, right, top = 60, 18, 5
    row = 4.2 + 1.25 * len(scopes)
    bottom = top + row * len(indicators)
    scale = (WIDTH - left - right) / 100
    marks = _scale(left, scale, bottom, pass_min)
    for k, i in enumerate(indicators):
        y = top + row * k
        name = f"{i['indicator_no']} {i['indicator_th']}"
        marks.append(["text", left - 2, y + 3.7, "end", {"size": 9}, name])
        if i["score"] is not None:
            fill = palette.OWN if i["score"] >= pass_min else palette.BELOW
            marks.append(["box", left, y + 0.9, i["score"] * scale, 2.8, {"fill": fill}])
        for lane, scope in enumerate(scopes):
            mean = means.get(str(i["indicator_no"]), {}).get(scope)
            if mean is not None:
                place = [left, y + 3.9 + 1.25 * lane, mean * scale, 0.9]
                marks.append(["box", *place, {"fill": MEANS[scope][1]}])
        score = thai.score(i["score"])
        marks.append(
            ["text", WIDTH - right + 2, y + 3.7, "start", {"size": 9, "bold": True}, score]
        )
    marks += _legend(scopes, bottom + 5)
    return {"width": WIDTH, "height": bottom + 7, "marks": marks}


def narrow_bars(indicators: list[dict], means: dict, scopes: list[str], pass_min: float) -> dict:
    """`bars` for a telephone: each name and score stands above its bars, the legend in lines."""
    top, left, right = 5, 2, 4
    row = 9.4 + 1.5 * len(scopes)
    bottom, scale = top + row * len(indicators), (NARROW - left - right) / 100
    marks = _scale(left, scale, bottom, pass_min)
    for k, i in enumerate(indicators):
        y, name = top + row * k, f"{i['indicator_no']} {i['indicator_th']}"
        marks.append(["text", left, y + 3.8, "start", {"size": 10}, name])
        look = {"size": 10, "bold": True}
        marks.append(["text", NARROW - right, y + 3.8, "end", look, thai.score(i["score"])])
        if i["score"] is not None:
            fill = palette.OWN if i["score"] >= pass_min else palette.BELOW
            marks.append(["box", left, y + 5, i["score"] * scale, 3, {"fill": fill}])
        for lane, scope in enumerate(scopes):
            mean = means.get(str(i["indicator_no"]), {}).get(scope)
            if mean is not None:
                place = [left, y + 8.2 + 1.5 * lane, mean * scale, 1.1]
                marks.append(["box", *place, {"fill": MEANS[scope][1]}])
    named = [("หน่วยงาน", palette.OWN), *(MEANS[scope] for scope in scopes)]
    for k, (name, fill) in enumerate(named):
        y = bottom + 6 + 5 * k
        marks.append(["box", left, y - 2.2, 6, 1.8, {"fill": fill}])
        marks.append(["text", left + 8, y, "start", {"size": 9}, name])
    return {"width": NARROW, "height": bottom + 8 + 5 * len(scopes), "marks": marks}


def _scale(left: Any, scale: Any, bottom: Any, pass_min: Any) -> Any:
    marks = []
    for grid in sorted({0, 25, 50, 100, pass_min}):
        x = left + grid * scale
        look = {"stroke": palette.GRID, "width": 0.5}
        if grid == pass_min:
            look = {"stroke": palette.INK, "width": 0.7, "dash": "dashed"}
        marks.append(["line", x, 4, x, bottom, look])
        marks.append(["text", x, 3, "middle", {"size": 7.5}, f"{grid:g}"])
    return marks


def _legend(scopes: Any, y: Any) -> Any:
    marks = [
        ["box", 12, y - 2.4, 6, 2.8, {"fill": palette.OWN}],
        ["text", 20, y, "start", {"size": 8}, "หน่วยงาน"],
    ]
    for x, scope in zip((52, 96, 146), scopes, strict=False):
        name, fill = MEANS[scope]
        marks.append(["box", x - 8, y - 1.4, 6, 0.9, {"fill": fill}])
        marks.append(["text", x, y, "start", {"size": 8}, name])
    return marks


def trend(history: list[dict], pass_min: float, width: int = WIDTH) -> dict:
    """Overall scores of up to five years as a line, with a line at `pass_min`; each figure stands
    below its year. Years without a score leave a gap. `width`: WIDTH or NARROW, where the words of
    the line stand above all."""
    narrow = width == NARROW
    height, left, right, top, bottom = (54, 8, 2, 9, 12) if narrow else (46, 12, 22, 4, 11)
    last = history[-1]["fiscal_year"]
    years = list(range(last - 4, last + 1))
    by_year = {
        h["fiscal_year"]: h["overall_score"] for h in history if h["overall_score"] is not None
    }
    low = max(0, min(60, int(min(by_year.values()) // 10 * 10) - 10))
    x_of = {year: left + (width - left - right) * (k + 0.5) / 5 for k, year in enumerate(years)}

    def y_of(value: Any) -> Any:
        return top + (height - top - bottom) * (100 - value) / (100 - low)

    marks = []
    for grid in range(100, low - 1, -20):
        look = {"stroke": palette.GRID, "width": 0.5}
        marks.append(["line", left, y_of(grid), width - right, y_of(grid), look])
        marks.append(["text", left - 2, y_of(grid) + 1, "end", {"size": 8}, str(grid)])
    y = y_of(pass_min)
    dashed = {"stroke": palette.INK, "width": 0.8, "dash": "dashed"}
    marks.append(["line", left, y, width - right, y, dashed])
    words = f"เกณฑ์ผ่าน {pass_min:g}"
    if narrow:
        marks.append(["line", left, 3, left + 8, 3, dashed])
        marks.append(["text", left + 10, 4, "start", {"size": 9}, words])
    else:
        marks.append(["text", width - right + 1.5, y + 1, "start", {"size": 8}, words])
    line = {"stroke": palette.OWN, "width": 1.6}
    for year in years[1:]:
        if year in by_year and year - 1 in by_year:
            ends = [x_of[year - 1], y_of(by_year[year - 1]), x_of[year], y_of(by_year[year])]
            marks.append(["line", *ends, line])
    for year in years:
        x = x_of[year]
        marks.append(["text", x, height - 6, "middle", {"size": 9}, f"ปี {year}"])
        score = thai.score(by_year[year]) if year in by_year else "ไม่มีผล"
        marks.append(["text", x, height - 1.5, "middle", {"size": 9.5, "bold": True}, score])
        if year in by_year:
            marks.append(["dot", x, y_of(by_year[year]), 1.3, {"fill": palette.OWN}])
    return {"width": width, "height": height, "marks": marks}
