"""A code and the title beside it: what a row calls its figure must not be another one's name."""

import re

import numpy as np
import pandas as pd

from ingestion import figure_names
from ingestion.framework import Framework, Year
from ingestion.judging.batch import Batch
from ingestion.judging.coded import group
from ingestion.judging.figures import Figure
from ingestion.judging.scores import Scores
from ingestion.normalise import digits

_NUMBER = re.compile(r"^(?:ตัวชี้วัดที่|ตัวชี้วัด|ข้อ|indicator)?[0-9.]*|^[ieo][0-9]{1,2}", re.IGNORECASE)


def check_titles(batch: Batch, scores: Scores) -> None:
    """Rows whose code contradicts the title beside it (or behind it in one cell): an error.

    Which of the two is right cannot be known. A table sorted by score, or numbered through where
    the assessment's numbers have gaps, gives right figures under wrong codes. A title that is no
    indicator's or item's, letter by letter, says nothing.
    """
    table = scores.rows.table
    if "title" in table:
        _check_column(batch, scores, table["title"].astype(object).fillna(""))
    if "code" in table:
        _check_column(batch, scores, table["code"])


def _check_column(batch: Batch, scores: Scores, titles: pd.Series) -> None:
    numbers, firsts = group([scores.figure.codes, titles])
    meant = [
        _other_meaning(scores.figure[row], titles.iloc[row], scores.unit[row].year, batch.framework)
        for row in firsts.tolist()
    ]
    wrong = np.array([bool(other) for other in meant], dtype=bool)[numbers]
    batch.note_rows(
        "code_title_differs",
        scores.rows,
        np.flatnonzero(wrong),
        "code",
        lambda row: str(titles.iloc[row]),
        code=lambda row: scores.figure[row].name,
        expected=lambda row: meant[numbers[row]],
        hint_th=lambda row: figure_names.in_thai(meant[numbers[row]]),
    )


def _other_meaning(figure: Figure, title: str, fiscal_year: int, framework: Framework) -> str:
    """The figure whose title stands beside `figure`, where that is another one; else ''."""
    year, words = framework.years.get(fiscal_year), _words(title)
    if year is None or figure.rule or len(words) < 6:
        return ""
    indicators = {
        number
        for known in framework.years.values()  # a table may keep last year's wording
        for number, name in known.indicator_names.items()
        if _words(name) == words
    }
    own = _indicator(figure, year)
    if indicators and own and own not in indicators:
        return ", ".join(sorted(indicators, key=int))
    subs = {
        code
        for known in framework.years.values()
        for code, name in known.sub_indicator_names.items()
        if _words(name) == words
    }
    if figure.level == "sub_indicator" and subs and figure.code not in subs:
        return ", ".join(sorted(subs))
    items = {code for code, item in year.items.items() if _words(item.title) == words}
    if figure.level == "item" and items and figure.code not in items:
        return ", ".join(sorted(items))
    return ""


def _indicator(figure: Figure, year: Year) -> str:
    """The indicator that a figure is or goes into; '' for instruments and the overall."""
    item = year.items.get(figure.code)
    return {
        "indicator": figure.code,
        "sub_indicator": year.sub_indicators.get(figure.code, ""),
        "item": item.indicator if item else "",
    }.get(figure.level, "")


def _words(title: str) -> str:
    """A title without blanks, marks and the number before it."""
    return _NUMBER.sub("", re.sub(r"[\s.\-–()/]+", "", digits(title))).casefold()
