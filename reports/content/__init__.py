"""What a pack says: facts with their analysis in, trees of blocks out (`reports.blocks`).

sections/  the public report, one file a section, in the order of the file names;
before.py  what the officer decides before publication;
sheets/    the working file, one file a sheet or two, in the order of the file names;
sentences.csv, reference.csv  every sentence, as data with its author.

A new section is a new file of `sections/` with a function `blocks(facts)`; nothing lists the files.
"""

import importlib
import pkgutil
from functools import cache
from typing import Any

from reports import thai
from reports.content import before, once, sections, sheets
from reports.content.sentences import say


def report(facts: dict) -> list[dict]:
    """All blocks of one agency's report, in Arabic digits; `facts` with `analysis` (see
    `pack.schema.json`)."""
    told = once.together(facts)
    return [block for section in _files(sections) for block in section.blocks(told)]


def todo(facts: dict) -> list[dict]:
    """The blocks of what the officer decides before publication."""
    return list(before.blocks(facts))


def workbook(facts: dict) -> list[dict]:
    """The sheets of the working file, in Arabic digits."""
    return [sheet for file in _files(sheets) for sheet in file.sheets(facts)]


def title(facts: dict) -> str:
    return say("title.report", year=facts["fiscal_year"], agency=facts["agency"]["name_th"])


def todo_title(facts: dict) -> str:
    return say("title.todo", year=facts["fiscal_year"], agency=facts["agency"]["name_th"])


def about(facts: dict, digits: str, kind: str) -> dict:
    """What the writers want to know of a document: `kind` as in `warehouse.mark`."""
    words = todo_title(facts) if kind == "todo" else title(facts)
    return {
        "title": words,
        "author": facts["agency"]["name_th"],
        "date": facts["data_date"],
        "digits": digits,
        "running": thai.in_digits(words, digits),
        "kind": kind,
    }


@cache
def _files(package: Any) -> list:
    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__))
    return [importlib.import_module(f"{package.__name__}.{name}") for name in names]
