"""CSV and its relatives (, ; tab |) → tables.

A large clean long table is read by Arrow, column by column; all else row by row.
"""

import csv
import io
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from ingestion.normalise import text
from ingestion.places import letters_of
from ingestion.readers.grid import Tables, layout_of
from ingestion.readers.headers import Header, column_of, recognise, recognise_below
from ingestion.readers.heads import HEADER_WITHIN
from ingestion.submission import COLUMNS, Submission

csv.field_size_limit(1024 * 1024)


def read(written: str) -> Submission | None:
    """The tables of a delimited text, or None if no header row is found under any separator."""
    written = written.removeprefix("\ufeff")
    found = _find_header(written)
    if not found:
        return None
    tables = Tables(even_rows=True)
    tables.add(_rows(written, found[0]))
    return tables.submission(layout_of(tables.kinds))


def read_clean(data: bytes) -> Submission | None:
    """A UTF-8 long table with its header in row 1 and even rows; None for any other file."""
    head = data[: 64 * 1024].removeprefix(b"\xef\xbb\xbf")
    found = _find_header(head[: head.rfind(b"\n")].decode("utf-8", "replace"))
    if not found:
        return None
    separator, row_number, header, cells = found
    if header.table != "scores" or row_number != 1 or "fiscal_year" not in header.columns:
        return None
    scores = _clean_long_table(data, separator, header, len(cells))
    return None if scores is None else Submission("long_table", scores=scores)


def _find_header(written: str) -> tuple[str, int, Header, list[str]] | None:
    """The separator under which an early row is a header: the one that recognises most columns."""
    best = None
    head = "\n".join(written[:200_000].splitlines()[:HEADER_WITHIN])
    for separator in filter(head.__contains__, ",;\t|"):  # no table has one column
        above: list[str] = []
        for number, row in enumerate(_rows(head, separator), 1):
            cells = [text(value) for value in row]
            header = recognise(cells) or recognise_below(above, cells)
            above = cells
            if header and (best is None or len(header.columns) + len(header.codes) > best[0]):
                best = (len(header.columns) + len(header.codes), separator, number, header, cells)
    return best[1:] if best else None


def _rows(written: str, separator: str) -> Iterator[Any]:
    try:
        yield from csv.reader(io.StringIO(written, newline=""), delimiter=separator)
    except csv.Error:  # a cell over the bound: most likely an unclosed quote
        for line in written.splitlines():
            yield line.split(separator)


def _clean_long_table(
    data: bytes, separator: str, header: Header, width: int
) -> pd.DataFrame | None:
    """`COLUMNS["scores"]` as categories; None if rows are uneven or the text is not UTF-8."""
    names = [str(position) for position in range(width)]
    wanted = {
        column: str(position)
        for column, position in header.columns.items()
        if column in COLUMNS["scores"]
    }
    dictionary = pa.dictionary(pa.int32(), pa.string())
    try:
        table = pa.csv.read_csv(
            pa.BufferReader(data),
            read_options=pa.csv.ReadOptions(
                column_names=names, skip_rows=1, block_size=8 * 1024 * 1024
            ),
            parse_options=pa.csv.ParseOptions(
                delimiter=separator, newlines_in_values=b'"' in data, ignore_empty_lines=False
            ),
            convert_options=pa.csv.ConvertOptions(
                include_columns=list(wanted.values()),
                strings_can_be_null=False,
                column_types=dict.fromkeys(wanted.values(), dictionary),
            ),
        )
    except pa.ArrowInvalid:
        return None
    columns = {column: _categories(table[name]) for column, name in wanted.items()}
    rows = table.num_rows
    empty = pd.Categorical.from_codes([0] * rows, [""])
    numbers = pc.binary_join_element_wise(
        "row", pc.cast(pa.array(range(2, rows + 2), pa.int32()), pa.string()), " "
    )
    scores = pd.DataFrame(
        {
            "place": pd.Series(pd.array(numbers, dtype="str")),
            **{column: columns.get(column, empty) for column in COLUMNS["scores"][1:]},
            "letters": pd.Categorical.from_codes([0] * rows, [letters_of(header.columns)]),
        }
    )
    blank = (scores["score"] == "") & (scores["code"] == "") & (scores["level"] == "")
    repeated = scores["code"].isin(
        [code for code in scores["code"].cat.categories if column_of(code) == "code"]
    )
    return (
        scores[~(blank | repeated)].reset_index(drop=True) if (blank | repeated).any() else scores
    )


def _categories(column: pa.ChunkedArray) -> pd.Categorical:
    """A dictionary column with normalised, distinct values."""
    whole = column.unify_dictionaries().combine_chunks()
    whole = whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole
    codes, values = pd.factorize(
        pd.array([text(value) for value in whole.dictionary.to_pylist()], dtype="str")
    )
    indices = whole.indices.to_numpy(zero_copy_only=False)
    return pd.Categorical.from_codes(codes[indices], values)
