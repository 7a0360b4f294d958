# ruff: noqa: E501
"""One pack: facts in, the bytes of its files out."""

import json

from reports import analysis, blocks, checklist, content, thai
from reports.setting import docx, html, xlsx
from reports.setting.pdf import render

FORMATS = ("pdf", "docx", "xlsx", "html", "json")


def complete(facts: dict) -> dict:
    """The facts with `analysis` and `checklist`: what pack.json holds and every other format shows."""
    facts = {**facts, "analysis": analysis.analyse(facts)}
    items = [
        {key: value for key, value in item.items() if key != "remedies"} for item in facts["items"]
    ]  # they are in the analysis now
    return {**facts, "items": items, "checklist": checklist.check(facts)}


def files(
    facts: dict, formats: tuple[str, ...] = FORMATS, digits: str = "thai"
) -> dict[str, bytes]:
    """file name -> bytes, for complete `facts`; the same facts give the same bytes. digits: thai or arabic."""
    report = list(content.report(facts))
    shown = blocks.with_digits(report, digits)
    title = content.title(facts)
    about = {
        "title": title,
        "author": facts["agency"]["name_th"],
        "date": facts["build"]["date"],
        "digits": digits,
        "kind": "report",
        "running": thai.in_digits(title, digits),
    }
    write = {
        "pdf": lambda: render.pdf(shown, **about),
        "docx": lambda: docx.write(shown, **about),
        "xlsx": lambda: xlsx.write(facts, digits),
        "html": lambda: html.write(shown, **about),
        "json": lambda: json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode(),
    }
    return {f"pack.{name}": write[name]() for name in formats}
