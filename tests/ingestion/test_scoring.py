"""Recomputation by the rule *recomputed*: hand-checked cases, and hypothesis against exact
fractions.
"""

from fractions import Fraction
from math import floor

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion import framework, scoring

YEARS = framework.load().years
YEAR = YEARS[2568]


def recompute(figures: dict[str, float], year=YEAR):
    table = scoring.matrix(np.zeros(len(figures)), pd.Series(list(figures)), list(figures.values()))
    return scoring.recompute(table, year).iloc[0]


def exact_overall(scores: dict[str, Fraction], year) -> Fraction:
    """All items there, EIT in both parts: overall by domain.md §2, in fractions."""

    def mean(values):
        values = list(values)
        return sum(values, Fraction(0)) / len(values)

    indicators = {}
    for indicator, instrument in year.indicators.items():
        items = [item for item in year.items.values() if item.indicator == indicator]
        if instrument == "EIT":
            groups = [
                [scores[f"{item.code}.{part}"] for item in items] for part in ("public", "survey")
            ]
        else:
            groups = [
                [scores[item.code] for item in items if item.sub_indicator == sub]
                for sub in dict.fromkeys(item.sub_indicator for item in items)
            ]
        indicators[indicator] = mean(mean(group) for group in groups)
    weights = {code: Fraction(int(weight), 100) for code, weight in year.weights.items()}
    return sum(
        weight
        * mean(
            value
            for indicator, value in indicators.items()
            if year.indicators[indicator] == instrument
        )
        for instrument, weight in weights.items()
    )


def figure_names(year):
    return [
        name
        for item in year.items.values()
        for name in (
            [f"{item.code}.public", f"{item.code}.survey"]
            if item.instrument == "EIT"
            else [item.code]
        )
    ]


@settings(max_examples=40)
@given(st.data(), st.sampled_from(sorted(YEARS)))
def test_complete_submission_equals_exact_arithmetic(data, fiscal_year):
    year = YEARS[fiscal_year]
    hundredths = data.draw(
        st.lists(
            st.integers(0, 10_000),
            min_size=len(figure_names(year)),
            max_size=len(figure_names(year)),
        )
    )
    exact = {
        name: Fraction(value, 100)
        for name, value in zip(figure_names(year), hundredths, strict=True)
    }
    found = recompute({name: float(value) for name, value in exact.items()}, year)
    overall = exact_overall(exact, year)
    assert found["overall"] == pytest.approx(float(overall), abs=1e-10)
    assert found["basis"] == "items"
    assert float(scoring.half_up(found["overall"])) == floor(overall * 100 + Fraction(1, 2)) / 100


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        (84.995, 85.0),
        (84.994999, 84.99),
        (0.005, 0.01),
        (99.345, 99.35),
        (2.675, 2.68),
        (100, 100),
        (1.005, 1.01),
    ],
)
def test_half_way_goes_up(value, rounded):
    assert float(scoring.half_up(value)) == rounded


def test_eit_parts_weigh_the_same():
    figures = {
        "e1.public": 94.93,
        "e2.public": 96.27,
        "e3.public": 100,
        "e1.survey": 100,
        "e2.survey": 100,
        "e3.survey": 100,
    }
    assert (
        float(scoring.half_up(recompute(figures)["6"])) == 98.53
    )  # domain.md §2 rule 2, figures of FY2568


def test_oit_is_the_mean_of_sub_indicators_not_of_items():
    items = {code: 100.0 for code, item in YEAR.items.items() if item.indicator == "10"}
    first = next(item.sub_indicator for item in YEAR.items.values() if item.indicator == "9")
    items |= {
        code: 0.0 if item.sub_indicator == first else 100.0
        for code, item in YEAR.items.items()
        if item.indicator == "9"
    }
    assert recompute(items)["9"] == pytest.approx(
        80.0
    )  # one of five sub-indicators is 0, whatever its size


def test_published_indicator_stands_for_eit_items_without_part():
    figures = {"6": 98.53, "e1": 94.93, "e2": 96.27, "e3": 100}
    assert recompute(figures)["6"] == 98.53
    del figures["6"]
    assert recompute(figures)["6"] == pytest.approx((94.93 + 96.27 + 100) / 3)


