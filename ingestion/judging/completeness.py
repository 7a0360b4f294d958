"""Items of an instrument that is begun but not whole."""

from collections import defaultdict

import numpy as np

from ingestion import figure_names
from ingestion.framework import PARTS, Year
from ingestion.judging.batch import Batch, Unit
from ingestion.judging.figures import Figure
from ingestion.judging.scores import Scores

SHOWN = 40  # missing codes that a finding names


def check_completeness(batch: Batch, scores: Scores) -> None:
    """An error in a template and in an official file, a warning elsewhere."""
    items = scores.take(np.flatnonzero(scores.figure.where(lambda one: one.level == "item")))
    # Nearly all units hold the same items: each set is worked out once.
    known: dict[tuple, dict[str, list[str]]] = {}
    for unit, held in items.unit.groups():
        is_template = batch.file_of(unit).submission.layout == "template"
        codes = frozenset(items.figure.codes[held].tolist())
        key = (unit.year, is_template, codes)
        if key not in known:
            figures = [items.figure.values[code] for code in codes]
            known[key] = _missing(batch.framework.years[unit.year], figures, is_template)
        for instrument, missing in known[key].items():
            _note(batch, unit, instrument, missing)


def _missing(year: Year, held: list[Figure], all_instruments: bool) -> dict[str, list[str]]:
    """Instrument → its items that are not there, for each instrument that is begun.

    An EIT part that is begun must be whole too.
    """
    have = defaultdict(set)
    for figure in held:
        have[figure.code].add(figure.part)
    missing = {}
    for instrument in year.weights:
        codes = year.items_of(instrument)
        there = [code for code in codes if code in have]
        if not all_instruments and not there:
            continue
        lacking = [code for code in codes if code not in have]
        for part in PARTS:
            if any(part in have[code] for code in there):
                lacking += [f"{code}.{part}" for code in there if not have[code] & {"", part}]
        if lacking:
            missing[instrument] = lacking
    return missing


def _note(batch: Batch, unit: Unit, instrument: str, codes: list[str]) -> None:
    file, shown = batch.file_of(unit), ", ".join(codes[:SHOWN])
    shown += ", …" if len(codes) > SHOWN else ""
    shown_th = figure_names.in_thai(shown)
    if file.submission.layout == "template":
        th = f"แบบกรอกคะแนนรายข้อไม่ครบ ขาด {shown_th}"
        en = f"The template holds some items but not all; missing {shown}"
    elif file.authority == "nacc":
        th = f"แฟ้มทางการมีคะแนนรายข้อของ {instrument} ไม่ครบ ขาด {shown_th}"
        en = f"The official file holds some items of {instrument} but not all; missing {shown}"
    else:
        batch.note(unit, "missing_items", value=shown, code=shown)
        return
    batch.note(unit, "incomplete", value=shown, detail_th=th, detail_en=en)
