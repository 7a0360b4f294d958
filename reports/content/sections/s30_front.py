"""Foreword with the place for signature and seal, and the contents."""

from collections.abc import Iterator
from typing import Any

from reports.blocks import contents, heading, page, paragraph, signature
from reports.content.sentences import say
from reports.content.words import served


def blocks(facts: dict) -> Iterator[Any]:
    agency, year = facts["agency"], facts["fiscal_year"]
    yield page()
    yield heading(1, say("foreword.title"))
    yield paragraph(say("foreword.1"))
    yield paragraph(say("foreword.2", agency=agency["name_th"], year=year, next=year + 1))
    plan, progress = served(facts, "plan"), served(facts, "progress")
    if plan and progress:
        yield paragraph(say("foreword.served", plan=plan, progress=progress, year=year + 1))
    yield signature([say("signature.executive"), agency["name_th"]])
    yield contents(say("contents.title"))