def test_missing_item_falls_back_to_the_published_indicator_then_to_what_there_is():
    assert recompute({"1": 97.0, "i1": 100, "i2": 100})["1"] == 97.0
    found = recompute({"i1": 100, "i2": 90})
    assert found["1"] == 95.0 and found["basis"] == "partial"


def test_overall_from_published_indicators_only():
    tak = dict(
        zip(
            map(str, range(1, 11)),
            [97.78, 100, 100, 100, 100, 99.13, 99.10, 97.05, 100, 100],
            strict=True,
        )
    )
    found = recompute(tak, YEARS[2567])
    assert float(scoring.half_up(found["overall"])) == 99.39 and found["basis"] == "indicators"


@pytest.mark.parametrize(
    ("overall", "parts", "level"),
    [
        (95.0, [95, 95, 95, 95], "excellent"),
        (99.0, [94.99, 99, 99, 99], "good"),
        (94.994, [99, 99, 99, 99], "good"),
        (84.996, [90, 90, 90, 90], "good"),
        (91.15, [98, 83.24, 90, 90], "pass"),
        (84.99, [99, 99, 99, 99], "improve"),
        (69.994, [0, 0, 0, 0], "urgent"),
        (70, [0, 0, 0, 0], "improve"),
        (91.15, [98, np.nan, np.nan, 87], None),
        (91.15, [98, np.nan, np.nan, 80], "pass"),
        (np.nan, [98] * 4, None),
        (60, [np.nan] * 4, "urgent"),
    ],
)
def test_level_of_2568(overall, parts, level):
    possible = scoring.possible_levels(YEAR, overall, parts, np.nan)
    assert [one.code for one in possible] == [level] if level else len(possible) != 1


@pytest.mark.parametrize(("eit", "level"), [(84.99, "pass"), (85, None), (84.994, "pass")])
def test_eit_as_a_whole_below_the_mark_decides(eit, level):
    """One of its parts is not above it; which one does not matter."""
    possible = scoring.possible_levels(YEAR, 91.15, [98, np.nan, np.nan, 90], eit)
    assert [one.code for one in possible] == [level] if level else len(possible) != 1


def test_the_overall_follows_from_the_instruments_where_no_indicator_is_known():
    # 0.3·90 + 0.3·80 + 0.4·95 = 89
    found = recompute({"IIT": 90, "EIT": 80, "OIT": 95})
    assert (found["overall"], found["basis"]) == (pytest.approx(89), "instruments")
    # EIT from its two parts: (70 + 90) / 2
    parts = recompute({"IIT": 90, "EIT.public": 70, "EIT.survey": 90, "OIT": 95})
    assert (parts["EIT"], parts["basis"]) == (80, "instruments")
    assert parts["overall"] == pytest.approx(89)
    # the published one is taken where there is one
    both = recompute({"IIT": 90, "EIT": 80, "EIT.public": 0, "EIT.survey": 0, "OIT": 95})
    assert both["overall"] == pytest.approx(89)


def test_nothing_follows_from_instruments_that_are_not_all_known():
    for figures in ({"IIT": 90, "OIT": 95}, {"IIT": 90, "EIT.public": 70, "OIT": 95}):
        assert np.isnan(recompute(figures)["overall"])
    beside_an_indicator = recompute({"IIT": 90, "EIT": 80, "OIT": 95, "1": 90})
    assert np.isnan(beside_an_indicator["overall"])


def test_level_until_2565_needs_only_the_overall():
    assert scoring.possible_levels(YEARS[2565], 94.995, [np.nan] * 4, np.nan)[0].code == "AA"
    assert scoring.possible_levels(YEARS[2565], 49.99, [np.nan] * 4, np.nan)[0].code == "F"


def test_no_level_follows_where_a_years_levels_are_not_known():
    assert scoring.possible_levels(framework.Year(2570), 90.0, [np.nan] * 4, np.nan) == []
