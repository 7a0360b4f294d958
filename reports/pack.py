"""One pack: facts in, the bytes of its files out."""

import json
from collections.abc import Callable
from functools import cache, partial

from reports import analysis, blocks, checklist, content, measures_book
from reports.setting import docx, html, xlsx
from reports.setting.pdf import render

FORMATS = ("pdf", "docx", "xlsx", "html", "json")
# The files of each format: the report and, beside it, what the officer decides before publication;
# measures.xlsx is what is sent back.
FILES = {
    "pdf": ("pack.pdf", "todo.pdf"),
    "docx": ("pack.docx",),
    "xlsx": ("pack.xlsx", "measures.xlsx"),
    "html": ("pack.html", "todo.html"),
    "json": ("pack.json",),
}
BODIES = ("topics", "indicators")


def complete(facts: dict, body: str = "topics") -> dict:
    """The facts with `analysis` and `checklist`: what pack.json holds and every other format
    shows. `body`: by which of BODIES the findings are told; the other one is an index. Where no
    indicator is known there is nothing to tell by them: topics are the body then."""
    body = body if facts["indicators"] else "topics"
    facts = {**facts, "analysis": {**analysis.analyse(facts), "body": body}}
    # The remedies of the items are in the analysis now.
    items = [{k: v for k, v in item.items() if k != "remedies"} for item in facts["items"]]
    facts = {**facts, "items": items}
    return {**facts, "checklist": checklist.check(facts)}


def files(
    facts: dict, formats: tuple[str, ...] = FORMATS, digits: str = "thai"
) -> dict[str, bytes]:
    """file name -> bytes, for complete `facts`; the same facts give the same bytes. digits: thai
    or arabic."""
    report = blocks.with_digits(content.report(facts), digits)
    about = partial(content.about, facts, digits)

    @cache
    def pdf() -> bytes:  # DOCX wants to know its pages
        return render.pdf(report, **about("report"))

    @cache
    def todo() -> list[dict]:
        return blocks.with_digits(content.todo(facts), digits)

    def word() -> bytes:
        return docx.write(report, **about("report"), pages=render.heading_pages(pdf()))

    write: dict[str, Callable[[], bytes]] = {
        "pack.pdf": pdf,
        "todo.pdf": lambda: render.pdf(todo(), **about("todo")),
        "pack.docx": word,
        "pack.xlsx": lambda: xlsx.write(content.workbook(facts), **about("working file")),
        "measures.xlsx": lambda: _measures_book(facts),
        "pack.html": lambda: html.write(report, **about("report")),
        "todo.html": lambda: html.write(todo(), **about("todo")),
        "pack.json": lambda: json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode(),
    }
    return {name: write[name]() for form in formats for name in FILES[form]}


def _measures_book(facts: dict) -> bytes:
    """The workbook for the year that is reported on now: that of the measures to come."""
    agency = facts["agency"]
    who = {
        "agency_id": agency["agency_id"],
        "agency_name": agency["name_th"],
        "agency_type": agency["agency_type_th"],
        "province": agency["province_th"] or "",
        "district": agency["district_th"] or "",
    }
    return measures_book.write(
        facts["measures_year"], who, facts["measures"], facts["next_constraints"]
    )
