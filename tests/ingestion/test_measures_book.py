"""`measures.xlsx` out and in again: printed, filled in, adopted, changed."""

import io
from datetime import date

import openpyxl
import pytest

from ingestion import framework, template
from ingestion.judging import File, judge
from ingestion.planned import Planned
from ingestion.readers import json_file
from ingestion.readers.workbook import read
from reports import measures_book
from tests.ingestion.intake_examples import AGENCIES
from warehouse.errors import BadInput
from warehouse.measures_book import key

YEAR = 2569
AGENCY = {"agency_id": "S1", "agency_name": "", "agency_type": "", "province": "", "district": ""}


def measure(number, codes, words, **more):
    row = {
        "measure_no": number,
        "measure_key": key(YEAR, number, codes, words),
        "topic_no": 1,
        "indicator_no": None,
        "item_codes": codes,
        "measure_th": words,
        "steps_th": "ประกาศให้ทราบ|ติดตามผล ปี ๒๕๖๙",
        "responsible_th": "สำนักปลัด",
        "starts_on": "2025-10-01",
        "ends_on": "2026-09-30",
        "followup_th": "รายงานทุกไตรมาส",
        "adopted": False,
        "progress": [],
    }
    return {**row, **more}


OWN = measure(3, ["e1"], "ปรับปรุงคู่มือ")
PROPOSED = measure(102, ["e2", "e3"], "ยกระดับคุณภาพการให้บริการ")
KEPT = measure(401, [], "รักษาการกำกับดูแลทรัพย์สิน", indicator_no=4)


@pytest.fixture
def sent(registry):
    """The judgement of the workbook of these measures, filled in by a function."""

    def run(measures, fill=lambda book: None, planned=None, year=YEAR):
        book = openpyxl.load_workbook(io.BytesIO(measures_book.write(year, AGENCY, measures, [])))
        fill(book)
        out = io.BytesIO()
        book.save(out)
        file = File("0" * 64, "agency", read(out.getvalue()))
        numbers = frozenset({102, 401})
        known = planned or Planned(proposed={("S1", year): numbers})
        return judge([file], framework.load(), registry, {}, known)[0]

    return run


def cells(sheet, **wanted):
    """The rows of a sheet whose cells (by the reader's column names) are these, as dictionaries."""
    names = [cell.value for cell in sheet[4]]
    rows = [dict(zip(names, row, strict=False)) for row in sheet.iter_rows(min_row=5)]
    return [row for row in rows if all(str(row[n].value)[:10] == v for n, v in wanted.items())]


def test_what_nobody_touched_makes_no_proposal_the_agencys_own(sent):
    judged = sent([OWN, PROPOSED, KEPT])
    assert judged.state == "accepted", judged.findings
    table = judged.tables["measure"]
    assert table["measure_no"].tolist() == [3]
    assert table["steps_th"].tolist() == ["ประกาศให้ทราบ\nติดตามผล ปี ๒๕๖๙"]
    assert "progress" not in judged.tables


def test_nothing_but_untouched_proposals_takes_no_measure_away(sent):
    judged = sent([PROPOSED, KEPT])
    assert "measure" not in judged.tables
    assert "unit" not in judged.tables  # measures sent before stay what they are


def test_a_marked_proposal_is_adopted(sent):
    def fill(book):
        cells(book["มาตรการ"], measure_no="102")[0]["adopted"].value = "ใช่"

    table = sent([PROPOSED, KEPT], fill).tables["measure"]
    assert table[["measure_no", "adopted"]].to_numpy().tolist() == [[102, True]]
    assert table["item_codes"].tolist() == [["e2", "e3"]]


@pytest.mark.parametrize("column", ["measure_th", "responsible_th", "ends_on", "item_codes"])
def test_a_changed_proposal_is_the_agencys_own(sent, column):
    new = {"ends_on": date(2026, 6, 30), "item_codes": "e2"}.get(column, "ของเราเอง")

    def fill(book):
        cells(book["มาตรการ"], measure_no="102")[0][column].value = new

    table = sent([PROPOSED, KEPT], fill).tables["measure"]
    assert table[["measure_no", "adopted"]].to_numpy().tolist() == [[102, False]]


