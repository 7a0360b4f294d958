"""Places in Thai, with the column where a table is known to have it."""

import pytest

from ingestion import places


@pytest.mark.parametrize(
    ("place", "thai"),
    [
        ("row 7", "แถวที่ 7"),
        ("row 7 column AB", "แถวที่ 7 คอลัมน์ AB"),
        ("sheet ผล row 7", "แผ่นงาน “ผล” แถวที่ 7"),
        ("sheet ผล (1) row 7 column C", "แผ่นงาน “ผล (1)” แถวที่ 7 คอลัมน์ C"),
        ("sheet ลับ", "แผ่นงาน “ลับ”"),
        ("line 98", "บรรทัดที่ 98"),
        ("table 2 row 3", "ตารางที่ 2 แถวที่ 3"),
        ("table 2 row 3 column C", "ตารางที่ 2 แถวที่ 3 คอลัมน์ C"),
        ("paragraph 4", "ย่อหน้าที่ 4"),
        ("$[0].scores[4]", "$[0].scores[4]"),
        ("", ""),
    ],
)
def test_a_place_in_thai(place, thai):
    assert places.in_thai(place) == thai


def test_places_within_a_sentence():
    assert (
        places.bracketed_in_thai("92 (line 8) ≠ 91 (table 2 row 3) (ไม่ใช่ตำแหน่ง)")
        == "92 (บรรทัดที่ 8) ≠ 91 (ตารางที่ 2 แถวที่ 3) (ไม่ใช่ตำแหน่ง)"
    )


def test_the_column_is_named_where_the_table_has_it():
    letters = places.letters_of({"agency_name": 1, "score": 27})
    assert letters == "agency_name:B score:AB"
    assert places.at_column("row 3", letters, "agency_id", "agency_name") == "row 3 column B"
    assert places.at_column("row 3", letters, "rating") == "row 3"
    assert places.at_column("row 3 column F", letters, "score") == "row 3 column F"
