"""The rows of an answer, written as they come: none is kept but what a table shows."""

import csv
import datetime
import decimal
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

import xlsxwriter

from warehouse.errors import BadInput

TABLE_ROWS = 200
SHEET_ROWS, CELL_LETTERS = 1_048_576, 32_767  # what Excel takes
EXACT = 2**53  # beyond it a number of Excel's has other last digits
BOM = "\ufeff"  # by it Excel knows UTF-8


def write(names: list[str], rows: Iterable[tuple], format_: str, out: TextIO) -> None:
    """Write the rows to a text stream: table, expanded, csv or json; stops when nobody reads it.

    Raises BadInput for what the format cannot hold.
    """
    WRITERS[format_](names, _while_read(rows, out), out)


def write_file(names: list[str], rows: Iterable[tuple], format_: str, path: Path) -> None:
    """Write the rows to a file, whole or not at all; a CSV begins with a mark for Excel.

    Raises BadInput where there is no such folder, and for what the format cannot hold.
    """
    draft = path.with_name(f".{path.name}.draft")
    try:
        if format_ == "xlsx":
            _write_xlsx(names, rows, draft)
        else:
            with draft.open("w", encoding="utf-8", newline="") as file:
                file.write(BOM if format_ == "csv" else "")
                WRITERS[format_](names, rows, file)
        draft.replace(path)
    except OSError as error:
        raise BadInput(
            f"{path} cannot be written: {error.strerror}", "give another --out"
        ) from None
    finally:
        draft.unlink(missing_ok=True)


def _while_read(rows: Iterable[tuple], out: TextIO) -> Iterator[tuple]:
    """The rows as long as somebody reads the stream (`ita query … | head`)."""
    for row in rows:
        if getattr(out, "nobody_reads", False):
            return
        yield row


def _plain(value: Any) -> Any:
    """A value as JSON knows it: numbers stay numbers, dates are ISO text."""
    if isinstance(value, decimal.Decimal):
        if not value.is_finite():
            return str(value)
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, (str, int, float, bool, dict)) or value is None:
        return value
    return str(value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dict, list)):
        return json.dumps(_plain(value), ensure_ascii=False)
    return str(value)


def _write_json(names: list[str], rows: Iterable[tuple], out: TextIO) -> None:
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise BadInput(
            f"several columns are called {', '.join(twice)}: an object of JSON has each name once",
            "give each a name with `as`",
        )
    out.write("[")
    for number, row in enumerate(rows):
        values = dict(zip(names, map(_plain, row), strict=True))
        out.write((",\n" if number else "\n") + json.dumps(values, ensure_ascii=False))
    out.write("\n]\n")


def _write_csv(names: list[str], rows: Iterable[tuple], out: TextIO) -> None:
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(map(_text, row) for row in rows)


def _write_table(names: list[str], rows: Iterable[tuple], out: TextIO) -> None:
    rows = iter(rows)
    shown = [[_text(value) for value in row] for row in islice(rows, TABLE_ROWS)]
    widths = [max(map(width, column)) for column in zip(names, *shown, strict=True)]
    for row in [names, ["-" * wide for wide in widths], *shown]:
        cells = (cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=True))
        out.write("  ".join(cells).rstrip() + "\n")
    more = sum(1 for _ in rows)
    said = f"; {more} more are not shown: use --format csv or json" if more else ""
    out.write(f"({len(shown)} rows{said})\n")


def _write_expanded(names: list[str], rows: Iterable[tuple], out: TextIO) -> None:
    """A line a column, a block a row."""
    wide = max(map(width, names))
    number = 0
    for number, row in enumerate(rows, 1):
        out.write(f"-[ {number} ]-\n")
        for name, value in zip(names, row, strict=True):
            text = _text(value).replace("\n", "\n" + " " * wide + " | ")
            out.write(f"{name}{' ' * (wide - width(name))} | {text}".rstrip() + "\n")
    out.write(f"({number} rows)\n")


def _write_xlsx(names: list[str], rows: Iterable[tuple], path: Path) -> None:
    """A workbook, row by row; a sheet holds what Excel takes, then another begins."""
    book = xlsxwriter.Workbook(
        path,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    bold = book.add_format({"bold": True})
    dates = {
        datetime.date: book.add_format({"num_format": "yyyy-mm-dd"}),
        datetime.datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
    }
    rows = iter(rows)
    sheet, place = None, 0
    for row in rows:
        if not sheet or place == SHEET_ROWS:
            sheet, place = _sheet(book, names, bold), 1
        for column, value in enumerate(row):
            _write_cell(sheet, place, column, value, dates)
        place += 1
    if not sheet:
        _sheet(book, names, bold)
    book.close()


def _sheet(book: Any, names: list[str], bold: Any) -> Any:
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(names):
        sheet.write_string(0, column, name, bold)
    return sheet


def _write_cell(sheet: Any, row: int, column: int, value: Any, dates: dict) -> None:
    """Numbers and dates as such, all else as text: never a formula or a link."""
    if value is None:
        return
    plain = _plain(value)
    if isinstance(value, datetime.date):
        naive = value.replace(tzinfo=None) if isinstance(value, datetime.datetime) else value
        sheet.write_datetime(row, column, naive, dates[type(value)])
    elif isinstance(plain, bool):
        sheet.write_boolean(row, column, plain)
    elif isinstance(plain, (int, float)) and abs(plain) < EXACT:
        sheet.write_number(row, column, plain)
    else:
        text = _text(value)
        if len(text) > CELL_LETTERS:
            raise BadInput(
                f"row {row + 1}, column {column + 1}: {len(text)} letters, a cell of Excel's takes"
                f" {CELL_LETTERS}",
                "use --format csv",
            )
        sheet.write_string(row, column, text)


def width(text: str) -> int:
    """Columns on the screen: Thai vowel and tone marks stand above or below their letter."""
    return sum(
        not (letter == "\u0e31" or "\u0e34" <= letter <= "\u0e3a" or "\u0e47" <= letter <= "\u0e4e")
        for letter in text
    )


WRITERS: dict[str, Callable[[list[str], Iterable[tuple], TextIO], None]] = {
    "json": _write_json,
    "csv": _write_csv,
    "table": _write_table,
    "expanded": _write_expanded,
}


def write_to_standard_output(
    names: list[str], rows: Iterable[tuple], format_: str, bom: bool
) -> None:
    """As `write`; --bom begins it with the mark that Excel wants."""
    if bom:
        sys.stdout.write(BOM)
    write(names, rows, format_, sys.stdout)
