"""Places in Thai."""

import pytest

from warehouse import thai_places


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
    assert thai_places.in_thai(place) == thai


def test_places_within_a_sentence():
    assert thai_places.bracketed_in_thai("ไม่ได้ (sheet ผล row 3)") == "ไม่ได้ (แผ่นงาน “ผล” แถวที่ 3)"
    assert (
        thai_places.bracketed_in_thai("92 (line 8) ≠ 91 (table 2 row 3) (ไม่ใช่ตำแหน่ง)")
        == "92 (บรรทัดที่ 8) ≠ 91 (ตารางที่ 2 แถวที่ 3) (ไม่ใช่ตำแหน่ง)"
    )
