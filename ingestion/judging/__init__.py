"""Judge submissions by the rules of the contract (§2).

Which units are accepted, what goes into raw, what the sender must know. The unit is one agency and
year in one file. Everything is done for a batch of files at once and column by column: a national
table has millions of rows and a night may bring thousands of small files.
"""

from collections import defaultdict
from collections.abc import Callable

import numpy as np
import pandas as pd

from ingestion.agencies import Registry
from ingestion.framework import Framework
from ingestion.judging import constraints, measures, progress, score_rules
from ingestion.judging.batch import Batch
from ingestion.judging.bounds import check_lengths
from ingestion.judging.completeness import check_completeness
from ingestion.judging.formula_zeros import check_formula_zeros
from ingestion.judging.full_marks import check_full_marks
from ingestion.judging.hand_out import finish, hand_out
from ingestion.judging.inbox import check_speakers
from ingestion.judging.outcome import LISTED, File, Judged, Rights, refused
from ingestion.judging.province_rows import check_province_rows
from ingestion.judging.rank_rules import check_ranks
from ingestion.judging.recomputed import check_recomputed, take_ratings
from ingestion.judging.registry import registry_rows
from ingestion.judging.remarks import remark_rows, take_ranks
from ingestion.judging.scores import Scores, raw_rows, scores_of
from ingestion.judging.titles import check_titles
from ingestion.judging.units import identify, take_reader_findings
from ingestion.judging.witness import (
    check_arithmetic,
    check_fractions,
    check_ranks_as_scores,
)
from ingestion.planned import Planned
from ingestion.rules import finding
from warehouse.measures_book import key

__all__ = ["LISTED", "File", "Judged", "Rights", "judge", "refused"]


def judge(
    files: list[File],
    framework: Framework,
    registry: Registry,
    last_overall: dict[tuple[str, int], float],
    planned: Planned | None = None,
) -> list[Judged]:
    """Judge a batch; one judgement a file, in the order of `files`.

    `last_overall`: (agency_id, fiscal year B.E.) → the overall score that the warehouse holds, for
    the jump warning. `planned`: the measures that it knows (none without it). The same file gives
    the same judgement whatever else is in the batch.
    """
    batch = Batch(files, framework, registry, last_overall)
    identify(batch)
    take_reader_findings(batch)
    check_province_rows(batch)
    check_lengths(batch)
    check_speakers(batch)
    scores = scores_of(batch)
    accepted = _judge_scores(batch, scores)
    tables = {
        "measure": _unit_by_unit(
            batch, "measures", measures.measure_rows, measures.COLUMNS, _last_printed(batch)
        ),
        "progress": _unit_by_unit(batch, "progress", progress.progress_rows, progress.COLUMNS),
        "constraint_note": _unit_by_unit(
            batch, "constraints", constraints.constraint_rows, constraints.COLUMNS
        ),
    }
    _check_measures_of_progress(batch, tables, planned or Planned())
    take_ranks(batch)
    check_ranks(batch)
    tables = {"score": raw_rows(accepted), "remark": remark_rows(batch, scores), **tables}
    _check_something_to_record(batch)
    hand_out(batch, tables)
    _judge_registries(batch)
    finish(batch)
    return batch.judged


def _judge_scores(batch: Batch, scores: Scores) -> Scores:
    """Check every score; the accepted ones, one a unit and figure."""
    score_rules.check_shape(batch, scores)
    score_rules.check_codes(batch, scores)
    check_titles(batch, scores)
    score_rules.check_numbers(batch, scores)
    one_each = score_rules.one_of_each(batch, scores)
    check_completeness(batch, one_each)
    check_formula_zeros(batch, scores, one_each)
    check_fractions(batch, one_each)
    check_ranks_as_scores(batch, one_each)
    check_arithmetic(batch, one_each)
    check_full_marks(batch, one_each)
    accepted = one_each.take(~one_each.unit.where(lambda unit: unit.rejected))
    for unit in np.unique(accepted.unit.codes):
        batch.units[unit].kinds.add("scores")
    take_ratings(batch, scores, accepted)
    score_rules.check_decimals(batch, scores, accepted)
    score_rules.check_parts(batch, scores, accepted)
    check_recomputed(batch, accepted)
    return accepted


