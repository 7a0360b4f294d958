"""Places with the column where a table is known to have it."""

from ingestion import places


def test_the_column_is_named_where_the_table_has_it():
    letters = places.letters_of({"agency_name": 1, "score": 27})
    assert letters == "agency_name:B score:AB"
    assert places.at_column("row 3", letters, "agency_id", "agency_name") == "row 3 column B"
    assert places.at_column("row 3", letters, "rating") == "row 3"
    assert places.at_column("row 3 column F", letters, "score") == "row 3 column F"
