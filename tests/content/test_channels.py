"""Measures are for every kind of agency: no channel or person that only a village has."""

import csv

import pytest

from warehouse import settings

VILLAGE = ("หอกระจายข่าว", "เสียงตามสาย", "ผู้ใหญ่บ้าน", "กำนัน", "หมู่บ้าน", "ผู้นำชุมชน", "ชุมชน")


@pytest.mark.parametrize("words", VILLAGE)
def test_no_measure_needs_a_village(words):
    with (settings.SEEDS / "remedy.csv").open(encoding="utf-8", newline="") as file:
        texts = [text for row in csv.DictReader(file) for text in row.values()]
    assert len(texts) > 1000
    assert [text for text in texts if words in text] == []
