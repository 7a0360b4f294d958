"""A fiscal year is whole or it is not taken: every kind of row that can be missing is named."""

import csv
import shutil

import pytest

from warehouse import reference, settings
from warehouse.errors import BadInput


def rows_of(seed, folder=settings.SEEDS):
    with (folder / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def seeds(tmp_path):
    """A copy of the seeds with one of them changed: `change(seed, rows -> rows)`, then read."""
    folder = tmp_path / "seeds"
    shutil.copytree(settings.SEEDS, folder)

    class Changed:
        path = folder

        @staticmethod
        def change(seed, of):
            rows = rows_of(seed, folder)
            columns = list(rows[0])
            with (folder / f"{seed}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, columns)
                writer.writeheader()
                writer.writerows(of(rows))

    return Changed


LAST = max(reference.complete_years())


def without(**cells):
    """Leave out the rows of the last complete year with these cells."""
    return lambda rows: [
        row
        for row in rows
        if row["fiscal_year"] != str(LAST) or any(row[name] != own for name, own in cells.items())
    ]


def with_cell(column, value, **cells):
    """Set a cell of the rows of the last complete year with these cells."""
    return lambda rows: [
        {**row, column: value}
        if row["fiscal_year"] == str(LAST) and all(row[name] == own for name, own in cells.items())
        else row
        for row in rows
    ]


def test_the_bundled_years_are_what_they_say():
    assert set(reference.states().values()) == {reference.COMPLETE, reference.PROVISIONAL}
    seeds = reference.read()
    for fiscal_year, state in reference.states().items():
        assert bool(reference.gaps(seeds, fiscal_year)) == (state == reference.PROVISIONAL)


def test_measures_serve_an_oit_item_of_every_year():
    """A plan is numbered by the year that it is made for: an item that is asked no more serves
    nobody."""
    asked = {}
    for row in rows_of("item_meaning"):
        asked.setdefault(row["fiscal_year"], set()).add(row["meaning"])
    measures = [*rows_of("measure_group"), *rows_of("drawn_measure")]
    served = {row["serves_meaning"] for row in measures}
    missing = {year: served - meanings for year, meanings in asked.items()}
    assert len(missing) > 5 and not any(missing.values()), missing


@pytest.mark.parametrize(
    ("seed", "change", "named"),
    [
        ("severity_threshold", without(), "severity_threshold.csv (IIT, EIT, OIT)"),
        ("severity_threshold", without(instrument="EIT"), "severity_threshold.csv (EIT)"),
        ("indicator", without(), "indicator.csv (1, 2, 3"),
        ("indicator", without(indicator_no="6"), "indicator.csv (6)"),
        ("indicator", with_cell("instrument", "OIT", indicator_no="6"), "indicator.csv (6 is of"),
        ("indicator", with_cell("indicator_th", "", indicator_no="6"), "title of 6"),
        ("instrument", without(instrument="OIT"), "instrument.csv (OIT)"),
        ("instrument", with_cell("weight", "30", instrument="OIT"), "which are not 100"),
        ("instrument", with_cell("weight", "", instrument="OIT"), "instrument.csv (weights"),
        ("rating_level", without(), "rating_level.csv (every level)"),
        ("rating_level", without(level_order="2"), "rating_level.csv (level 2)"),
        ("rating_level", without(level_order="5"), "the last one from 0"),
        ("rating_level", with_cell("is_pass", "false"), "a level that passes"),
        ("item_meaning", without(item_code="o3"), "item_meaning.csv (o3)"),
        ("item_meaning", with_cell("meaning", "new", item_code="o3"), "remedy.csv (new develop"),
        ("topic_item", without(item_code="o3"), "topic_item.csv (o3)"),
        ("topic_item", without(), "an item of topic 7"),
        ("publication_rule", without(rule="provisional_below"), "(provisional_below)"),
        ("framework_item", without(item_code="o3"), "framework_item.csv (o3)"),
        ("framework_item", without(indicator_no="8"), "an item of indicator 8"),
        ("framework_item", without(sub_indicator="9.3"), "an item of sub-indicator 9.3"),
        ("framework_item", with_cell("title_th", "", item_code="o3"), "title of o3"),
        ("framework_item", with_cell("sub_indicator", "", item_code="o3"), "sub-indicator of o3"),
        ("sub_indicator", without(sub_indicator="9.3"), "sub_indicator.csv (9.3)"),
    ],
)
def test_a_complete_year_with_anything_missing_is_refused(seeds, seed, change, named):
    seeds.change(seed, change)
    with pytest.raises(BadInput) as refused:
        reference.states(seeds.path)
    assert named in refused.value.what and f"fiscal year {LAST} is marked" in refused.value.what
    assert "\n" not in str(refused.value) and "docs/new-fiscal-year.md" in refused.value.do


def test_the_same_year_marked_provisional_is_taken(seeds):
    seeds.change("severity_threshold", without())
    seeds.change("fiscal_year", with_cell("state", "provisional"))
    assert LAST not in reference.complete_years(seeds.path)


@pytest.mark.parametrize("state", ["", "whole", "Complete"])
def test_a_year_in_no_state_is_refused(seeds, state):
    seeds.change("fiscal_year", with_cell("state", state))
    with pytest.raises(BadInput, match=f"fiscal year {LAST} has the state"):
        reference.states(seeds.path)


def test_rows_of_a_year_that_nobody_announced_are_refused(seeds):
    seeds.change("fiscal_year", without())
    with pytest.raises(
        BadInput, match=f"rows of fiscal year {LAST}, which fiscal_year.csv does not"
    ):
        reference.states(seeds.path)


def test_a_year_that_is_no_number_is_refused(seeds):
    seeds.change("topic_item", with_cell("fiscal_year", "FY70"))
    with pytest.raises(BadInput, match=r"topic_item\.csv: the fiscal year 'FY70' is no number"):
        reference.states(seeds.path)


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        (lambda file: file.unlink(), "No such file"),
        (lambda file: file.write_bytes(file.read_bytes().split(b"\n", 1)[1]), "no column"),
        (lambda file: file.write_bytes(file.read_bytes().rsplit(b",", 1)[0]), "not as many cells"),
        (lambda file: file.write_bytes(file.read_bytes() + b"\xff\xfe"), "utf-8"),
    ],
    ids=["gone", "header", "half", "bytes"],
)
@pytest.mark.parametrize("seed", ["instrument", "remedy", "topic"])
def test_a_damaged_file_is_named_and_no_fault_of_ours(seeds, seed, damage, named):
    damage(seeds.path / f"{seed}.csv")
    with pytest.raises(BadInput, match=f"{seed}.csv: .*{named}.*bring dbt_project/seeds back"):
        reference.read(seeds.path)
