"""Tables whose headers or layout make their figures others': one case a kind, nothing is stored.

Means and ranks over the names of instruments, two tables side by side, marks out of ten, drafts;
and the year of a date, which is no fiscal year.
"""

import pytest

from tests.ingestion.test_oddities import PLACE, WHO, read
from tests.ingestion.test_readers import book

TITLE = ["ผลการประเมิน ITA ประจำปีงบประมาณ พ.ศ. 2568"]
HEAD, ROW = ["หน่วยงาน", "จังหวัด"], [WHO, PLACE]
INSTRUMENTS = ["", "", "IIT", "EIT", "OIT"]

OTHERS = {
    "means of the province": [
        TITLE,
        [*HEAD, "ค่าเฉลี่ยจังหวัด", "", ""],
        INSTRUMENTS,
        [*ROW, 95, 94, 93],
    ],
    "ranks": [TITLE, [*HEAD, "อันดับ", "", ""], INSTRUMENTS, [*ROW, 5, 6, 7]],
    "rises": [TITLE, [*HEAD, "เพิ่มขึ้น", "", ""], INSTRUMENTS, [*ROW, 5, 6, 7]],
    "marks out of ten": [TITLE, [*HEAD, "คะแนนรวม (เต็ม 10)"], [*ROW, 9.1]],
    "marks out of five": [TITLE, [*HEAD, "คะแนนรวม (5 คะแนน)"], [*ROW, 4.1]],
    "another agency beside": [
        TITLE,
        [*HEAD, "คะแนนรวม", "", *HEAD, "คะแนนรวม"],
        [*ROW, None, "", "เทศบาลนครอุดรธานี", PLACE, 99.10],
    ],
    "a draft": [["(ร่าง) ผลการประเมิน ITA ปี 2568"], [*HEAD, "คะแนนรวม"], [*ROW, 88]],
    "a first result": [["ผลการประเมิน ITA เบื้องต้น ปี 2568"], [*HEAD, "คะแนนรวม"], [*ROW, 88]],
    "the year of a date": [
        ["ผลการประเมิน ITA (ข้อมูล ณ วันที่ 15 มกราคม 2568)"],
        [*HEAD, "คะแนนรวม"],
        [*ROW, 88],
    ],
}


@pytest.mark.parametrize("kind", OTHERS)
def test_nothing_of_others_is_stored_in_silence(judge_bytes, kind):
    judged = judge_bytes(book(("Sheet1", OTHERS[kind])))
    assert read(judged) == {}
    assert judged.findings


@pytest.mark.parametrize(
    "rows",
    [
        [TITLE, [*HEAD, "คะแนนรวม (100)"], [*ROW, 88]],
        [TITLE, [*HEAD, "คะแนนรวม (เต็ม 100 คะแนน)"], [*ROW, 88]],
        [["ผลการประเมิน ITA ปี 2568 (ข้อมูล ณ 30 ก.ย. 2569)"], [*HEAD, "คะแนนรวม"], [*ROW, 88]],
        [TITLE, [*HEAD, "ผลการประเมิน ITA", ""], ["", "", "รวม", "IIT"], [*ROW, 88, 80]],
    ],
)
def test_what_is_the_agencys_is_still_read(judge_bytes, rows):
    assert read(judge_bytes(book(("Sheet1", rows))))["overall"] == "88"
