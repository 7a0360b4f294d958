"""Scores in tables of which nothing is taken: their sender is told that they were seen.

A table whose header is not understood leaves lines of cells; one whose header is understood may
still say of no figure which year it is of.
"""

import re
from itertools import groupby

from ingestion import normalise
from ingestion.documents import codes, titles
from ingestion.documents.blocks import Cell, Line, Table
from ingestion.documents.claims import Claim
from ingestion.documents.context import Context

_FEWEST = 2  # rows that name a figure and hold one make a table of scores
_FIGURE = re.compile(r"\d{1,2}\.\d{1,2}|100(?:\.0{1,2})?")
_ROW = re.compile(r"(table \d+) row \d+")
_OVERALL = re.compile(r"(?:ผล)?(?:คะแนน)?(?:รวม|ภาพรวม|รวมทั้งหมด|รวมทั้งสิ้น|ita|รวมita|ภาพรวมita)")


def without_header(document: list[Line | Table], context: Context) -> list[Claim]:
    """A claim for each table whose cells stand as lines, for want of a header, and whose rows are
    those of scores.
    """
    cells = [
        (found[1], block)
        for block in document
        if isinstance(block, Line) and (found := _ROW.fullmatch(block.place))
    ]
    told = []
    for _, lines in groupby(cells, lambda pair: pair[0]):
        by_row = groupby((line for _, line in lines), lambda line: line.place)
        rows = [[Cell(line.text, place) for line in own] for place, own in by_row]
        scored = [row for row in rows if _names_a_figure(row[0].text, context) and _figures(row)]
        if len(scored) >= _FEWEST:
            told.append(_claim(scored, "header", " | ".join(cell.text for cell in rows[0])))
    return told


def nothing_taken(table: Table, obstacle: str, because: str) -> list[Claim]:
    """The claim of a table with a column of scores of which no row was taken, if it has any."""
    at = [number for number, column in enumerate(table.columns) if column.role == "score"]
    scored = [row for row in table.rows if _figures([row[n] for n in at if n < len(row)])]
    if len(scored) < _FEWEST:
        return []
    return [_claim(scored, obstacle or "unread", because)]


def overall(table: Table) -> list[Claim]:
    """Claims of the rows คะแนนรวม of a table of scores; a sentence must say the overall score."""
    at = [number for number, column in enumerate(table.columns) if column.role == "score"]
    if len(at) != 1:
        return []
    told = []
    for row in table.rows:
        label = titles.key("".join(cell.text for n, cell in enumerate(row) if n not in at)).lower()
        figures = _figures(row[at[0] : at[0] + 1])
        if figures and _OVERALL.fullmatch(label):
            words = " ".join(cell.text for cell in row if cell.text)
            told.append(Claim("overall", figures[0], row[0].place, words, "row"))
    return told


def _claim(rows: list[list[Cell]], obstacle: str, because: str) -> Claim:
    words = ", ".join(" ".join(cell.text for cell in row if cell.text) for row in rows[:4])
    return Claim("table", str(len(rows)), rows[0][0].place, words[:200], obstacle, because[:100])


def _figures(cells: list[Cell]) -> list[str]:
    plain = (normalise.digits(cell.text) for cell in cells)
    return [written for written in plain if _FIGURE.fullmatch(written)]


def _names_a_figure(label: str, context: Context) -> bool:
    """Whether a row's first cell is an item's code, an instrument or an indicator's title."""
    if codes.one(label) or re.search(r"(?<![A-Za-z])[IEO]IT(?![A-Za-z])", label):
        return True
    title = re.sub(r"^(?:ตัวชี้วัดที่)?\s*[\d.]*\s*", "", normalise.digits(label))
    return titles.indicator_of(title, context.results_year) is not None
