"""The loop of a year: the workbook out of the warehouse, filled in, in again, and out again in the
report of the next year. A small synthetic country goes through the steps of two nights."""

import datetime

import openpyxl
import pypdfium2
import pytest

from tests.night.conftest import Night

pytestmark = pytest.mark.slow_group

STEPS = ("receive", "judge", "load", "build", "audit", "publish")
DONE = "ประกาศใช้คู่มือแล้วและเผยแพร่บนเว็บไซต์"


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    folder = tmp_path_factory.mktemp("year")
    night = Night(folder / "home")
    ita(night, "synth", "--agencies", 12, "--years", "2567-2568", "--seed", 5, folder / "country")
    ita(night, "up")
    ita(night, "receive", folder / "country" / "agencies.csv", folder / "country" / "long")
    for step in STEPS:
        ita(night, step)
    yield night, folder
    night.end()


def ita(night, *arguments):
    done = night.ita(*arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def rows(sheet):
    names = [cell.value for cell in sheet[4]]
    return [dict(zip(names, row, strict=False)) for row in sheet.iter_rows(min_row=5)]


def test_out_filled_in_and_out_again(night):
    night, folder = night
    agency = night.query(
        """select agency_id from mart.proposed_measure where fiscal_year = 2568
        and severity <> 'keep' group by agency_id having count(*) >= 3 order by agency_id limit 1"""
    )[0]["agency_id"]
    blank = folder / "measures.xlsx"
    ita(night, "template", "--year", 2568, "--agency", agency, "--measures", blank)
    book = openpyxl.load_workbook(blank)
    adopted, reported, *_ = [r["measure_no"].value for r in rows(book["มาตรการ"])]
    for row in rows(book["มาตรการ"]):
        if row["measure_no"].value == adopted:
            row["adopted"].value = "ใช่"
    for row in rows(book["ความก้าวหน้า"]):
        if row["measure_no"].value == reported and str(row["as_of"].value)[:10] == "2025-03-31":
            row["measure_no"].value = 1  # typed over: the key tells
            row["result_th"].value = DONE
            row["completed_on"].value = datetime.date(2025, 2, 3)
    filled = folder / "filled.xlsx"
    book.save(filled)
    ita(night, "receive", filled)
    for step in STEPS:
        ita(night, step)
    own = f"where agency_id = '{agency}' and fiscal_year = 2568"
    assert night.query(f"select measure_no, adopted from mart.measure {own}") == [
        {"measure_no": adopted, "adopted": True}
    ]
    known = night.query(f"select measure_no, status from mart.measure_progress {own}")
    assert [r["measure_no"] for r in known if r["status"] == "done"] == [reported]
    numbers = night.query(f"select measure_no from mart.proposed_measure {own}")
    assert {r["measure_no"] for r in known} == {r["measure_no"] for r in numbers}
    # and out again: in the workbook, and in the report on the results of that year
    again = folder / "again.xlsx"
    ita(night, "template", "--year", 2568, "--agency", agency, "--measures", again)
    sheet = openpyxl.load_workbook(again)["ความก้าวหน้า"]
    assert DONE in {r["result_th"].value for r in rows(sheet)}
    ita(night, "packs", "--year", 2568, "--agency", agency, "--out", folder / "packs")
    (pdf,) = folder.glob(f"packs/2568/*/{agency}/pack.pdf")
    pages = pypdfium2.PdfDocument(pdf.read_bytes())
    text = "".join(page.get_textpage().get_text_range() for page in pages)
    assert "".join(DONE.split()) in "".join(text.split())
