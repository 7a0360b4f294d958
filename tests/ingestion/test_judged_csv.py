"""The CSVs of judged/: plain Python writes of a small table what Arrow writes, byte by byte."""

from datetime import date

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from ingestion import judged_folder

COLUMNS = ["submission_sha256", "text", "count", "flag", "day", "codes", "rank"]
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
ROW = st.tuples(
    st.none() | TEXT | st.sampled_from(['"', "a,b", "ก\nข", ""]),
    st.integers(-(10**9), 10**9),
    st.booleans(),
    st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    st.lists(TEXT, max_size=3),
    st.none() | st.integers(0, 10_000),
)


@given(st.lists(ROW, min_size=1, max_size=5))
def test_both_ways_write_the_same(tmp_path_factory, rows):
    table = pd.DataFrame(rows, columns=COLUMNS[1:]).astype({"rank": "Int64"})
    file = tmp_path_factory.mktemp("csv") / "table.csv"
    judged_folder.by_arrow(file, "0" * 64, table, COLUMNS)
    assert judged_folder.written("0" * 64, table, COLUMNS) == file.read_bytes()


def test_a_number_with_a_fraction_is_left_to_arrow():
    table = pd.DataFrame({"count": [1.5, None]})
    assert judged_folder.written("0" * 64, table, ["submission_sha256", "count"]) is None
