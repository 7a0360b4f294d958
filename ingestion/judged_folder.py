"""`judged/<sha256>/`: what a judged file brings, as CSVs ready to COPY, with its receipt.

Whole or not there at all.
"""

import json
import os
import shutil
from dataclasses import astuple
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv

from ingestion import receipts
from ingestion.judging import Judged
from ingestion.raw_tables import TABLES, csv_name
from warehouse import settings

_FINDING_COLUMNS = [
    "rule",
    "severity",
    "place",
    "value",
    "message_th",
    "message_en",
    "action_th",
    "action_en",
    "agency",
    "fiscal_year",
]


def folder_of(sha256: str) -> Path:
    """The folder of a submission (it may not exist)."""
    return settings.folder("judged") / sha256


def write(judged: Judged, receipt: dict, arrival: int, copy: bytes | None = None) -> None:
    """Write the folder, the receipts and the marked `copy` of the sender's workbook.

    `arrival`: received_seq, so that a later arrival of the same bytes is told from this one.
    """
    written = settings.folder("judged") / f".{judged.sha256}"
    shutil.rmtree(written, ignore_errors=True)
    written.mkdir()
    findings = pd.DataFrame([astuple(found) for found in judged.findings], columns=_FINDING_COLUMNS)
    findings.insert(0, "finding_no", range(1, len(findings) + 1))
    for table, columns in TABLES.items():
        rows = findings if table == "ops.finding" else judged.tables.get(table.partition(".")[2])
        if rows is not None and len(rows):
            _write_csv(written / csv_name(table), judged.sha256, rows, columns)
    (written / "receipt.json").write_text(
        json.dumps({**receipt, "received_seq": arrival}, ensure_ascii=False), encoding="utf-8"
    )
    for suffix, content in (
        ("json", receipts.as_json(receipt)),
        ("md", receipts.as_markdown(receipt)),
        ("xlsx", copy),
    ):
        file = settings.folder("receipts") / f"{judged.sha256}.{suffix}"
        if content is None:
            file.unlink(missing_ok=True)
        else:
            replace(file, content)
    shutil.rmtree(folder_of(judged.sha256), ignore_errors=True)
    written.rename(folder_of(judged.sha256))


def replace(file: Path, content: str | bytes) -> None:
    """Write a file whole or not at all."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    draft.write_bytes(content if isinstance(content, bytes) else content.encode())
    draft.replace(file)


def receipt_of(sha256: str, arrival: int) -> dict | None:
    """The receipt of this arrival, or None if it is not judged yet."""
    file = folder_of(sha256) / "receipt.json"
    if not file.exists():
        return None
    content = json.loads(file.read_text(encoding="utf-8"))
    return content if content["received_seq"] == arrival else None


def _write_csv(file: Path, sha256: str, rows: pd.DataFrame, columns: list[str]) -> None:
    """A CSV for COPY … (format csv, header): null is empty, text is quoted."""
    arrays = [pa.repeat(pa.scalar(sha256), len(rows))]
    for column in columns[1:]:
        values = rows[column]
        if len(values) and isinstance(values.iloc[0], list):
            values = values.map(_array_literal)
        array = pa.Array.from_pandas(values)
        array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
        arrays.append(array.cast(pa.string()) if pa.types.is_dictionary(array.type) else array)
    pa.csv.write_csv(pa.table(arrays, names=columns), file)


def _array_literal(values: list[str]) -> str:
    """A PostgreSQL array literal."""
    return (
        "{"
        + ",".join('"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' for value in values)
        + "}"
    )
