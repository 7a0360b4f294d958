"""Random countries of three years, row by row against an independent computation."""

import re
from fractions import Fraction
from pathlib import Path

import oracle as base
import pytest
import questions
import wall
from conftest import BUILD
from country import random_country
from oracle import Oracle

from publish import small_cells
from warehouse import connect

SCOPE = ["fiscal_year", "scope", "province_code", "agency_type", "region_th"]
KEYS = {
    "assessment": ["agency_id", "fiscal_year"],
    "item_score": ["agency_id", "fiscal_year", "item_code", "eit_part"],
    "national_ranking": ["agency_id", "fiscal_year"],
    "provincial_ranking": ["agency_id", "fiscal_year"],
    "national_summary": ["fiscal_year"],
    "province_summary": ["fiscal_year", "province_code"],
    "agency_deficiency": ["agency_id", "fiscal_year", "item_code", "eit_part"],
    "common_deficiency": [*SCOPE, "item_code"],
    "indicator_score": ["agency_id", "fiscal_year", "indicator_no"],
    "indicator_summary": [*SCOPE, "indicator_no"],
    "item_difficulty": ["fiscal_year", "item_code"],
    "peer_group": ["agency_id", "fiscal_year"],
    "improver": ["agency_id", "fiscal_year"],
    "co_deficiency": ["fiscal_year", "first_item_code", "second_item_code"],
    "province_scorecard": ["fiscal_year", "province_code"],
}
# those of questions.py
QUESTIONS = {
    "level_change": ["agency_id", "fiscal_year"],
    "perception_gap": ["agency_id", "fiscal_year", "first_part", "second_part"],
    "repaired": ["agency_id", "fiscal_year", "item_code"],
    "repair_summary": [*SCOPE, "item_code"],
    "neighbour": ["agency_id", "fiscal_year", "neighbour_no"],
}
NEAR = {"points_lost", "mean_points_lost"}  # stored with eight decimals


COUNTRIES = ["dense", pytest.param("sparse", marks=pytest.mark.slow_group)]


@pytest.fixture(scope="module")
def computed(request, build):
    country = (
        random_country(seed=2566, agencies=220)
        if request.param == "dense"
        else random_country(seed=7, agencies=45, sparse=True)
    )
    return build(country, "--exclude-resource-type", "unit_test"), Oracle(country)


def differences(found: dict, expected: dict) -> list:
    """(key, column, found, expected) of all cells that differ, and the keys that only one side
    has.
    """
    wrong = [
        (key, "only in the marts" if key in found else "only in the oracle", None, None)
        for key in found.keys() ^ expected.keys()
    ]
    for key in found.keys() & expected.keys():
        for column, value in expected[key].items():
            got = found[key][column]
            if isinstance(value, Fraction) and got is not None:
                same = (
                    abs(Fraction(got) - value) < Fraction(1, 10**7)
                    if column in NEAR
                    else Fraction(got) == value
                )
            else:
                same = got == value
            if not same:
                wrong.append((key, column, got, value))
    return wrong


@pytest.mark.parametrize("mart", KEYS)
@pytest.mark.parametrize("computed", COUNTRIES, indirect=True)
def test_mart_equals_oracle(computed, mart):
    connection, oracle = computed
    expected = getattr(oracle, mart)
    assert len(expected) > 2
    assert differences(rows_by(connection, mart, KEYS[mart]), expected)[:20] == []


@pytest.mark.parametrize("mart", QUESTIONS)
@pytest.mark.parametrize("computed", COUNTRIES, indirect=True)
def test_answer_equals_oracle(computed, mart):
    connection, oracle = computed
    expected = getattr(questions, mart)(oracle)
    assert len(expected) > 2
    assert differences(rows_by(connection, mart, QUESTIONS[mart]), expected)[:20] == []


def rows_by(connection, mart: str, columns: list[str]) -> dict[tuple, dict]:
    return {
        tuple(row[column] for column in columns): row
        for row in connection.execute(f"select * from {mart}")
    }


@pytest.mark.parametrize("computed", ["dense"], indirect=True)
def test_level_path_equals_brute_force(computed):
    connection, oracle = computed
    expected = oracle.level_path()
    assert sum(bool(row["item_codes"]) for row in expected.values()) > 30
    found = {
        (row["agency_id"], row["fiscal_year"]): row
        for row in connection.execute("select * from level_path")
    }
    assert differences({key: found[key] for key in expected}, expected)[:20] == []


@pytest.mark.parametrize("computed", ["dense"], indirect=True)
def test_points_lost_add_up(computed):
    connection, oracle = computed
    complete = [
        key
        for key, detail in oracle.detail.items()
        if detail["complete"] and oracle.assessment[key]["recomputed_basis"] == "items"
    ]
    rows = connection.execute(
        "select agency_id, fiscal_year, sum(points_lost) as lost from item_score group by 1, 2"
    )
    lost = {(row["agency_id"], row["fiscal_year"]): row["lost"] for row in rows}
    assert len(complete) > 50
    for key in complete:
        assert (
            abs(float(lost[key]) - (100 - float(oracle.assessment[key]["recomputed_score"])))
            < 0.0051
        ), key


@pytest.mark.parametrize(
    "mart",
    [
        "item_difficulty",
        "peer_group",
        "improver",
        "co_deficiency",
        "province_scorecard",
        "level_change",
        "repaired",
        "repair_summary",
        "neighbour",
        "perception_gap",
        "level_path",
        "agency_deficiency",
    ],
)
@pytest.mark.parametrize("computed", ["dense"], indirect=True)
def test_the_guides_question_has_an_answer(computed, mart):
    """On the samples some of them find nothing: five agencies of different years."""
    guide = (Path(__file__).parents[2] / "docs" / "analyst-guide.md").read_text(encoding="utf-8")
    (query,) = (
        query
        for query in re.findall(r"```sql\n(.+?);\n```", guide, re.S)
        if f"from mart.{mart} " in query
    )
    assert computed[0].execute(query.replace("mart.", f"{BUILD}.")).fetchall()


@pytest.mark.parametrize("computed", ["dense"], indirect=True)
def test_what_was_repaired_tells_no_few_agencies_apart(computed, marts_database):
    connection, oracle = computed
    with connect.connect(dbname=marts_database.info.dbname, autocommit=True) as owner:
        small_cells.write(owner, 0)
    cells = ", ".join(SCOPE[1:])

    def released(view: str, year: int, item: str, columns: str = "") -> list[tuple]:
        rows = connection.execute(
            f"select {cells}{columns} from released_{view}"
            " where fiscal_year = %s and item_code = %s",
            [year, item],
        )
        return [tuple(row.values()) for row in rows]

    shown, tested = 0, 0
    for year, last_year in ((2567, 2566), (2566, 2565)):
        last_items = {
            base.meaning(last_year, row["item_code"]): row["item_code"]
            for row in base.framework(last_year)
        }
        for row in base.framework(year)[::4]:
            item = row["item_code"]
            if not (last_item := last_items.get(base.meaning(year, item))):
                continue
            before = released("common_deficiency", last_year, last_item)
            rows = released("repair_summary", year, item, ", agencies_before")
            assert all(agencies >= 5 for *_, agencies in rows)
            now = [tuple(cell) for *cell, _ in rows]
            shown, tested = shown + len(now), tested + 1
            found = wall.groups(oracle, year, item, last_item)
            for reader in ("none", "56", "63"):
                apart = wall.told_apart(found, before, now, base.regions(), reader)
                assert apart is None, (year, item, reader)
    assert shown > tested > 10
