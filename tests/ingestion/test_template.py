"""`ita template`: every year's workbook comes back as it was filled in.

Its check sheet adds up as the warehouse does.
"""

import io
import re
from pathlib import Path

import openpyxl
import pytest

from ingestion import framework, template
from ingestion.judging import File, judge
from ingestion.readers.workbook import read
from tests.ingestion.intake_examples import AGENCIES
from warehouse.errors import BadInput

YEARS = framework.load().years


@pytest.fixture
def filled(tmp_path, monkeypatch, registry):
    """A template for a year and agency, filled in by a function, saved as by a person, judged."""
    monkeypatch.setattr(template, "registry_of", lambda conn: AGENCIES)

    def run(fiscal_year: int, fill, agency="S1"):
        file = tmp_path / "template.xlsx"
        template.write(file, fiscal_year, agency, object())
        book = openpyxl.load_workbook(file)
        fill(book)
        book.save(file)
        return judge(
            [File("0" * 64, "agency", read(file.read_bytes()))], framework.load(), registry, {}
        )[0], book

    return run


def score_cells(book) -> dict:
    sheet = book["คะแนน"]
    return {
        (row[0].value, row[1].value or "", row[2].value or ""): row
        for row in sheet.iter_rows(min_row=5)
        if row[0].value
    }


@pytest.mark.parametrize("fiscal_year", sorted(YEARS))
def test_round_trip_of_every_year(filled, fiscal_year):
    entered = {}

    def fill(book):
        for number, (key, row) in enumerate(score_cells(book).items()):
            if key[0] == "item":
                row[4].value = entered[key] = (number * 7 % 10001) / 100
        score_cells(book)["item", "i1", ""][7].value = "ควรปรับปรุง"
        score_cells(book)["item", "i1", ""][6].value = "ใช่"

    judged, _ = filled(fiscal_year, fill)
    table = judged.tables["score"]
    assert judged.layout == "template" and judged.state == "accepted"
    assert {
        (row.level, row.code, row.part): float(str(row.score)) for row in table.itertuples()
    } == entered
    assert (
        set(table["agency_id"]) == {"S1"}
        and set(table["fiscal_year"]) == {fiscal_year}
        and table.set_index("code")["flagged"]["i1"]
    )
    assert (
        judged.tables["remark"]["item_code"].tolist() == ["i1"]
        and judged.units[0]["basis"] == "items"
    )


def test_a_template_with_some_items_is_rejected(filled):
    def fill(book):
        for key, row in score_cells(book).items():
            row[4].value = 90 if key[0] == "item" and key[1] != "i3" else None

    judged, _ = filled(2568, fill)
    assert (
        judged.state == "rejected"
        and judged.counted == {"incomplete": 1}
        and "i3" in judged.findings[0].message_en
    )


def test_a_template_with_one_instrument_only_is_rejected(filled):
    def fill(book):
        for key, row in score_cells(book).items():
            row[4].value = 90 if key[1].startswith("i") else None

    judged, _ = filled(2568, fill)
    assert judged.state == "rejected" and judged.counted == {"incomplete": 2}


def test_a_template_with_indicators_alone_is_accepted(filled):
    def fill(book):
        cells = score_cells(book)
        cells["overall", "", ""][4].value, cells["overall", "", ""][5].value = 90, "ผ่าน"
        for key, row in cells.items():
            if key[0] == "indicator":
                row[4].value = 90

    judged, _ = filled(2568, fill)
    assert judged.state == "accepted" and len(judged.tables["score"]) == 11


def test_an_empty_template_changes_nothing(filled):
    judged, _ = filled(2568, lambda book: None)
    assert judged.state == "rejected" and not judged.tables and judged.rows_read == 0
    assert "ยังไม่ได้กรอก" in judged.findings[0].message_th


def test_structure_is_locked_and_scores_are_validated(tmp_path):
    template.write(tmp_path / "t.xlsx", 2568, None, None)
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    assert all(sheet.protection.sheet for sheet in book.worksheets)
    cells = score_cells(book)
    assert (
        not cells["item", "i1", ""][4].protection.locked
        and cells["item", "i1", ""][1].protection.locked
    )
    rules = {str(rule.sqref): rule for rule in book["คะแนน"].data_validations.dataValidation}
    (decimal,) = [rule for rule in rules.values() if rule.type == "decimal"]
    assert (decimal.formula1, decimal.formula2) == ("0", "100")
    assert {rule.type for rule in book["หน่วยงาน"].data_validations.dataValidation} == {"list"}


