"""The page of an agency and year, from its JSON document.

Nearly all pages of the site are of agencies, and every night each of the year is another one, for
ranks move. Their body is put together here and not by a template: a third of its time. What is
around it, the same on every page, is a template, rendered once.
"""

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import jinja2
from markupsafe import Markup, escape

from reports import thai
from reports.site.open import pages, parts
from reports.site.open.facts import CENTRAL, Facts

ROOT = "../../"  # from a page of an agency to the site's folder
INSTRUMENTS = ("IIT", "EIT สาธารณะ", "EIT สำรวจ", "EIT", "OIT")
RANKS = {
    "national": "อันดับประเทศ",
    "type_rank": "อันดับในประเภทเดียวกัน",
    "province_rank": "อันดับในจังหวัด",
}
TITLE, BODY = "\0title", "\0body"  # stand in the frame where a page's own are put


@lru_cache(50_000)
def _signed(number: str | int | None) -> str:
    return thai.signed(None if number is None else float(number))


class Pages:
    """Renders pages of agencies; what they share is read once."""

    def __init__(self, environment: jinja2.Environment, facts: Facts) -> None:
        frame = environment.get_template("agency.html").render(root=ROOT, title=TITLE, body=BODY)
        self.head, rest = frame.split(TITLE)
        self.middle, self.foot = rest.split(BODY)
        self.first, self.newest = facts.years[0], facts.years[-1]
        self.provinces = {
            code: str(escape(row["province_th"]))
            for code, row in pages.shared(facts)["provinces"].items()
        }
        self.types = {code: str(escape(row["agency_type_th"])) for code, row in facts.types.items()}
        self.indicators = {
            year: {row["indicator_no"]: str(escape(row["indicator_th"])) for row in rows}
            for year, rows in facts.indicators.items()
        }
        self.means = facts.indicator_means
        self.provisional = {year: row["provisional"] for year, row in facts.national.items()}

    def render(self, document: str) -> str:
        """The whole page of a document of `Facts.documents`."""
        facts = parsed(document)
        title = f"{facts['name']} ปีงบประมาณ พ.ศ. {facts['fiscal_year']}"
        return "".join((self.head, title, self.middle, *self._body(facts), self.foot))

    def _body(self, facts: dict[str, Any]) -> Iterator[str]:
        yield from self._head(facts)
        yield from self._notices(facts)
        yield from _figures(facts)
        yield from _instruments(facts)
        if facts["indicators"]:
            yield from self._indicators(facts)
        if len(facts["series"]) > 1:
            yield from _past(facts)

    def _head(self, facts: dict[str, Any]) -> Iterator[str]:
        year, kind = facts["fiscal_year"], facts["type"]
        agency_id, district = facts["agency_id"], facts["district"]
        province = facts["province"] or CENTRAL
        yield (
            f'<p class="crumbs"><a href="{ROOT}country/{year}/index.html">ประเทศ</a> › '
            f'<a href="{ROOT}province/{province}/{year}/index.html">{self.provinces[province]}</a>'
            f' › <a href="{ROOT}type/{kind}/{year}/index.html">{self.types[kind]}</a></p>\n'
            f"<h1>{facts['name']}</h1>\n<p>{f'อำเภอ/เขต{district} ' if district else ''}"
            f"{self.provinces[province]} · รหัส {agency_id}</p>\n"
            '<nav class="years" aria-label="ปีงบประมาณ">'
        )
        for one in sorted(facts["years"]):
            if one == year:
                yield f'<b aria-current="page">{one}</b> '
            else:
                yield f'<a href="{ROOT}{one}/{agency_id}/index.html">{one}</a> '
        yield "</nav>\n"

    def _notices(self, facts: dict[str, Any]) -> Iterator[str]:
        """Which agency this one has become, which it has been, whether the year is complete."""
        successor, last = facts["successor"], facts["last"]
        if successor and last and last < self.newest:
            agency_id, name, there = successor
            yield (
                f'<p class="notice">หน่วยงานนี้สิ้นสุดในปีงบประมาณ พ.ศ. {last} ปัจจุบันคือ '
                f"{_link(self.newest, agency_id, name) if there else name}</p>"
            )
        for agency_id, name, until in facts["before"] or ():
            there = until and until >= self.first
            yield (
                f'<p class="note">สืบต่อจาก {_link(until, agency_id, name) if there else name}'
                f"{f' (ถึงปีงบประมาณ พ.ศ. {until})' if until else ''}</p>"
            )
        if self.provisional[facts["fiscal_year"]]:
            yield '<p class="notice">ข้อมูลของปีนี้ยังไม่ครบทุกหน่วยงาน อันดับอาจเปลี่ยน</p>'

    def _indicators(self, facts: dict[str, Any]) -> Iterator[str]:
        names = self.indicators[facts["fiscal_year"]]
        means = self.means.get((facts["fiscal_year"], facts["type"]), {})
        yield (
            '<h2>ผลตามตัวชี้วัด</h2>\n<table><thead><tr><th scope="col">ตัวชี้วัด</th>'
            '<th scope="col" class="n">คะแนน</th><th scope="col" class="n">เทียบปีก่อน</th>'
            '<th scope="col" class="n">เฉลี่ยประเภทเดียวกัน</th></tr></thead>\n<tbody>'
        )
        for number, score, change in facts["indicators"]:
            yield (
                f'<tr><th scope="row">{number} {names.get(number, "")}</th>'
                f'<td class="n">{parts.score(score)}</td><td class="n">{_signed(change)}</td>'
                f'<td class="n">{parts.score(means.get(number))}</td></tr>\n'
            )
        yield "</tbody></table>"


