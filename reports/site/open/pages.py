"""Which pages the open site has, and what is on them.

A page is (address, template, content); its address is a folder that holds `index.html`. The pages
of agencies are in `agencies.py`.
"""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jinja2

from reports.site.open import downloads, parts
from reports.site.open.facts import CENTRAL, Facts

HERE = Path(__file__).parent
MOVERS = 10
COMMON = 10
FIRST = 100  # rows of a table that goes on in the ranking
# Steps of the map's colour by mean score; the words beside it say the same.
STEPS = ((95, "#0f3d66"), (90, "#2b6ca3"), (85, "#7d9cc0"), (0, "#e0a97e"))

Page = tuple[str, str, dict[str, Any]]


def step(mean: Any) -> str:
    """The map's colour of a mean score; white without one."""
    if mean is None:
        return "#ffffff"
    return next(colour for least, colour in STEPS if mean >= least)


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
    made.filters.update(score=parts.score, moved=parts.moved, step=step)
    made.globals.update(level=parts.level, chart=parts.chart, STEPS=STEPS, CENTRAL=CENTRAL)
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