def test_spaces_lines_and_digits_that_a_spreadsheet_changes_are_no_change(sent):
    def fill(book):
        row = cells(book["มาตรการ"], measure_no="102")[0]
        row["steps_th"].value = "ประกาศให้ทราบ \r\nติดตามผล  ปี 2569"

    assert "measure" not in sent([PROPOSED], fill).tables


def test_a_new_measure_never_gets_a_printed_number(sent):
    def fill(book):
        for row in cells(book["มาตรการ"], measure_no="None")[:2]:
            row["measure_th"].value = f"ใหม่ {row['measure_th'].coordinate}"
            row["topic_no"].value = 1

    assert sent([OWN, PROPOSED], fill).tables["measure"]["measure_no"].tolist() == [3, 4, 5]


def test_nor_that_of_a_measure_that_was_deleted(sent):
    def fill(book):
        for cell in cells(book["มาตรการ"], measure_no="3")[0].values():
            cell.value = None
        (row, *_) = cells(book["มาตรการ"], measure_no="None")
        row["topic_no"].value, row["measure_th"].value = 1, "ใหม่"

    assert sent([OWN, PROPOSED], fill).tables["measure"]["measure_no"].tolist() == [4]


@pytest.mark.parametrize("is_deleted", [False, True])
def test_a_printed_number_typed_beside_a_new_measure_is_refused(sent, is_deleted):
    def fill(book):
        (row, *_) = cells(book["มาตรการ"], measure_no="None")
        row["measure_no"].value, row["measure_th"].value = 102, "เรื่องใหม่ของเรา"
        if is_deleted:
            for cell in cells(book["มาตรการ"], measure_no="102")[0].values():
                cell.value = None

    judged = sent([OWN, PROPOSED], fill)
    assert judged.state == "rejected"
    (found,) = [f for f in judged.findings if f.rule == "bad_content"]
    assert "leave it empty" in found.message_en and found.value == "102"


def test_progress_goes_by_its_key_whatever_stands_beside_it(sent):
    def fill(book):
        row = cells(book["ความก้าวหน้า"], measure_no="102", as_of="2026-03-31")[0]
        row["measure_no"].value = 1
        row["result_th"].value, row["completed_on"].value = "เสร็จแล้ว", date(2026, 3, 1)

    judged = sent([OWN, PROPOSED], fill)
    assert judged.state == "accepted", judged.findings
    (report,) = judged.tables["progress"].to_dict("records")
    assert (report["measure_no"], report["as_of"]) == (102, date(2026, 3, 31))
    assert report["measure_key"] == PROPOSED["measure_key"]
    assert report["completed_on"] == date(2026, 3, 1)


def test_what_was_reported_before_stands_in_the_next_workbook(sent):
    reported = {"as_of": "2026-03-31", "result_th": "ครึ่งทาง", "due_on": None}
    known = {**OWN, "progress": [{**reported, "completed_on": None}]}
    (report,) = sent([known]).tables["progress"].to_dict("records")
    assert (report["measure_no"], report["result_th"]) == (3, "ครึ่งทาง")


def test_progress_of_a_measure_that_is_gone_is_rejected_with_the_list_of_those_there(sent):
    def fill(book):
        for row in cells(book["ความก้าวหน้า"], measure_no="3"):
            row["result_th"].value = "เสร็จ"
        for row in cells(book["มาตรการ"], measure_no="3"):
            for cell in row.values():
                cell.value = None

    other = {("S1", YEAR): {3: {key(YEAR, 3, ["o1"], "เรื่องอื่น")}, 4: set()}}
    judged = sent([OWN], fill, Planned(other, {("S1", YEAR): frozenset({102})}))
    assert judged.state == "rejected"
    found = [f for f in judged.findings if f.rule == "unknown_measure"]
    assert len(found) == 2
    assert "3, 4, 102" in found[0].message_en


def test_an_unknown_number_is_found_beside_an_added_measure(sent):
    """Neither the added row nor the report has a key: two that have none are not alike."""

    def fill(book):
        (row, *_) = cells(book["มาตรการ"], measure_no="None")
        row["topic_no"].value, row["measure_th"].value = 1, "เรื่องใหม่"
        (row, *_) = cells(book["ความก้าวหน้า"], measure_no="None")
        row["measure_no"].value, row["as_of"].value = 99, date(2026, 3, 31)
        row["result_th"].value = "เสร็จ"

    judged = sent([OWN, PROPOSED], fill)
    assert judged.state == "rejected"
    (found,) = [f for f in judged.findings if f.rule == "unknown_measure"]
    assert found.value == "99"


