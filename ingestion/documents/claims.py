"""What a document claims: each candidate figure with what it is about, by which words and where.

A claim is a figure of the submission only where nothing about it is open (`obstacle` is empty):
this agency, the year of the results, this assessment, a result. All others are told in the receipt.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ingestion.documents.context import Context

MOST_TOLD = 20  # claims not taken that a receipt lists of one document; the rest is counted


@dataclass(frozen=True)
class Claim:
    """`quantity`: overall, level, province_rank, type_rank, rank, or a code of the framework;

    `value` the figure as plain figures (or a level's code); `words` the passage, shortened;
    `obstacle` the reason (a code of `obstacles.csv`) why it is not taken, '' if it is; `because`
    the word of the document that the reason rests on.
    """

    quantity: str
    value: str
    place: str
    words: str
    obstacle: str = ""
    because: str = ""

    @property
    def taken(self) -> bool:
        """Whether every part of the claim is stated."""
        return not self.obstacle


@cache
def obstacles() -> dict[str, dict[str, str]]:
    """Reason code → its sentences (`th`, `en`), and whether a receipt tells it (`told`)."""
    with Path(__file__).with_name("obstacles.csv").open(encoding="utf-8", newline="") as file:
        return {row["obstacle"]: row for row in csv.DictReader(file)}


def note_not_taken(context: Context, claim: Claim) -> None:
    """Note a claim that was seen and not taken, with its place and the reason."""
    reason = obstacles()[claim.obstacle]
    because = f" “{claim.because}”" if claim.because else ""
    what_th, what_en = _what(claim, context)
    context.note(
        "figure_not_taken",
        claim.place,
        claim.words,
        hint_th=what_th,
        hint_en=what_en,
        detail_th=reason["th"] + because,
        detail_en=reason["en"] + because,
    )


def _what(claim: Claim, context: Context) -> tuple[str, str]:
    """What was seen, in Thai and in English."""
    level = context.level(claim.value) if claim.quantity == "level" else None
    if level:
        return f"ระดับ “{level.name_th}”", f"the level “{level.name_en}”"
    if claim.quantity == "table":
        return f"คะแนน {claim.value} แถวในตาราง", f"{claim.value} rows of scores in a table"
    if claim.quantity == "row":
        return "ตัวเลขในแถวของตาราง", "the figures of a table's row"
    return f"ตัวเลข {claim.value}", claim.value


def tell(found: list[Claim], context: Context) -> None:
    """Note the claims that were seen and not taken: a bounded list, then how many more there
    are.
    """
    seen: set[tuple[str, str, str]] = set()
    open_ones = []
    for claim in found:
        same = (claim.quantity, claim.value, claim.obstacle)
        if claim.obstacle and obstacles()[claim.obstacle]["told"] == "yes" and same not in seen:
            seen.add(same)
            open_ones.append(claim)
    for claim in open_ones[:MOST_TOLD]:
        note_not_taken(context, claim)
    if len(open_ones) > MOST_TOLD:
        more = str(len(open_ones) - MOST_TOLD)
        context.note("figures_not_taken", open_ones[MOST_TOLD].place, more)
