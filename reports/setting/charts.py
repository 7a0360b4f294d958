# ruff: noqa: E501
"""Charts as drawings: lists of marks in millimetres that Typst and SVG draw alike.

A drawing is {"width", "height", "marks"}; a mark is ["line", x1, y1, x2, y2, look], ["shape", [[x, y], …], look],
["dot", x, y, radius, look], ["box", x, y, width, height, look] or ["text", x, y, anchor, look, words]. (x, y) of a text is its
baseline; anchor is start, middle or end. look: stroke, fill, width (pt), dash, size (pt), bold.
"""

from math import cos, pi, sin

from reports import thai
from reports.setting import palette


LEGEND = (20, 46, 84, 130)  # where the words of a legend begin, across a drawing
MEANS = (
    ("province", "ค่าเฉลี่ยจังหวัด"),
    ("type", "ค่าเฉลี่ยประเภทเดียวกัน"),
    ("national", "ค่าเฉลี่ยทั้งประเทศ"),
)


def _known_means(indicators, means):
    """The kinds of means that there are (a central agency has none of its province)."""
    return [
        (key, name)
        for key, name in MEANS
        if any(means.get(str(i["indicator_no"]), {}).get(key) is not None for i in indicators)
    ]


def radar(indicators: list[dict], means: dict) -> dict:
    """Ten indicators as a radar: the agency and the means of its province, of its type and of the country.

    The scale begins at 50 when no figure is below it, so that differences between good scores can be seen.
    """
    width, height, radius = 160, 84, 30
    centre_x, centre_y = width / 2, height / 2 + 3
    dashes = {
        "province": {"stroke": palette.PROVINCE, "width": 1.1, "dash": "dashed"},
        "type": {"stroke": palette.TYPE, "width": 1.1, "dash": "dash-dotted"},
        "national": {"stroke": palette.NATION, "width": 1.1, "dash": "dotted"},
    }
    series = [(name, key, dashes[key]) for key, name in _known_means(indicators, means)]
    figures = [i["score"] for i in indicators if i["score"] is not None]
    low = 50 if min(figures) >= 50 else 0

    def point(k, value):
        angle = 2 * pi * k / len(indicators)
        reach = radius * (max(value, low) - low) / (100 - low)
        return [centre_x + reach * sin(angle), centre_y - reach * cos(angle)]

    marks = []
    for ring in range(low + (100 - low) // 5, 101, (100 - low) // 5):
        marks.append(
            [
                "shape",
                [point(k, ring) for k in range(len(indicators))],
                {"stroke": palette.GRID, "width": 0.5},
            ]
        )
    for k in range(len(indicators)):
        marks.append(
            ["line", centre_x, centre_y, *point(k, 100), {"stroke": palette.GRID, "width": 0.4}]
        )
    for _, key, look in series:
        points = [
            point(k, v)
            for k, i in enumerate(indicators)
            if (v := means.get(str(i["indicator_no"]), {}).get(key)) is not None
        ]
        if len(points) == len(indicators):
            marks.append(["shape", points, look])
    own = [point(k, i["score"]) for k, i in enumerate(indicators) if i["score"] is not None]
    marks.append(["shape", own, {"stroke": palette.OWN, "width": 1.5, "fill": palette.OWN + "26"}])
    marks += [["dot", x, y, 0.9, {"fill": palette.OWN}] for x, y in own]
    for ring in (low, (low + 100) // 2, 100):
        x, y = point(-0.5, ring)
        marks.append(["text", x, y + 1, "middle", {"size": 7, "fill": palette.NATION}, str(ring)])
    for k, i in enumerate(indicators):
        side = sin(2 * pi * k / len(indicators))
        x, y = (
            centre_x + (radius + 4) * side,
            centre_y - (radius + 5) * cos(2 * pi * k / len(indicators)),
        )
        anchor = "middle" if abs(side) < 0.2 else "start" if side > 0 else "end"
        marks.append(
            ["text", x, y - 0.6, anchor, {"size": 8.5}, f"{i['indicator_no']} {i['indicator_th']}"]
        )
        marks.append(
            [
                "text",
                x,
                y + 3.6,
                anchor,
                {"size": 9, "bold": True, "fill": palette.OWN},
                thai.score(i["score"]),
            ]
        )
    legend = [
        ("หน่วยงาน", {"stroke": palette.OWN, "width": 1.8}),
        *((name, look) for name, _, look in series),
    ]
    for (name, look), x in zip(legend, LEGEND, strict=False):
        marks += [
            ["line", x - 10, 1.8, x - 2, 1.8, look],
            ["text", x, 3, "start", {"size": 8}, name],
        ]
    return {"width": width, "height": height, "marks": marks}


def bars(indicators: list[dict], means: dict, pass_min: float) -> dict:
    """One bar an indicator with the three means as marks of different shape, and a line at `pass_min`."""
    width, row, left, right = 160, 5.7, 52, 15
    height = row * len(indicators) + 12
    scale = (width - left - right) / 100
    colours = {"province": palette.PROVINCE, "type": palette.TYPE, "national": "#000000"}
    marks = []
    for grid in sorted({0, 25, 50, 75, 100, pass_min}):
        x = left + grid * scale
        look = (
            {"stroke": palette.INK, "width": 0.7, "dash": "dashed"}
            if grid == pass_min
            else {"stroke": palette.GRID, "width": 0.5}
        )
        marks += [
            ["line", x, 4, x, row * len(indicators) + 5, look],
            ["text", x, 3, "middle", {"size": 7.5}, f"{grid:g}"],
        ]
    for k, i in enumerate(indicators):
        y = 5 + row * k
        marks.append(
            [
                "text",
                left - 2,
                y + 3.7,
                "end",
                {"size": 9},
                f"{i['indicator_no']} {i['indicator_th']}",
            ]
        )
        if i["score"] is not None:
            marks.append(
                [
                    "box",
                    left,
                    y + 0.8,
                    i["score"] * scale,
                    row - 1.9,
                    {"fill": palette.OWN if i["score"] >= pass_min else "#7d9cc0"},
                ]
            )
        for key, colour in colours.items():
            mean = means.get(str(i["indicator_no"]), {}).get(key)
            if mean is not None:
                marks.append(_pointer(key, left + mean * scale, y + row / 2 - 0.2, colour))
        marks.append(
            [
                "text",
                width - right + 2,
                y + 3.7,
                "start",
                {"size": 9, "bold": True},
                thai.score(i["score"]),
            ]
        )
    legend_y = height - 3
    marks += [
        ["box", LEGEND[0] - 8, legend_y - 2.4, 6, 2.6, {"fill": palette.OWN}],
        ["text", LEGEND[0], legend_y, "start", {"size": 8}, "หน่วยงาน"],
    ]
    for (key, name), x in zip(_known_means(indicators, means), LEGEND[1:], strict=False):
        marks += [
            _pointer(key, x - 3, legend_y - 1.2, colours[key]),
            ["text", x, legend_y, "start", {"size": 8}, name],
        ]
    return {"width": width, "height": height, "marks": marks}


def _pointer(key, x, y, colour):
    look = {"fill": colour, "stroke": "#ffffff", "width": 0.6}
    if key == "province":
        return ["shape", [[x - 1.3, y + 1.3], [x + 1.3, y + 1.3], [x, y - 1.5]], look]
    if key == "type":
        return ["shape", [[x, y - 1.6], [x + 1.4, y], [x, y + 1.6], [x - 1.4, y]], look]
    return ["dot", x, y, 1.25, look]


def trend(history: list[dict], pass_min: float) -> dict:
    """Overall scores of up to five years as a line with a mark at `pass_min`. Years without a score leave a gap."""
    width, height, left, right, top, bottom = 160, 56, 12, 6, 8, 9
    years = list(range(history[-1]["fiscal_year"] - 4, history[-1]["fiscal_year"] + 1))
    by_year = {h["fiscal_year"]: h for h in history if h["overall_score"] is not None}
    lowest = min(h["overall_score"] for h in by_year.values())
    low = max(0, min(60, int(lowest // 10 * 10) - 10))
    x_of = {year: left + (width - left - right) * (k + 0.5) / 5 for k, year in enumerate(years)}

    def y_of(value):
        return top + (height - top - bottom) * (100 - value) / (100 - low)

    def below(year):
        """Whether the figure is to stand below its point, for the line runs above it."""
        beside = [by_year[y]["overall_score"] for y in (year - 1, year + 1) if y in by_year]
        return bool(beside) and by_year[year]["overall_score"] < sum(beside) / len(beside)

    marks = []
    for grid in range(100, low - 1, -10 if low >= 40 else -20):
        marks += [
            [
                "line",
                left,
                y_of(grid),
                width - right,
                y_of(grid),
                {"stroke": palette.GRID, "width": 0.5},
            ],
            ["text", left - 2, y_of(grid) + 1, "end", {"size": 8}, str(grid)],
        ]
    marks += [
        [
            "line",
            left,
            y_of(pass_min),
            width - right,
            y_of(pass_min),
            {"stroke": palette.PROVINCE, "width": 0.8, "dash": "dashed"},
        ],
        [
            "text",
            width - right,
            y_of(pass_min) + 3.4,
            "end",
            {"size": 8, "fill": palette.PROVINCE},
            f"เกณฑ์ผ่าน {pass_min:g}",
        ],
    ]
    for year in years[1:]:
        if year in by_year and year - 1 in by_year:
            marks.append(
                [
                    "line",
                    x_of[year - 1],
                    y_of(by_year[year - 1]["overall_score"]),
                    x_of[year],
                    y_of(by_year[year]["overall_score"]),
                    {"stroke": palette.OWN, "width": 1.6},
                ]
            )
    for year in years:
        marks.append(["text", x_of[year], height - 2, "middle", {"size": 9}, f"ปี {year}"])
        if year in by_year:
            y = y_of(by_year[year]["overall_score"])
            marks += [
                ["dot", x_of[year], y, 1.3, {"fill": palette.OWN}],
                [
                    "text",
                    x_of[year],
                    y + (5.2 if below(year) else -2.6),
                    "middle",
                    {"size": 9.5, "bold": True},
                    thai.score(by_year[year]["overall_score"]),
                ],
            ]
        else:
            marks.append(
                [
                    "text",
                    x_of[year],
                    y_of(low) - 2,
                    "middle",
                    {"size": 8, "fill": palette.NATION},
                    "ไม่มีข้อมูล",
                ]
            )
    return {"width": width, "height": height, "marks": marks}