def test_a_report_of_ones_own_form_needs_measures_that_were_sent(sent, registry):
    def judged(planned):
        text = (
            '{"fiscal_year": 2569, "agency": {"agency_id": "S1", "name": "", "type": "",'
            ' "province": ""}, "progress": [{"measure_no": 9, "as_of": "2026-03-31",'
            ' "result": "เสร็จ"}]}'
        )
        file = File("0" * 64, "agency", json_file.read(text))
        return judge([file], framework.load(), registry, {}, planned)[0]

    assert judged(Planned()).state == "accepted"  # attached when its measures come
    assert judged(Planned({("S1", YEAR): {1: set()}})).state == "rejected"
    assert judged(Planned({("S1", YEAR): {9: set()}})).state == "accepted"


def test_an_empty_workbook_takes_what_an_agency_writes(registry):
    book = openpyxl.load_workbook(io.BytesIO(measures_book.write(YEAR, AGENCY, [], [])))
    (row, *_) = cells(book["มาตรการ"], measure_no="None")
    row["measure_no"].value, row["topic_no"].value = 1, 3
    row["item_codes"].value, row["measure_th"].value = "o1, o2", "เผยแพร่ข้อมูล"
    row["steps_th"].value, row["ends_on"].value = "1. ก\n2. ข", "30 กันยายน 2569"
    (row, *_) = cells(book["ความก้าวหน้า"], measure_no="None")
    row["measure_no"].value, row["as_of"].value = 1, "31 มีนาคม 2569"
    row["result_th"].value, row["completed_on"].value = "เสร็จ", date(2026, 3, 1)
    (row, *_) = cells(book["ข้อจำกัด"], kind="None")
    row["kind"].value, row["note_th"].value = "บุคลากร", "มีน้อย"
    out = io.BytesIO()
    book.save(out)
    file = File("0" * 64, "agency", read(out.getvalue()))
    judged = judge([file], framework.load(), registry, {})[0]
    assert judged.state == "accepted", judged.findings
    (made,) = judged.tables["measure"].to_dict("records")
    assert (made["measure_no"], made["topic_no"], made["item_codes"]) == (1, 3, ["o1", "o2"])
    assert (made["steps_th"], made["ends_on"]) == ("1. ก\n2. ข", date(2026, 9, 30))
    assert judged.tables["progress"]["completed_on"].tolist() == [date(2026, 3, 1)]
    assert judged.tables["constraint_note"]["kind"].tolist() == ["staff"]


def test_its_rows_are_as_high_as_their_texts_and_it_prints_on_a_page_across():
    long = measure(5, ["e1"], "ปรับปรุง" * 30)
    book = openpyxl.load_workbook(io.BytesIO(measures_book.write(YEAR, AGENCY, [OWN, long], [])))
    for name in ("มาตรการ", "ความก้าวหน้า"):
        sheet = book[name]
        heights = [sheet.row_dimensions[row].height for row in (5, 6)]
        assert heights[1] > heights[0] > 20
        assert sheet.page_setup.orientation == "landscape" and sheet.page_setup.fitToHeight == 0


def test_the_same_facts_give_the_same_bytes():
    facts = (YEAR, AGENCY, [OWN, PROPOSED], [{"kind": "staff", "note_th": "มีน้อย"}])
    assert measures_book.write(*facts) == measures_book.write(*facts)


def test_an_agency_that_ended_may_still_report_the_measures_of_the_next_year(monkeypatch):
    monkeypatch.setattr(template, "registry_of", lambda conn: AGENCIES)
    assert template.agency_facts(object(), 2567, "O1", measures=True)["agency_id"] == "O1"
    with pytest.raises(BadInput):
        template.agency_facts(object(), 2568, "O1", measures=True)


@pytest.mark.parametrize("year", [2563, 2599])
def test_years_whose_measures_are_not_taken(year):
    with pytest.raises(BadInput):
        template.check_measures_year(year)
