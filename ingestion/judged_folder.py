"""`judged/<sha256>/`: what a judged file brings, as CSVs ready to COPY, with its receipt.

Whole or not there at all; one that is broken all the same is set aside, and judged again.
"""

import hashlib
import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.csv

from ingestion import receipts
from ingestion.archive import sha256_of
from ingestion.judging import Judged
from ingestion.raw_tables import TABLES, csv_name
from warehouse import durable, settings

ARROW_FROM = 2_000  # rows from which on Arrow is the faster one
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
    files, tables = {}, judged.tables
    if judged.findings:
        tables = {**tables, "finding": _findings(judged)}
    for table, columns in TABLES.items():
        rows = tables.get(table.partition(".")[2])
        if rows is not None and len(rows):
            files[csv_name(table)] = _write_csv(
                draft / csv_name(table), judged.sha256, rows, columns
            )
    content = {**one.receipt, "received_seq": one.arrival, "files": files}
    (draft / "receipt.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return draft


def _findings(judged: Judged) -> pd.DataFrame:
    found = [(number, *vars(one).values()) for number, one in enumerate(judged.findings, 1)]
    return pd.DataFrame(found, columns=["finding_no", *_FINDING_COLUMNS])


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


def _write_csv(file: Path, sha256: str, rows: pd.DataFrame, columns: list[str]) -> str:
    """A CSV for COPY … (format csv, header): null is empty, text is quoted. Its SHA-256."""
    content = written(sha256, rows, columns) if len(rows) < ARROW_FROM else None
    if content is not None:
        file.write_bytes(content)
        return hashlib.sha256(content).hexdigest()
    by_arrow(file, sha256, rows, columns)
    return str(sha256_of(file))


def written(sha256: str, rows: pd.DataFrame, columns: list[str]) -> bytes | None:
    """The bytes that `by_arrow` writes; None where a value is none of the usual ones.

    Arrow takes a millisecond for the columns of a table, however few its rows are.
    """
    own = rows if list(rows.columns) == columns[1:] else rows[columns[1:]]
    lines = [",".join(f'"{column}"' for column in columns)]
    try:
        for row in own.to_numpy(dtype=object).tolist():
            lines.append(
                ",".join([f'"{sha256}"', *[_WRITTEN[type(value)](value) for value in row]])
            )
    except KeyError:
        return None
    return ("\n".join(lines) + "\n").encode()


def by_arrow(file: Path, sha256: str, rows: pd.DataFrame, columns: list[str]) -> None:
    """Write the CSV of a table of any size."""
    arrays = [pa.repeat(pa.scalar(sha256), len(rows))]
    for column in columns[1:]:
        values = rows[column]
        if values.dtype == object and isinstance(values.iloc[0], list):
            values = values.map(_array_literal)
        array = pa.Array.from_pandas(values)
        array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
        arrays.append(array.cast(pa.string()) if pa.types.is_dictionary(array.type) else array)
    pa.csv.write_csv(pa.table(arrays, names=columns), file)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _missing(value: Any) -> str:
    if value == value:  # no NaN: a number with a fraction
        raise KeyError(float)
    return ""


def _array_literal(values: list[str]) -> str:
    """A PostgreSQL array literal."""
    return (
        "{"
        + ",".join('"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' for value in values)
        + "}"
    )


_WRITTEN: dict[type, Callable[[Any], str]] = {
    str: _quoted,
    int: str,
    bool: lambda value: "true" if value else "false",
    date: str,
    list: lambda values: _quoted(_array_literal(values)),
    float: _missing,
    type(None): lambda _: "",
    type(pd.NA): lambda _: "",
}
