"""Remarks and published ranks: what stands beside the scores."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from ingestion.judging.batch import Batch
from ingestion.judging.figures import part_of, ranges
from ingestion.judging.numbers import whole_number
from ingestion.judging.scores import Scores
from ingestion.normalise import item_code

COLUMNS = [
    "unit",
    "agency_id",
    "fiscal_year",
    "remark_no",
    "item_code",
    "part",
    "topic_no",
    "remark_th",
    "source_place",
]


class _Remark(NamedTuple):
    unit: int
    item_code: str | None
    part: str | None
    topic_no: int | None
    remark_th: str
    place: str


def remark_rows(batch: Batch, scores: Scores) -> pd.DataFrame:
    """Rows of raw.remark, with `unit`: of score rows and alone; the same one twice is one."""
    numbers: Counter[int] = Counter()
    kept, seen = [], set()
    for remark in [*_beside_scores(scores), *_alone(batch)]:
        unit, key = batch.units[remark.unit], remark[:-1]
        if unit.rejected or key in seen:
            continue
        seen.add(key)
        unit.kinds.add("scores")
        numbers[remark.unit] += 1
        number = numbers[remark.unit]
        kept.append((remark.unit, unit.agency_id, unit.year, number, *remark[1:]))
    return pd.DataFrame(kept, columns=COLUMNS).astype({"topic_no": "Int64"})


def _beside_scores(scores: Scores) -> Iterator[_Remark]:
    table = scores.rows.table
    for row in np.flatnonzero((table["remark"] != "").to_numpy()).tolist():
        figure, words = scores.figure[row], str(table["remark"].iloc[row])
        code = figure.code if figure.level == "item" else None
        unit, place = int(scores.unit.codes[row]), str(table["place"].iloc[row])
        yield _Remark(unit, code, figure.part or None, None, words, place)


def _alone(batch: Batch) -> Iterator[_Remark]:
    rows = batch.rows["remarks"]
    columns = rows.table[["place", "item_code", "part", "topic_no", "remark_th"]]
    for row, (place, code, part, topic, words) in enumerate(columns.itertuples(index=False)):
        unit = int(rows.unit[row])
        year, known = batch.framework.years.get(batch.units[unit].year), item_code(code)
        if code and year and known not in year.items:
            batch.note(
                batch.units[unit], "unknown_item", place, code, code=code, expected=ranges(year)
            )
        if words:
            half = part_of(part) or None
            yield _Remark(unit, known or None, half, whole_number(topic), words, place)


def take_ranks(batch: Batch) -> None:
    """The published ranks of each unit: in the province, and in the country within the type."""
    rows = batch.rows["ranks"]
    columns = rows.table[["province_rank", "type_rank"]]
    for row, (province, kind) in enumerate(columns.itertuples(index=False)):
        unit = batch.units[rows.unit[row]]
        unit.ranks = (whole_number(province), whole_number(kind))
        if unit.ranks != (None, None):
            unit.kinds.add("scores")
