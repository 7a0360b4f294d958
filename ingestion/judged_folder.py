"""`judged/<sha256>/`: what a judged file brings, as CSVs ready to COPY, with its receipt.

Whole or not there at all; one that is broken all the same is set aside, and judged again.
"""

import json
import shutil
from dataclasses import astuple
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.csv

from ingestion import receipts
from ingestion.archive import sha256_of
from ingestion.judging import Judged
from ingestion.raw_tables import TABLES, csv_name
from warehouse import durable, settings

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


class Left(NamedTuple):
    """What a judgement leaves: also the marked `copy` of the sender's workbook.

    `arrival`: received_seq, so that a later judgement of the same bytes is told from this one.
    """

    judged: Judged
    receipt: dict
    arrival: int
    copy: bytes | None = None


def folder_of(sha256: str) -> Path:
    """The folder of a submission (it may not exist)."""
    return settings.folder("judged") / sha256


def write(left: list[Left]) -> None:
    """Write the folders and the receipts; all are on the disk on return, the folders last."""
    drafts: dict[Path, Path] = {}
    contents: dict[Path, bytes | str] = {}
    for one in left:
        drafts[_draft(one)] = folder_of(one.judged.sha256)
        contents |= receipt_files(one.receipt)
        marked = _receipt_file(one.judged.sha256, "xlsx")
        if one.copy is not None:
            contents[marked] = one.copy
        else:
            marked.unlink(missing_ok=True)
    durable.write_all(contents)
    durable.replace_folder(drafts)


def receipt_files(receipt: dict) -> dict[Path, bytes | str]:
    """The receipt for programs and the one for the sender: path → content."""
    sha256 = receipt["submission_sha256"]
    return {
        _receipt_file(sha256, "json"): receipts.as_json(receipt),
        _receipt_file(sha256, "md"): receipts.as_markdown(receipt),
    }


def _receipt_file(sha256: str, suffix: str) -> Path:
    return settings.folder("receipts") / f"{sha256}.{suffix}"


def _draft(one: Left) -> Path:
    judged, draft = one.judged, settings.folder("judged") / f".{one.judged.sha256}"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    findings = pd.DataFrame([astuple(found) for found in judged.findings], columns=_FINDING_COLUMNS)
    findings.insert(0, "finding_no", range(1, len(findings) + 1))
    files = {}
    for table, columns in TABLES.items():
        rows = findings if table == "ops.finding" else judged.tables.get(table.partition(".")[2])
        if rows is not None and len(rows):
            _write_csv(draft / csv_name(table), judged.sha256, rows, columns)
            files[csv_name(table)] = sha256_of(draft / csv_name(table))
    content = {**one.receipt, "received_seq": one.arrival, "files": files}
    (draft / "receipt.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return draft


def receipt_of(sha256: str, arrival: int) -> dict | None:
    """The receipt of this judgement, or None if it is not judged yet, or its folder is broken."""
    content = durable.read_json(folder_of(sha256) / "receipt.json")
    if content is None or content.get("received_seq") != arrival or "files" not in content:
        return None
    for name, expected in content["files"].items():
        if sha256_of(folder_of(sha256) / name) != expected:
            durable.set_aside(folder_of(sha256) / "receipt.json", f"{name} is not what was written")
            return None
    return content


def restore_receipts(states: dict[str, str]) -> None:
    """Make the receipts again that are gone or empty, from what the judged folders keep.

    states: SHA-256 → state of what was judged.
    """
    folder = settings.folder("receipts")
    for sha256, state in states.items():
        files = [folder / f"{sha256}.{suffix}" for suffix in ("json", "md")]
        if all(file.is_file() and file.stat().st_size for file in files):
            continue
        kept = durable.read_json(folder_of(sha256) / "receipt.json")
        if kept:
            receipt = {n: v for n, v in kept.items() if n not in ("received_seq", "files")}
            receipt["state"] = state
            durable.write_all(receipt_files(receipt))


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
