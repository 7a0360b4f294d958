"""Small cells: which means and counts over agencies a province may see of others.

The rule is written in docs/small-cells.md. A cell is a group of agencies that a view gives one
figure of: the country, a type, a province, a type in a province. Whoever sees many cells can add
and subtract them; none of that may cover one to four agencies outside the own province.

The cells of one year and item are a table of provinces × types with its sums. Each agency is in one
field of it; a field that is left out is an edge between its province and its type. What can be had
by sums and differences are the cuts of that graph: the edges between one part of its vertices and
the rest (a sum that is left out does not bind its vertex: it is one with all others left out). So
no cut may hold one to four agencies, whichever province is taken away as the reader's own.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import psycopg
from psycopg import sql

LEAST = 5
SQL = Path(__file__).with_suffix(".sql")
KEYS = ["kind", "fiscal_year", "code"]
MADE = """
    select relname from pg_class
    where relnamespace = 'candidate'::regnamespace and relkind = 'r'
        and relname ~ '^(released|withheld)_' order by relname"""


class Table:
    """The cells of one year and item: agencies in each field, and which cells are shown.

    fields: agencies by province × type; row 0 holds those of no province, who are no cell of their
    own and nobody's own province.
    """

    def __init__(self, fields: np.ndarray) -> None:
        self.fields = fields.astype(np.int64)
        self.rows, self.columns = self.fields.sum(axis=1), self.fields.sum(axis=0)
        self.all = int(self.fields.sum())
        self.field_shown = _large_or_none(self.fields)
        self.field_shown[0] = self.fields[0] == 0
        self.row_shown = _large_or_none(self.rows)
        self.row_shown[0] = False
        self.column_shown = _large_or_none(self.columns)
        self.all_shown = self.all == 0 or self.all >= LEAST

    def settle(self) -> "Table":
        """Leave out cells, the smallest first, until no cut is small; the table itself."""
        while parts := self._loose_parts():
            for part in parts:
                self._leave_out_smallest(*part)
        return self

    def _hidden(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Edges (province × vertex of a type), and the vertex of each province and each type."""
        row_of = np.where(self.row_shown, np.arange(len(self.rows)), 0)
        column_of = np.where(self.column_shown, np.arange(len(self.columns)) + 1, 0)
        edges = np.zeros((len(self.rows), len(self.columns) + 1), dtype=np.int64)
        hidden = np.where(self.field_shown, 0, self.fields)
        np.add.at(edges.T, column_of, hidden.T)
        return edges, row_of, column_of

    def _loose_parts(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Parts of the graph that a small cut may part from the rest (of rows, of columns: which
        vertices are in it): all but the largest of each piece that hangs together."""
        edges, row_of, _ = self._hidden()
        part_of_row = np.full(len(self.rows), -1)
        part_of_column = np.full(edges.shape[1], -1)
        number = 0
        while (free := (part_of_column < 0) & (edges.sum(axis=0) > 0)).any():
            first = 0 if free[0] else int(np.argmax(np.where(free, edges.sum(axis=0), -1)))
            rows, columns = self._grow(edges, row_of, first, part_of_row < 0, part_of_column < 0)
            part_of_row[rows], part_of_column[columns] = number, number
            number += 1
        alone = (part_of_row < 0) & (edges.sum(axis=1) > 0)
        part_of_row[alone] = number + row_of[alone]
        part_of_row[row_of == 0] = part_of_row[row_of == 0].max()  # one vertex
        if not self.all_shown and part_of_column[0] < 0:  # the two rests are one
            part_of_column[0] = part_of_row[0]
        return self._smaller_of_pieces(edges, part_of_row, part_of_column)

    def _grow(
        self, edges: Any, row_of: Any, first: int, free_rows: Any, free_columns: Any
    ) -> tuple:
        """Vertices that no cut of less than five parts from column `first`, whatever province is
        the reader's: (rows, columns) as masks. A column's edges by one province may be taken away,
        so they count without the largest."""
        columns = np.zeros(edges.shape[1], dtype=bool)
        columns[first] = True
        rows = np.zeros(len(row_of), dtype=bool)
        if first == 0 and not self.all_shown:  # without the sum of all, both rests are one
            rows |= row_of == 0
        single = row_of > 0
        while True:
            weight = edges[:, columns].sum(axis=1)
            more_rows = rows | (single & (weight >= LEAST))
            if _without_largest(np.where(single, 0, weight)) >= LEAST:
                more_rows |= ~single
            more_rows &= free_rows
            # what can flow from a column to the part: by its own edges, or on through a province
            through = np.where(single[:, None], np.minimum(edges, weight[:, None]), 0)
            flow = np.where(more_rows[:, None], edges, through)
            held = np.array([_without_largest(column) for column in flow.T]) >= LEAST
            more_columns = columns | (held & free_columns)
            if (more_rows == rows).all() and (more_columns == columns).all():
                return rows, columns
            rows, columns = more_rows, more_columns

    def _smaller_of_pieces(self, edges: Any, part_of_row: Any, part_of_column: Any) -> list:
        row, column = np.nonzero(edges)
        across = part_of_row[row] != part_of_column[column]
        weight: dict[int, int] = {}
        for here, there, agencies in zip(
            part_of_row[row], part_of_column[column], edges[row, column], strict=True
        ):
            for part in (here, there):
                weight[part] = weight.get(part, 0) + int(agencies)
        links = {
            (int(here), int(there))
            for here, there in zip(
                part_of_row[row][across], part_of_column[column][across], strict=True
            )
        }
        loose = {part for link in links for part in link}
        loose -= {max(piece, key=lambda part: (weight[part], -part)) for piece in _pieces(links)}
        return [(part_of_row == part, part_of_column == part) for part in sorted(loose)]

    def _leave_out_smallest(self, in_rows: np.ndarray, in_columns: np.ndarray) -> None:
        """Leave out the smallest cell that ties the part to anything outside it."""
        column_of = np.where(self.column_shown, np.arange(len(self.columns)) + 1, 0)
        column_in = in_columns[column_of]
        rest_of_rows, rest_of_columns = bool(in_rows[0]), bool(in_columns[0])
        if not self.all_shown:  # the two rests are one
            rest_of_rows = rest_of_columns = rest_of_rows or rest_of_columns
        fields = self.field_shown & (self.fields > 0) & (in_rows[:, None] != column_in[None, :])
        rows = self.row_shown & (self.rows > 0) & (in_rows != rest_of_rows)
        columns = self.column_shown & (self.columns > 0) & (column_in != rest_of_columns)
        choices = [
            (_least(self.fields, fields), "field"),
            (_least(self.columns, columns), "column"),
            (_least(self.rows, rows), "row"),
        ]
        (agencies, place), kind = min(choices, key=lambda choice: choice[0][0])
        if agencies == np.inf:
            self.all_shown = False
        elif kind == "field":
            self.field_shown[np.unravel_index(place, self.fields.shape)] = False
        else:
            (self.column_shown if kind == "column" else self.row_shown)[place] = False


def _large_or_none(agencies: np.ndarray) -> np.ndarray:
    return (agencies == 0) | (agencies >= LEAST)


def _without_largest(by_province: np.ndarray) -> int:
    """The sum without the largest; those of no province (the first) are nobody's own."""
    return int(by_province.sum() - by_province[1:].max(initial=0))


def _least(agencies: np.ndarray, among: np.ndarray) -> tuple[float, int]:
    """The smallest of those marked, and its place; infinity where none is."""
    values = np.where(among, agencies.astype(float), np.inf)
    place = int(values.argmin())
    return float(values.flat[place]), place


def _pieces(links: set[tuple[int, int]]) -> list[set[int]]:
    """Parts that hang together by links."""
    pieces: list[set[int]] = []
    for link in links:
        touching = [piece for piece in pieces if piece & set(link)]
        pieces = [piece for piece in pieces if not piece & set(link)]
        pieces.append(set(link).union(*touching))
    return pieces


def write(connection: psycopg.Connection, first_year: int) -> None:
    """Make candidate.released_<view> for the views of rule `cells`, and candidate.withheld_<view>
    for those of them that have provinces.

    Which cells of years before `first_year` are withheld stands in the published build.
    """
    cells = pd.DataFrame(
        connection.execute(_statement("CELLS"), {"first_year": first_year}).fetchall(),
        columns=[*KEYS, "province_code", "agency_type", "agencies"],
    )
    connection.execute(_statement("WITHHELD_CELL"))
    with connection.cursor().copy("copy candidate.withheld_cell from stdin") as copy:
        for row in withheld(cells):
            copy.write_row(row)
    if first_year:
        connection.execute(_statement("KEPT_CELLS"), {"first_year": first_year})
    connection.execute(_statement("VIEWS"))
    for (name,) in connection.execute(MADE).fetchall():
        connection.execute(sql.SQL("analyze {}").format(sql.Identifier("candidate", name)))


def withheld(cells: pd.DataFrame) -> Iterator[tuple]:
    """(kind, fiscal_year, code, scope, province_code, agency_type) of each cell that is left out.

    cells: kind, fiscal_year, code, province_code ('' = none), agency_type, agencies.
    """
    settled: dict[tuple, Table] = {}  # most items of a year have the same agencies
    for key, group in cells.groupby(KEYS, sort=True):
        codes = np.concatenate([[""], group["province_code"].to_numpy(dtype=str)])
        provinces, row_of = np.unique(codes, return_inverse=True)
        types, column_of = np.unique(group["agency_type"].to_numpy(dtype=str), return_inverse=True)
        fields = np.zeros((len(provinces), len(types)), dtype=np.int64)
        fields[row_of[1:], column_of] = group["agencies"]
        same = (tuple(provinces), tuple(types), fields.tobytes())
        if same not in settled:
            settled[same] = Table(fields).settle()
        table = settled[same]
        if not table.all_shown:
            yield (*key, "national", "", "")
        for column in np.flatnonzero(~table.column_shown):
            yield (*key, "type", "", str(types[column]))
        for row in np.flatnonzero(~table.row_shown[1:]) + 1:
            yield (*key, "province", str(provinces[row]), "")
        for row, column in np.argwhere(~table.field_shown[1:]):
            yield (*key, "province_type", str(provinces[row + 1]), str(types[column]))


def _statement(name: str) -> sql.SQL:
    """The statements of small_cells.sql under the heading `-- == NAME`."""
    parts = SQL.read_text("utf-8").split("-- == ")
    return sql.SQL(next(part.partition("\n")[2] for part in parts if part.startswith(name)))