def _last_printed(batch: Batch) -> dict[int, int]:
    """Unit -> the highest number of an own measure that our workbook printed in its progress sheet:
    a row that the agency deleted among its measures still stands there."""
    rows = batch.rows["progress"]
    last: dict[int, int] = {}
    keys = rows.table["measure_key"].tolist()
    for unit, printed in zip(rows.unit.tolist(), keys, strict=True):
        last[unit] = max(last.get(unit, 0), measures.own_number(printed))
    return last


def _unit_by_unit(
    batch: Batch,
    name: str,
    make: Callable,
    columns: list[str],
    more: dict[int, int] | None = None,
) -> pd.DataFrame:
    """Rows of a raw table, with `unit`: few rows, so that `make` may look at them one by one.
    `more`: what it is told beside them, by unit."""
    rows, found, by_unit = batch.rows[name], [], defaultdict(list)
    for unit, record in zip(rows.unit.tolist(), rows.table.to_dict("records"), strict=True):
        by_unit[unit].append(record)
    for number, records in by_unit.items():
        unit = batch.units[number]
        if not unit.year:
            continue
        made, notes = make(records, unit.year, *([] if more is None else [more.get(number, 0)]))
        if made:
            unit.kinds.add(name)
        for rule, details in notes:
            batch.note(unit, rule, **details)
        who = {"unit": number, "agency_id": unit.agency_id, "fiscal_year": unit.year}
        found += [{**who, **row} for row in made]
    return pd.DataFrame(found, columns=["unit", "agency_id", "fiscal_year", *columns])


def _check_measures_of_progress(batch: Batch, tables: dict, planned: Planned) -> None:
    """Progress speaks of measures that the agency has: in this file, else in the warehouse."""
    for number, rows in tables["progress"].groupby("unit"):
        unit = batch.units[number]
        who, measures = (unit.agency_id, unit.year), tables["measure"]
        sent = measures[measures["unit"] == number]
        own = _sent(unit.year, sent) or planned.own.get(who, {})
        ours = batch.file_of(unit).submission.layout == "template"
        proposed = planned.proposed.get(who, frozenset())
        for rule, details in progress.check_numbers(rows.to_dict("records"), own, proposed, ours):
            batch.note(unit, rule, **details)


def _sent(year: int, measures: pd.DataFrame) -> dict[int, set[str]]:
    """Number -> keys of the measures that a unit brings itself."""
    columns = ["measure_no", "item_codes", "measure_th", "printed_key"]
    return {
        number: {key(year, number, codes, words), *([printed] if isinstance(printed, str) else [])}
        for number, codes, words, printed in measures[columns].itertuples(index=False, name=None)
    }


def _check_something_to_record(batch: Batch) -> None:
    for unit in batch.units:
        if not unit.kinds and not unit.rejected:
            th, en = "ไม่มีข้อมูลที่บันทึกได้", "There is nothing in it that can be recorded"
            if batch.file_of(unit).submission.layout == "template":
                th += ": ยังไม่ได้ตอบว่ารับมาตรการใด (ช่อง “รับเป็นมาตรการของหน่วยงาน”)"
                th += " และไม่ได้กรอกผลหรือข้อจำกัด"
                en += ": no measure is adopted (column adopted), no result or constraint filled in"
            batch.note(unit, "bad_content", detail_th=th, detail_en=en)


def _judge_registries(batch: Batch) -> None:
    for judged, file in zip(batch.judged, batch.files, strict=True):
        table = file.submission.registry
        if not len(table):
            continue
        judged.rows_read += len(table)
        if file.rights.registry == "no":
            for row in table.itertuples(index=False):
                known = {"agency": row.agency_id, "expected": file.rights.inbox}
                judged.add(finding("inbox_registry", row.place, row.name_th, **known))
            continue
        rows, accepted, notes = registry_rows(table, batch.registry, batch.framework)
        for rule, details in notes:
            judged.add(finding(rule, **details))
        judged.rows_accepted += accepted
        if len(rows):
            judged.tables["agency"] = rows
            judged.agencies = max(judged.agencies, rows["agency_id"].nunique())