@pytest.mark.parametrize("fiscal_year", sorted(YEARS))
def test_the_check_sheet_adds_up_live(filled, fiscal_year):
    """A small evaluator of the functions of the sheet: AVERAGE, COUNT, IF, ROUND, OR over cells."""

    def fill(book):
        for number, (key, row) in enumerate(score_cells(book).items()):
            if key[0] == "item":
                row[4].value = number * 13 % 101

    judged, book = filled(fiscal_year, fill)
    check = book["ตรวจสอบ"]
    lines = {check.cell(row, 1).value: row for row in range(4, check.max_row + 1)}
    assert _value(book, check, f"B{lines['คะแนนภาพรวม']}") == pytest.approx(
        judged.units[0]["recomputed"], abs=1e-9
    )
    for instrument in ("IIT", "EIT", "OIT"):
        assert 0 < _value(book, check, f"B{lines[instrument]}") < 100


def _value(book, sheet, reference: str):
    """The value of a cell, its formula evaluated."""
    value = sheet[reference.replace("$", "")].value
    if not isinstance(value, str) or not value.startswith("="):
        return value
    expression = re.sub(
        r"'([^']+)'!(\$?[A-Z]+\$?\d+)|(\$?[A-Z]+\$?\d+)(?!\()",
        lambda found: f"cell({found[1]!r}, {(found[2] or found[3])!r})",
        value[1:],
    )
    expression = re.sub(r"(?<![<>=])=(?!=)", "==", expression)

    def numbers(values):
        return [one for one in values if isinstance(one, int | float)]

    names = {
        "cell": lambda name, where: _value(book, book[name] if name else sheet, where),
        "COUNT": lambda *values: len(numbers(values)),
        "AVERAGE": lambda *values: (
            sum(numbers(values)) / len(numbers(values)) if numbers(values) else float("nan")
        ),
        "IF": lambda test, then, other: then if test else other,
        "ROUND": round,
        "OR": lambda *tests: any(tests),
    }
    # formulas of our own workbook, whose every function is named above
    return eval(expression.replace('""', "None"), {"__builtins__": {}}, names)  # noqa: S307


@pytest.mark.parametrize(
    ("fiscal_year", "agency", "name"),
    [
        (2599, None, "a.xlsx"),
        (2568, "S9", "a.xlsx"),
        (2568, None, "a.csv"),
        (2567, "O1", "a.xlsx"),
        (2566, "N1", "a.xlsx"),
    ],
)
def test_what_cannot_be_written(tmp_path, monkeypatch, fiscal_year, agency, name):
    monkeypatch.setattr(template, "registry_of", lambda conn: AGENCIES)
    with pytest.raises(BadInput):
        template.write(Path(tmp_path / name), fiscal_year, agency, object())
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("fiscal_year", sorted(YEARS))
def test_any_agency_of_the_registry_comes_back(filled, registry, fiscal_year):
    """Of every type, also without a province; names are those of the year."""
    for agency in {row.agency_id for row in AGENCIES if row.covers(fiscal_year)}:
        judged, book = filled(
            fiscal_year,
            lambda book: score_cells(book)["overall", "", ""][4].__setattr__("value", 90),
            agency=agency,
        )
        assert judged.state == "accepted" and judged.tables["score"]["agency_id"].tolist() == [
            agency
        ], (agency, judged.findings)
        assert book["หน่วยงาน"]["C4"].value == registry.row(agency, fiscal_year).name_th


def test_the_agency_as_of_the_year(tmp_path, monkeypatch):
    monkeypatch.setattr(template, "registry_of", lambda conn: AGENCIES)
    for fiscal_year, kind in ((2565, "องค์การบริหารส่วนตำบล"), (2566, "เทศบาลตำบล")):
        template.write(tmp_path / "t.xlsx", fiscal_year, "U1", object())
        sheet = openpyxl.load_workbook(io.BytesIO((tmp_path / "t.xlsx").read_bytes()))["หน่วยงาน"]
        assert sheet["C5"].value == kind


@pytest.mark.parametrize("district", ["", "เมือง <&> {agency_id}"])
def test_an_agencys_workbook_is_the_years_with_its_own_cells(district):
    """As if it had been made for the agency alone; and the same bytes again."""
    facts = {
        "agency_id": "S1",
        "agency_name": 'เทศบาล "ก" & {district} <ข>',
        "agency_type": "เทศบาลตำบล",
        "province": "พะเยา",
        "district": district,
    }
    content = template.content(2568, facts)
    assert content == template.content(2568, dict(facts))
    assert template.content(2568, {**facts, "agency_id": "S2"}) != content
    ours, alone = (
        openpyxl.load_workbook(io.BytesIO(one)) for one in (content, template._made(2568, facts))
    )
    assert [cells_of(sheet) for sheet in ours] == [cells_of(sheet) for sheet in alone]
    assert ours["หน่วยงาน"]["C4"].value == facts["agency_name"]
    read(content)


def cells_of(sheet) -> list:
    return [
        (cell.coordinate, cell.value, cell.style_id) for row in sheet.iter_rows() for cell in row
    ]
