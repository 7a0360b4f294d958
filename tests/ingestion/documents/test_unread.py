"""Tables of scores of which nothing, or not all, is taken: their sender is told so."""

import pytest

from ingestion import readers

TITLE = (
    "<h1>รายงานผลการประเมินคุณธรรมและความโปร่งใสในการดำเนินงาน (ITA) ปีงบประมาณ พ.ศ. 2568</h1>"
    "<p>องค์การบริหารส่วนตำบลสามพร้าว อำเภอเมืองอุดรธานี จังหวัดอุดรธานี</p>"
)
INSTRUMENTS = [["IIT", "88.20"], ["EIT", "90.10"], ["OIT", "94.15"]]


def page(*rows: list[str], above: str = "") -> bytes:
    cells = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    table = "".join(f"<tr>{own}</tr>" for own in cells)
    return f"<html><body>{TITLE}{above}<table>{table}</table></body></html>".encode()


def read(data: bytes):
    return readers.read("a report.html", data)


def told(submission) -> list[str]:
    return [one.message_th for one in submission.findings if one.rule == "figure_not_taken"]


def test_instruments_of_two_years_and_beside_what_is_no_score():
    for rows in (
        [["เครื่องมือ", "ปี 2567", "ปี 2568"], *([a, "80.10", b] for a, b in INSTRUMENTS)],
        [["เครื่องมือ", "คะแนน", "ค่าเป้าหมาย"], *([a, b, "95.50"] for a, b in INSTRUMENTS)],
    ):
        found = read(page(*rows))
        assert found.scores[["code", "score"]].values.tolist() == INSTRUMENTS
        assert not told(found)


@pytest.mark.parametrize(
    "header",
    [
        ["ตัวชี้วัด", "เป้าหมายปี 2568", "ผลปี 2568"],
        ["ตัวชี้วัด", "คะแนนหน่วยงาน", "ค่าเฉลี่ยจังหวัด"],
        ["ตัวชี้วัด", "รอบ 1", "รอบ 2"],
    ],
)
def test_a_table_whose_header_is_not_understood(header):
    rows = [["1. การปฏิบัติหน้าที่", "95.00", "87.00"], ["2. การใช้งบประมาณ", "95.00", "86.50"]]
    found = read(page(header, *rows))
    assert found.scores.empty
    [said] = told(found)
    assert "พบคะแนน 2 แถวในตาราง" in said and " | ".join(header) in said


def test_a_table_of_measures_is_no_table_of_scores():
    found = read(
        page(["เรื่อง", "ผู้ทำ"], ["1. การปฏิบัติหน้าที่", "สำนักปลัด"], ["2. การใช้งบประมาณ", "กองคลัง"])
    )
    assert not told(found)


def test_a_table_of_two_years_of_which_none_is_said_to_be_the_results():
    header, rows = ["เครื่องมือ", "ปี 2567", "ปี 2568"], [[a, "80.10", b] for a, b in INSTRUMENTS]
    found = read(page(header, *rows, above="<p>ผลการประเมิน เปรียบเทียบปี 2567 และปี 2568</p>"))
    assert found.scores.empty and "พบคะแนน 3 แถวในตาราง" in told(found)[0]


def test_an_overall_score_in_a_row_is_told_unless_a_sentence_says_it():
    rows = [["เครื่องมือ", "คะแนน"], *INSTRUMENTS, ["คะแนนรวม", "91.15"]]
    found = read(page(*rows))
    assert list(found.scores["code"]) == ["IIT", "EIT", "OIT"]
    assert "พบตัวเลข 91.15" in told(found)[0]
    said = "<p>คะแนนรวมของหน่วยงาน {} คะแนน</p>"
    same = read(page(*rows, above=said.format("91.15")))
    assert list(same.scores["level"]).count("overall") == 1 and not told(same)
    assert told(read(page(*rows, above=said.format("91.14"))))
