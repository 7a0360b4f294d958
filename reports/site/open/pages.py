"""Which pages the open site has, and what is on them.

A page is (address, template, content); its address is a folder that holds `index.html`. The pages
of agencies are rendered from the JSON document of `facts.py`, by the same environment.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import jinja2
from markupsafe import escape

from reports import thai
from reports.setting import palette
from reports.site.open import downloads
from reports.site.open.facts import CENTRAL, Facts

HERE = Path(__file__).parent
PARTS = ("IIT", "EIT สาธารณะ", "EIT สำรวจ", "EIT", "OIT")
MOVERS = 10
COMMON = 10
FIRST = 100  # rows of a table that goes on in the ranking
# Steps of the map's colour by mean score; the words beside it say the same.
STEPS = ((95, "#0f3d66"), (90, "#2b6ca3"), (85, "#7d9cc0"), (0, "#e0a97e"))

Page = tuple[str, str, dict[str, Any]]


def _signed(value: Any) -> str:
    """A movement of ranks in words that a reader of a screen hears too."""
    if value is None:
        return thai.NONE
    return f"▲ {value}" if value > 0 else f"▼ {-value}" if value < 0 else "เท่าเดิม"


def step(mean: Any) -> str:
    """The map's colour of a mean score; white without one."""
    if mean is None:
        return "#ffffff"
    return next(colour for least, colour in STEPS if mean >= least)


class Point(NamedTuple):
    """A year's score, and where it stands in the picture."""

    x: int
    y: int
    year: int
    score: str


class Chart(NamedTuple):
    """line: the points as an SVG's polyline has them."""

    width: int
    height: int
    points: list[Point]
    line: str


def line(series: list[Any], width: int = 320, height: int = 90) -> Chart:
    """[(year, score)] -> the line chart of them."""
    known = [(year, float(score)) for year, score, *_ in series if score is not None]
    if not known:
        return Chart(width, height, [], "")
    first = known[0][0]
    low = min(60.0, *(score for _, score in known))
    across, down = max(known[-1][0] - first, 1), height - 40
    points = [
        Point(
            round(24 + (year - first) / across * (width - 64)),
            round(18 + (100 - score) / (100 - low) * down),
            year,
            f"{score:.2f}",
        )
        for year, score in known
    ]
    return Chart(width, height, points, " ".join(f"{point.x},{point.y}" for point in points))


