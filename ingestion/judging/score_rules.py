"""Rules about a score by itself, and about two of one figure: its code, its number, one value."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ingestion import figure_names
from ingestion.judging.batch import Batch
from ingestion.judging.coded import group
from ingestion.judging.figures import ranges
from ingestion.judging.scores import Scores, Written
from ingestion.submission import FORMULA_ZERO
from warehouse.thai_places import in_thai

PLACES_OF_CONFLICTS = 10_000  # conflicts whose first place is kept: a receipt lists far fewer


def check_shape(batch: Batch, scores: Scores) -> None:
    """Rows whose cells do not fit the header, as the reader marked them."""
    table = scores.rows.table
    if "problem" not in table:
        return
    for rule in sorted(set(table["problem"].dropna().astype(str)) - {"", FORMULA_ZERO}):
        wrong = np.flatnonzero(table["problem"] == rule)
        batch.note_rows(rule, scores.rows, wrong, "", lambda row: scores.written[row].text)


def check_codes(batch: Batch, scores: Scores) -> None:
    """Items and codes that are not in the year's framework."""
    as_written = scores.rows.table[["level", "code", "part"]]
    broken = scores.figure.each(lambda figure: figure.rule, object)
    for rule in ("unknown_item", "unknown_code"):
        batch.note_rows(
            rule,
            scores.rows,
            np.flatnonzero(broken == rule),
            "code",
            lambda row: " ".join(filter(None, map(str, as_written.iloc[row]))),
            code=lambda row: scores.figure[row].name,
            hint_th=lambda row: figure_names.words_in_thai(*as_written.iloc[row]),
            expected=lambda row: ranges(batch.framework.years[scores.unit[row].year]),
        )


def check_numbers(batch: Batch, scores: Scores) -> None:
    """Scores that are no number, outside 0–100, or empty where a row was written for one."""

    def no_number(written: Written) -> bool:
        return written.text != "" and written.number is None

    def outside(written: Written) -> bool:
        return written.number is not None and not 0 <= written.number <= 100

    # An empty cell of our template says that there is no score; elsewhere it may be forgotten.
    template = np.array([file.submission.layout == "template" for file in batch.files])
    blank = scores.written.where(lambda written: written.text == "")
    for rule, wrong in (
        ("score_not_number", scores.written.where(no_number)),
        ("score_out_of_range", scores.written.where(outside)),
        ("blank_score", blank & ~template[scores.rows.file]),
    ):
        note_scores(batch, rule, scores, np.flatnonzero(wrong))


def check_decimals(batch: Batch, scores: Scores, accepted: Scores) -> None:
    """Accepted scores with more than two decimals."""
    long = accepted.written.where(lambda written: len(written.plain.partition(".")[2]) > 2)
    note_scores(batch, "more_than_two_decimals", scores, accepted.row[long])


def check_parts(batch: Batch, scores: Scores, accepted: Scores) -> None:
    """Accepted indicators of one part of EIT: kept as sent; no rule of the assessment uses them."""
    of_part = accepted.figure.where(lambda one: one.level == "indicator" and one.part != "")
    note_scores(batch, "indicator_of_one_part", scores, accepted.row[of_part])


def note_scores(batch: Batch, rule: str, scores: Scores, which: np.ndarray) -> None:
    """A finding for each row of `which` about its score."""
    shown = scores.rows.table["score"]
    batch.note_rows(
        rule,
        scores.rows,
        which,
        "score",
        lambda row: str(shown.iloc[row]),
        code=lambda row: scores.figure[row].name,
    )


def one_of_each(batch: Batch, scores: Scores) -> Scores:
    """The scores that are numbers of the framework, one a unit and figure: the first one read.

    Another one of the same number is the same score; a different number is a conflict, an error.
    One flag is enough.
    """
    good = scores.take(np.flatnonzero(~np.isnan(scores.value) & scores.of_framework))
    keys, firsts = group([good.unit.codes, good.figure.codes])
    numbers = good.written.map(lambda written: written.plain).codes
    differing = np.flatnonzero(numbers != numbers[firsts][keys])
    first_of = {
        int(good.row[position]): int(good.row[firsts[keys[position]]])
        for position in differing[:PLACES_OF_CONFLICTS]
    }
    batch.note_rows(
        "conflicting_values",
        scores.rows,
        good.row[differing],
        "score",
        lambda row: scores.written[row].text,
        code=lambda row: scores.figure[row].name,
        detail_th=_both(scores, first_of, in_thai),
        detail_en=_both(scores, first_of, str),
    )
    flagged = np.zeros(len(firsts), dtype=bool)
    flagged[keys[good.flagged]] = True
    return replace(good.take(firsts), flagged=flagged)


def _both(
    scores: Scores, first_of: dict[int, int], shown: Callable[[str], str]
) -> Callable[[int], str]:
    """For a row in conflict: '91.5 (row 9) ≠ 91.2 (row 7)'."""

    def with_place(row: int) -> str:
        return f"{scores.written[row].text} ({shown(scores.rows.place(row, 'score'))})"

    def both(row: int) -> str:
        return with_place(row) + (f" ≠ {with_place(first_of[row])}" if row in first_of else "")

    return both
