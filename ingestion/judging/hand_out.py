"""The end of a judgement: each file gets its accepted rows, its units and its state."""

from collections import defaultdict
from itertools import pairwise

import numpy as np
import pandas as pd

from ingestion.judging.batch import Batch
from ingestion.personal_data import mask_columns
from ingestion.rules import finding

KINDS = ("scores", "measures", "progress", "constraints")
# What senders write in words of their own.
FREE_TEXT = (
    "remark_th",
    "measure_th",
    "steps_th",
    "responsible_th",
    "followup_th",
    "result_th",
    "note_th",
)
UNIT_COLUMNS = [
    "agency_id",
    "fiscal_year",
    "kind",
    "published_province_rank",
    "published_type_rank",
]


def hand_out(batch: Batch, tables: dict[str, pd.DataFrame]) -> None:
    """Give each file the rows of its units without an error, which is known only now."""
    rejected = np.array([unit.rejected for unit in batch.units], dtype=bool)
    file_of_unit = np.array([unit.file for unit in batch.units], dtype=np.int64)
    for name, table in tables.items():
        units = table["unit"].to_numpy(dtype=np.int64)
        # A national table without an error is not copied.
        kept = table[~rejected[units]] if rejected[units].any() else table
        files = file_of_unit[kept["unit"].to_numpy(dtype=np.int64)]
        if len(kept):
            kept = mask_columns(kept.drop(columns="unit"), FREE_TEXT)
            _split(batch, name, kept, files)
    for rows in batch.rows.values():
        files = rows.file[~rejected[rows.unit]]
        counts = np.bincount(files, minlength=len(batch.files)).tolist()
        for judged, count in zip(batch.judged, counts, strict=True):
            judged.rows_accepted += count
    _unit_rows(batch)


def _split(batch: Batch, name: str, table: pd.DataFrame, files: np.ndarray) -> None:
    """Each file's own rows of a table; `files` says whose each row is."""
    if len(batch.files) == 1:
        batch.judged[0].tables[name] = table
        return
    order = np.argsort(files, kind="stable")
    # As one block of plain values: of that a slice costs little, whatever the columns are.
    values, files = table.to_numpy(dtype=object)[order], files[order]
    table = pd.DataFrame(values, columns=table.columns, dtype=object, copy=False)
    ends = [0, *(np.flatnonzero(np.diff(files)) + 1).tolist(), len(files)]
    for begin, end in pairwise(ends):
        batch.judged[files[begin]].tables[name] = table.iloc[begin:end]


def _unit_rows(batch: Batch) -> None:
    """Rows of raw.unit: what each accepted unit holds, with its published ranks."""
    rows, files, agencies = [], [], defaultdict(set)
    for unit in batch.units:
        for kind in KINDS:
            if kind in unit.kinds and not unit.rejected:
                ranks = unit.ranks if kind == "scores" else (None, None)
                rows.append((unit.agency_id, unit.year, kind, *ranks))
                files.append(unit.file)
                agencies[unit.file].add(unit.agency_id)
    if not rows:
        return
    whole = dict.fromkeys(UNIT_COLUMNS[3:], "Int64")
    _split(batch, "unit", pd.DataFrame(rows, columns=UNIT_COLUMNS).astype(whole), np.array(files))
    for file, own in agencies.items():
        batch.judged[file].agencies = len(own)


def finish(batch: Batch) -> None:
    """What the receipts say of the units, and the state of each file."""
    for unit in batch.units:
        known = unit.agency_id
        batch.judged[unit.file].units.append(
            {
                "agency": unit.agency,
                "name": batch.registry.display(known, unit.year) if known else unit.agency,
                "fiscal_year": unit.year or unit.year_written,
                "accepted": not unit.rejected,
                **unit.recomputed,
            }
        )
    for judged in batch.judged:
        if judged.tables:
            judged.state = "accepted_with_warnings" if judged.counted else "accepted"
        elif not judged.errors:
            th, en = "ไม่มีแถวข้อมูล", "it holds no rows of data"
            if judged.layout == "template":
                th = "เป็นแบบของระบบ แต่ยังไม่ได้กรอก หรือยังไม่ได้บันทึกก่อนส่ง"
                en = "it is a workbook of ours that was not filled in, or not saved"
            judged.add(finding("unknown_layout", detail_th=th, detail_en=en))
