"""The progress report: its round, its groups by instrument, late measures marked, blanks for what
is not reported."""

import io
from datetime import UTC, date, datetime

import docx
import pypdfium2
import pytest

from reports import progress_report
from reports.blocks import plain

BUILD = {"build_id": "build-1", "published_at": datetime(2026, 11, 20, 18, tzinfo=UTC)}


def measure(number, **given):
    return {
        "measure_no": number,
        "instrument": None,
        "item_codes": [],
        "measure_th": f"มาตรการ {number}",
        "steps_th": "ขั้นหนึ่ง|ขั้นสอง",
        "responsible_th": "สำนักปลัด",
        "followup_th": None,
        "result_th": None,
        "due_on": None,
        "completed_on": None,
        "status": None,
        **given,
    }


@pytest.fixture
def facts():
    return {
        "fiscal_year": 2566,
        "as_of": date(2023, 3, 31),
        "agency": {
            "agency_id": "A1",
            "name_th": "องค์การบริหารส่วนตำบลตัวอย่าง",
            "district_th": "ประทาย",
            "province_code": "30",
            "province_th": "นครราชสีมา",
            "ministry_th": None,
        },
        "measures": [
            measure(
                1,
                item_codes=["o13", "o14"],
                status="done",
                result_th="เผยแพร่แล้ว",
                completed_on=date(2023, 2, 1),
            ),
            measure(
                2,
                item_codes=["e6"],
                status="late",
                due_on=date(2023, 3, 31),
                completed_on=date(2023, 4, 20),
            ),
            measure(3, item_codes=["i1", "e1"], status=None),
        ],
    }


def test_round_follows_the_last_day_reported_on(facts):
    assert progress_report.round_words(facts) == "รอบ 6 เดือน (ตุลาคม 2565 – มีนาคม 2566)"
    assert progress_report.round_words({**facts, "as_of": None}).startswith("รอบ 6 เดือน")
    assert (
        progress_report.round_words({**facts, "as_of": date(2023, 9, 30)})
        == "รอบ 12 เดือน (ตุลาคม 2565 – กันยายน 2566)"
    )


@pytest.mark.parametrize(
    ("instrument", "codes", "expected"),
    [
        ("OIT", [], "OIT"),
        (None, ["i1", "i2"], "IIT"),
        (None, ["e6"], "EIT"),
        (None, ["i1", "e1"], None),
        (None, None, None),
    ],
)
def test_instrument_of_a_measure(instrument, codes, expected):
    assert (
        progress_report.instrument_of({"instrument": instrument, "item_codes": codes}) == expected
    )


def test_groups_are_numbered_in_the_published_order(facts):
    titles = [
        plain(b["text"])
        for b in progress_report.report(facts, BUILD)
        if b["t"] == "heading" and b["level"] == 2
    ]
    assert [t.split(".")[0] for t in titles] == ["1", "2", "3", "4"]
    assert "OIT" in titles[0] and "EIT" in titles[1] and "หลายเครื่องมือ" in titles[2]


def test_formats_say_what_is_late_and_have_no_blank_to_fill(facts, ita_home):
    files = progress_report.files(facts, BUILD, progress_report.FORMATS, "thai")
    assert files == progress_report.files(facts, BUILD, progress_report.FORMATS, "thai")
    read = "".join(
        page.get_textpage().get_text_range()
        for page in pypdfium2.PdfDocument(files["progress.pdf"])
    )
    assert "ล่าช้า" in read and "๒๐เม.ย.๒๕๖๖" in "".join(read.split())
    body = docx.Document(io.BytesIO(files["progress.docx"])).element.body
    namespace = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    assert not list(body.iter(namespace + "sdt"))


def test_it_is_dated_by_what_arrived_not_by_the_clock(facts):
    def words(found):
        return [plain(b["text"]) for b in progress_report.report(found, BUILD) if "text" in b]

    facts["data_date"] = date(2023, 4, 2)
    (cover, *_) = progress_report.report(facts, BUILD)
    assert cover["note"] == ["ข้อมูล ณ วันที่ 2 เมษายน 2566"]
    assert "มีผลการดำเนินการ" in words(facts)[1]
    # published at one in the morning in Thailand: the day before by UTC
    (cover, *_) = progress_report.report({**facts, "data_date": None}, BUILD)
    assert cover["note"] == ["ข้อมูล ณ วันที่ 21 พฤศจิกายน 2569"]
    for m in facts["measures"]:
        m |= {"status": "not_reported", "result_th": None, "completed_on": None}
    assert "ยังไม่มีผลการดำเนินการที่รายงานแล้ว" in words(facts)[1]


def test_a_report_that_leaves_a_measure_out_takes_nothing_back(facts):
    facts["as_of"] = date(2023, 9, 30)
    facts["measures"][0]["as_of"] = date(2023, 3, 31)
    text = "".join(
        plain(cell)
        for block in progress_report.report(facts, BUILD)
        if block["t"] == "table"
        for row in block["rows"]
        for cell in row
    )
    assert text.count("(รายงาน ณ") == 1 and "(รายงาน ณ 31" in text
