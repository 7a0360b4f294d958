"""The examples of docs/rules/*.yml as what they stand for: bytes of a file, rows of a country."""

import io
import json

import xlsxwriter

from tests.ingestion.intake_examples import HEADER


def file_of(example: dict) -> bytes:
    """The bytes of a receipt rule's example."""
    if "rows" in example:
        return "\n".join([HEADER, *map(_long_row, example["rows"]), ""]).encode()
    if "lines" in example:
        return example["lines"].encode()
    if "json" in example:
        return json.dumps(example["json"], ensure_ascii=False).encode()
    if "bytes" in example:
        return bytes.fromhex(example["bytes"])
    return _workbook(example)


def _long_row(row: str) -> str:
    """A row without the cells that only name the agency, as a row of the whole long table."""
    year, agency, *rest = row.split(",")
    return ",".join([year, agency, "", "", "", "", *rest, *[""] * (7 - len(rest))])


def _workbook(example: dict) -> bytes:
    """A sheet of the example's rows; what begins with = is a formula whose stored value is 0."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("ผล")
        for number, row in enumerate(example["sheet"]):
            sheet.write_row(number, 0, row)
        if "hidden_row" in example:
            sheet.set_row(example["hidden_row"] - 1, options={"hidden": True})
        if "hidden_column" in example:
            column = example["hidden_column"]
            sheet.set_column(f"{column}:{column}", options={"hidden": True})
        if "hidden" in example:
            other = book.add_worksheet(example["hidden"])
            other.write(0, 0, "x")
            other.hide()
    return out.getvalue()