def _link(year: int, agency_id: str, name: str) -> str:
    return f'<a href="{ROOT}{year}/{agency_id}/index.html">{name}</a>'


def _figures(facts: dict[str, Any]) -> Iterator[str]:
    """The overall score, its level and ranks, and where they are from."""
    level_th = facts["level_th"] and Markup(facts["level_th"])  # noqa: S704 - escaped (parsed)
    yield (
        f'<dl class="figures">\n<div><dt>คะแนนรวม ปีงบประมาณ พ.ศ. {facts["fiscal_year"]}</dt>'
        f"<dd>{parts.score(facts['score'])}</dd></div>\n<div><dt>ระดับผลการประเมิน</dt>"
        f"<dd>{parts.level(facts['level'], level_th)}</dd></div>\n"
    )
    for key, name in RANKS.items():
        if facts[key]:
            rank, among, _ = facts[key]
            yield (
                f"<div><dt>{name}</dt><dd>{thai.count(rank)}"
                f"<small> จาก {thai.count(among)}</small></dd></div>"
            )
    yield "</dl>\n"
    if facts["national"] and facts["national"][2] is not None:
        yield f"<p>เทียบกับปีก่อน อันดับประเทศ {parts.moved(facts['national'][2])}</p>"
    if facts["reason"]:
        yield f"<p>{facts['reason']}</p>"
    recomputed, computed = facts["source"] == "recomputed", facts["level_source"] == "computed"
    if recomputed or computed:
        yield (
            f'<p class="note">{"คะแนนรวมคำนวณจากคะแนนย่อย" if recomputed else ""}'
            f"{' ระดับคำนวณตามเกณฑ์ของปีนี้' if computed else ''}"
            " เพราะไม่มีค่าที่ประกาศในข้อมูลที่ได้รับ</p>"
        )


def _instruments(facts: dict[str, Any]) -> Iterator[str]:
    yield (
        '<h2>ผลตามส่วนการประเมิน</h2>\n<table><thead><tr><th scope="col">ส่วน</th>'
        '<th scope="col" class="n">คะแนน</th></tr></thead>\n<tbody>'
    )
    for name, score in zip(INSTRUMENTS, facts["parts"], strict=True):
        if score is not None:
            yield f'<tr><th scope="row">{name}</th><td class="n">{parts.score(score)}</td></tr>\n'
    yield "</tbody></table>\n"


def _past(facts: dict[str, Any]) -> Iterator[str]:
    """Overall scores up to this year: a chart, and a table that says the same."""
    yield (
        "<h2>คะแนนรวมที่ผ่านมา</h2>\n"
        f"{parts.chart(facts['series'], 'กราฟเส้นคะแนนรวม ค่าอยู่ในตารางถัดไป')}"
        '\n<table><thead><tr><th scope="col">ปี</th><th scope="col" class="n">คะแนนรวม</th>'
        '<th scope="col">ระดับ</th></tr></thead>\n<tbody>'
    )
    for year, score, level in reversed(facts["series"]):
        yield (
            f'<tr><th scope="row">{year}</th><td class="n">{parts.score(score)}</td>'
            f"<td>{level or thai.NONE}</td></tr>\n"
        )
    yield "</tbody></table>"


def parsed(document: str) -> dict[str, Any]:
    """The JSON document of an agency and year, its text escaped; a score with decimals stays the
    text that it is.

    Escaped here, once, and not where each of two hundred values is put. As one text, before it is
    parsed: what is to be escaped stands inside JSON's strings only, but for their own quotes,
    which a string holds behind a backslash.
    """
    if "\\" in document:
        return _escaped(json.loads(document, parse_float=str))
    return json.loads(str(escape(document)).replace("&#34;", '"'), parse_float=str)


def _escaped(value: Any) -> Any:
    """The value with all text in it escaped for HTML."""
    if isinstance(value, str):
        return str(escape(value))
    if isinstance(value, list):
        return [_escaped(one) for one in value]
    if isinstance(value, dict):
        return {key: _escaped(one) for key, one in value.items()}
    return value
