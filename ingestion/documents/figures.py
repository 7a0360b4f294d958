"""Claims → figures: which claims of a document become rows of the submission, and which are told.

A claim is taken only when nothing about it is open (`claims.Claim.taken`). Two taken claims that
differ are both kept: the judge rejects them as a conflict. Claims of others never conflict.
"""

import re
from decimal import Decimal

from ingestion import normalise
from ingestion.documents import claims, sentences, tables
from ingestion.documents.blocks import Line, Table
from ingestion.documents.claims import Claim
from ingestion.documents.context import Context

Rows = list[dict[str, str]]


def extract(document: list[Line | Table], context: Context) -> tuple[Rows, Rows]:
    """(rows of `scores`, rows of `ranks`). A figure said twice equally is one row."""
    stated = sentences.read(document, context)
    rating = _rating(stated, context)
    found = [
        context.score(claim.place, "overall", "", "", claim.value, rating)
        for claim in stated
        if claim.quantity == "overall" and claim.taken
    ]
    rows, of_tables = tables.read(document, context)
    said = {normalise.number(row["score"]) for row in found}
    told = [
        claim
        for claim in of_tables
        if claim.quantity != "overall" or normalise.number(claim.value) not in said
    ]
    claims.tell([*stated, *told], context)
    once: dict[tuple, dict[str, str]] = {}
    for row in _without_halves(found + rows, context):
        key = (row["level"], row["code"], row["part"], normalise.number(row["score"]))
        once.setdefault(key, row)
    return list(once.values()), _ranks(stated, context)


def _rating(stated: list[Claim], context: Context) -> str:
    """The level's code that is claimed; '' if none is or two different ones are (noted)."""
    found: dict[str, Claim] = {}
    for claim in stated:
        if claim.quantity == "level" and claim.taken:
            found.setdefault(claim.value, claim)
    if len(found) > 1:
        places = " / ".join(claim.words for claim in found.values())
        context.note("two_levels", list(found.values())[1].place, places)
    return next(iter(found)) if len(found) == 1 else ""


def _ranks(stated: list[Claim], context: Context) -> Rows:
    """At most one row of `ranks`; different ranks of one scope are a conflict."""
    found: dict[str, Claim] = {}
    for claim in stated:
        if claim.quantity not in ("province_rank", "type_rank") or not claim.taken:
            continue
        first = found.setdefault(claim.quantity, claim)
        if first.value != claim.value:
            detail = f"{first.value} ({first.place}) ≠ {claim.value} ({claim.place})"
            context.note(
                "conflicting_values",
                claim.place,
                claim.value,
                code=claim.quantity,
                detail_th=detail,
                detail_en=detail,
            )
    if not found:
        return []
    place = next(iter(found.values())).place
    ranks = {quantity: claim.value for quantity, claim in found.items()}
    return [context.row(place, context.results_year, province_rank=None, type_rank=None) | ranks]


def _without_halves(rows: Rows, context: Context) -> Rows:
    """The rows without what may be half of a figure.

    Where the document writes scores with decimals, '99' may be a half of '99.34'; where it writes
    '92.60', '85.8' may be one of '85.87'.
    """
    if not any(
        re.search(r"\.\d\d", row["score"]) and row["score"] not in ("0.00", "100.00")
        for row in rows
    ):
        return rows
    zeros = any(re.search(r"\.[1-9]0$", row["score"]) for row in rows)
    kept = []
    for row in rows:
        whole = re.search(r"\.\d\d" if zeros else r"\.", row["score"])
        if whole or Decimal(row["score"]) in (0, 100):
            kept.append(row)
        else:
            context.note(
                "unreadable_figure", row["place"], row["score"], code=row["code"] or "overall"
            )
    return kept