def environment() -> jinja2.Environment:
    """Templates with the filters and words that all pages share."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        auto_reload=False,
    )
    # Of ten thousand scores that there can be, a country's pages print a million.
    score, signed = lru_cache(50_000)(thai.score), lru_cache(50_000)(thai.signed)
    made.filters.update(score=score, signed=signed, moved=_signed, step=step, count=thai.count)
    made.globals.update(line=line, palette=palette, STEPS=STEPS, CENTRAL=CENTRAL)
    return made


def shared(facts: Facts) -> dict[str, Any]:
    """What every template may name: years, types, provinces."""
    central = {"province_code": CENTRAL, "province_th": "หน่วยงานส่วนกลาง"}
    return {
        "years": facts.years,
        "newest": facts.years[-1],
        "types": facts.types,
        "provinces": {**facts.provinces, CENTRAL: central},
    }


def of_all(facts: Facts, years: list[int]) -> Iterator[Page]:
    """Every page but those of agencies; of pages of a year, those of `years`."""
    newest = facts.years[-1]
    yield "", "country.html", _country(facts, newest, facts.listed(newest))
    yield "about", "about.html", {"levels": facts.levels, "indicators": facts.indicators[newest]}
    yield "search", "search.html", {}
    yield (
        "download",
        "download.html",
        {
            "files": downloads.TITLES,
            "record": _dataset(facts),
        },
    )
    for year in years:
        listed = facts.listed(year)
        yield f"country/{year}", "country.html", _country(facts, year, listed)
        yield f"ranking/{year}", "ranking.html", {"year": year, "rows": listed[:FIRST]}
        yield from _types(facts, year, listed)
        yield from _provinces(facts, year, listed)
        yield from _items(facts, year)


def _dataset(facts: Facts) -> str:
    """The data package as JSON-LD, for machines that look for data sets."""
    return downloads.json_text(
        {
            "@context": "https://schema.org",
            "@type": "Dataset",
            "name": downloads.TITLE,
            "description": downloads.notes(facts),
            "keywords": list(downloads.TAGS),
            "inLanguage": "th",
            "isAccessibleForFree": True,
            # a fiscal year begins on 1 October of the year before
            "temporalCoverage": f"{facts.years[0] - 544}-10-01/{facts.years[-1] - 543}-09-30",
            "variableMeasured": list(downloads.TITLES.values()),
            "spatialCoverage": "Thailand",
            "distribution": [
                {
                    "@type": "DataDownload",
                    "encodingFormat": "text/csv",
                    "contentUrl": f"{year}/{name}.csv",
                    "name": f"{title} {year}",
                }
                for year in facts.years
                for name, title in downloads.TITLES.items()
            ],
        }
    )


def _country(facts: Facts, year: int, listed: list[dict[str, Any]]) -> dict[str, Any]:
    moved = [row for row in listed if row["rank_change"]]
    moved.sort(key=lambda row: (-row["rank_change"], row["agency_id"]))
    return {
        "year": year,
        "summary": facts.national[year],
        "before": [facts.national[y] for y in facts.years if y <= year],
        "levels": facts.levels[year],
        "of_types": [
            (kind, facts.type_years.get((year, kind)), facts.type_years.get((year - 1, kind)))
            for kind in facts.types
        ],
        "map": _map(
            facts, {code: row for (y, code), row in facts.province_years.items() if y == year}
        ),
        "risen": [row for row in moved[:MOVERS] if row["rank_change"] > 0],
        "fallen": [row for row in moved[::-1][:MOVERS] if row["rank_change"] < 0],
        "common": _commonest(facts, year, ("national", None)),
    }


def _map(facts: Facts, rows: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """A province each: its shape, its tile, its row of this year (None without one)."""
    return [
        {**province, "path": facts.shapes[code], "row": rows.get(code)}
        for code, province in facts.provinces.items()
    ]


def _commonest(facts: Facts, year: int, where: tuple[str, str | None]) -> list[dict[str, Any]]:
    """The commonest deficient items of a scope, with their titles, those that we may tell."""
    cells = [
        {**item, **facts.deficiencies[year, item["item_code"]][where]}
        for item in facts.items[year]
        if where in facts.deficiencies[year, item["item_code"]]
    ]
    cells = [cell for cell in cells if cell["agencies_deficient"]]
    cells.sort(key=lambda cell: (cell["deficiency_rank"], cell["item_order"]))
    return cells[:COMMON]


def _types(facts: Facts, year: int, listed: list[dict[str, Any]]) -> Iterator[Page]:
    of_type = defaultdict(list)
    for row in listed:
        of_type[row["agency_type"]].append(row)
    for kind in facts.types:
        content = {
            "year": year,
            "kind": kind,
            "summary": facts.type_years.get((year, kind)),
            "before": [
                (y, facts.type_years[y, kind])
                for y in facts.years
                if y <= year and (y, kind) in facts.type_years
            ],
            "indicators": facts.indicators[year],
            "means": facts.indicator_means.get((year, kind), {}),
            "nation": facts.indicator_means.get((year, None), {}),
            "rows": of_type[kind][:FIRST],
            "count": len(of_type[kind]),
            "common": _commonest(facts, year, ("type", kind)),
        }
        yield f"type/{kind}/{year}", "type.html", content


def _provinces(facts: Facts, year: int, listed: list[dict[str, Any]]) -> Iterator[Page]:
    of_province = defaultdict(list)
    for row in listed:
        of_province[row["province_code"] or CENTRAL].append(row)
    for code in (*facts.provinces, CENTRAL):
        content = {
            "year": year,
            "code": code,
            "summary": facts.province_years.get((year, code)),
            "before": [
                (y, facts.province_years[y, code])
                for y in facts.years
                if y <= year and (y, code) in facts.province_years
            ],
            "national": facts.national[year],
            "rows": of_province[code],
            "common": _commonest(facts, year, ("province", code)),
        }
        yield f"province/{code}/{year}", "province.html", content


def _items(facts: Facts, year: int) -> Iterator[Page]:
    items = facts.items[year]
    if not items:
        return
    told = [
        {**item, "cell": facts.deficiencies[year, item["item_code"]].get(("national", None))}
        for item in items
    ]
    yield f"item/{year}", "items.html", {"year": year, "items": told}
    for item in told:
        yield (
            f"item/{year}/{item['item_code']}",
            "item.html",
            {
                "year": year,
                "item": item,
                "indicator": next(
                    row
                    for row in facts.indicators[year]
                    if row["indicator_no"] == item["indicator_no"]
                ),
                "before": _same_meaning(facts, year, item["meaning"]),
                "of_types": [
                    (kind, facts.deficiencies[year, item["item_code"]].get(("type", kind)))
                    for kind in facts.types
                ],
                "of_provinces": sorted(
                    (
                        (code, cell)
                        for (scope, code), cell in facts.deficiencies[
                            year, item["item_code"]
                        ].items()
                        if scope == "province"
                    ),
                    key=lambda pair: (-pair[1]["deficient_share"], pair[0]),
                ),
                "remedies": facts.remedies.get(item["meaning"], []),
            },
        )


def _same_meaning(facts: Facts, year: int, meaning: str | None) -> list[tuple[int, str, Any]]:
    """(year, code, national cell) of the items that ask the same, up to this year."""
    return [
        (y, item["item_code"], facts.deficiencies[y, item["item_code"]].get(("national", None)))
        for y in facts.years
        if y <= year
        for item in facts.items[y]
        if meaning and item["meaning"] == meaning
    ]


def shared_of_agencies(facts: Facts) -> dict[str, Any]:
    """What the pages of agencies need beside their own documents; `names` are escaped."""
    shown = shared(facts)
    names = {
        "provinces": {code: row["province_th"] for code, row in shown["provinces"].items()},
        "types": {code: row["agency_type_th"] for code, row in shown["types"].items()},
        "indicators": {
            year: {row["indicator_no"]: row["indicator_th"] for row in rows}
            for year, rows in facts.indicators.items()
        },
    }
    return {
        "names": _escaped(names),
        "means": facts.indicator_means,
        "provisional": {year: row["provisional"] for year, row in facts.national.items()},
    }


def parsed(document: str) -> SimpleNamespace:
    """The JSON document of an agency and year, its text escaped; scores stay exact; parts with
    their names, years in their order.

    Escaped here, once, and not at each of the two hundred places of the template: a third of the
    time of a page. As one text, before it is parsed: what is to be escaped stands inside JSON's
    strings only, but for their own quotes, which a string holds behind a backslash. A template
    reads a namespace in a third of a dict's time.
    """
    if "\\" in document:
        facts = _escaped(json.loads(document, parse_float=Decimal))
    else:
        facts = json.loads(str(escape(document)).replace("&#34;", '"'), parse_float=Decimal)
    facts["parts"] = list(zip(PARTS, facts["parts"], strict=True))
    facts["years"].sort()
    return SimpleNamespace(**facts)


def _escaped(value: Any) -> Any:
    """The value with all text in it escaped for HTML."""
    if isinstance(value, str):
        return str(escape(value))
    if isinstance(value, list):
        return [_escaped(one) for one in value]
    if isinstance(value, dict):
        return {key: _escaped(one) for key, one in value.items()}
    return value
