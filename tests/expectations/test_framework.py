"""The codes that gate 1 knows are those of each year's framework."""

from collections import Counter

from expectations import framework


def test_every_year_has_its_items_and_no_other():
    items = Counter(year for year, level, *_ in framework.codes() if level == "item")
    assert {year: items[year] for year in range(2564, 2569)} == {
        2564: 88,
        2565: 88,
        2566: 88,
        2567: 59,
        2568: 52,
    }
    codes = {(year, code) for year, level, code, *_ in framework.codes() if level == "item"}
    assert (2568, "o28") in codes and (2568, "o29") not in codes and (2566, "o43") in codes


def test_levels_above_the_items():
    levels = {
        (level, code): instrument
        for year, level, code, instrument, _ in framework.codes()
        if year == 2568 and level != "item"
    }
    assert levels["overall", ""] == "" and levels["instrument", "OIT"] == "OIT"
    assert levels["indicator", "6"] == "EIT" and levels["sub_indicator", "9.5"] == "OIT"


def test_each_code_of_a_year_has_a_number_of_its_own():
    numbers = [(year, number) for year, *_, number in framework.codes()]
    assert len(numbers) == len(set(numbers))
