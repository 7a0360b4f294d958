"""Small cells: no sum or difference of what a province sees covers one to four agencies elsewhere.

The attack is linear algebra over the agencies' fields (province × type): a set of fields can be
told apart if the rank of what is seen falls when these fields are taken away.
"""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish.small_cells import LEAST, Table, withheld

AGENCIES = st.sampled_from([0, 0, 0, 1, 1, 2, 3, 4, 5, 8, 20])


@st.composite
def countries(draw):
    """Agencies by province × type; the first row is of no province."""
    rows, columns = draw(st.integers(2, 5)), draw(st.integers(1, 4))
    fields = [[draw(AGENCIES) for _ in range(columns)] for _ in range(rows)]
    return np.array(fields)


def seen(table: Table) -> np.ndarray:
    """The cells that are shown, each as the fields that it adds up."""
    rows, columns = table.fields.shape
    masks = [np.ones((rows, columns))] if table.all_shown else []
    for row in range(1, rows):
        of_row = np.zeros((rows, columns))
        of_row[row] = 1
        masks += [of_row] if table.row_shown[row] else []
        for column in range(columns):
            if table.field_shown[row, column]:
                field = np.zeros((rows, columns))
                field[row, column] = 1
                masks.append(field)
    for column in range(columns):
        of_column = np.zeros((rows, columns))
        of_column[:, column] = 1
        masks += [of_column] if table.column_shown[column] else []
    return np.array([(mask * (table.fields > 0)).ravel() for mask in masks]).reshape(
        -1, rows * columns
    )


def breach(table: Table) -> tuple | None:
    """(province of the reader, fields of one to four agencies that it can tell apart), or None."""
    rows, columns = table.fields.shape
    cells = seen(table)
    for reader in range(rows):  # 0: somebody without a province of his own
        outside = table.fields > 0
        outside[reader] &= reader == 0
        places = np.flatnonzero(outside.ravel())
        known, sizes = cells[:, places], table.fields.ravel()[places]
        rank = np.linalg.matrix_rank(known) if known.size else 0
        small = np.flatnonzero(sizes < LEAST)
        for count in range(1, LEAST):
            for chosen in combinations(small, count):
                if sizes[list(chosen)].sum() < LEAST:
                    rest = np.delete(known, chosen, axis=1)
                    if (np.linalg.matrix_rank(rest) if rest.size else 0) < rank:
                        return reader, [divmod(int(places[i]), columns) for i in chosen]
    return None


@given(countries())
def test_nothing_small_can_be_had_by_sums_and_differences(fields):
    assert breach(Table(fields).settle()) is None


def test_the_attack_finds_what_is_there():
    """Leaving out the cells under five alone is not enough: the difference to the sum is seen."""
    table = Table(np.array([[0, 0], [20, 1], [20, 9]]))
    assert breach(table) == (0, [(1, 1)])
    assert breach(table.settle()) is None


def test_one_agency_of_a_type_in_a_province_far_away_is_hidden_by_a_larger_cell():
    """All provinces but one, minus all types of them, left the one agency of Pattaya."""
    fields = np.zeros((6, 5), dtype=int)
    fields[0] = [0, 0, 0, 60, 80]  # of no province: two types of their own
    fields[1:, 0], fields[1:, 1] = 70, 30
    fields[1, 2] = fields[2, 2] = 1  # the rare type
    table = Table(fields)
    assert breach(table) is not None
    assert breach(table.settle()) is None
    assert table.all_shown and table.column_shown[0] and table.row_shown[1:].sum() >= 3


@pytest.mark.parametrize("agencies", [1, 4])
def test_the_countrys_cell_needs_five_outside_every_province(agencies):
    """A reader takes its own agencies away from the country."""
    assert not Table(np.array([[0], [50], [agencies]])).settle().all_shown
    assert Table(np.array([[0], [50], [5]])).settle().all_shown


def test_large_cells_stay():
    fields = np.full((78, 4), 30)
    fields[0] = 0
    table = Table(fields).settle()
    assert table.all_shown and table.row_shown[1:].all() and table.field_shown.all()


def test_what_is_left_out_is_named_by_scope():
    cells = pd.DataFrame(
        [
            ("item", 2568, "i1", "10", "sao", 20),
            ("item", 2568, "i1", "11", "sao", 20),
            ("item", 2568, "i1", "11", "pao", 1),
        ],
        columns=["kind", "fiscal_year", "code", "province_code", "agency_type", "agencies"],
    )
    left_out = [row[3:] for row in withheld(cells)]
    assert ("type", "", "pao") in left_out
    assert ("province_type", "11", "pao") in left_out
    assert ("national", "", "") not in left_out


def test_of_a_country_of_three_nothing_is_shown_whatever_the_item():
    cells = pd.DataFrame(
        [("item", 2568, code, "10", "sao", 3) for code in ("o1", "o2")],
        columns=["kind", "fiscal_year", "code", "province_code", "agency_type", "agencies"],
    )
    everything = [
        ("national", "", ""),
        ("type", "", "sao"),
        ("province", "10", ""),
        ("province_type", "10", "sao"),
    ]
    for code in ("o1", "o2"):
        assert [row[3:] for row in withheld(cells) if row[2] == code] == everything
