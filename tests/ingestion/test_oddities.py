"""The oddities of domain.md §7 in tables, one by one: what is read of a small table of ours, and
what its sender is told.

Encodings, separators, sheets, HTML and old .xls: test_readers.py. Published documents:
documents/test_oddities.py. Numbers, codes and years alone: test_normalise.py. Who an agency is:
test_agencies.py.
"""

import io
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from tests.ingestion.test_readers import book

WHO, PLACE = "อบต.สามพร้าว", "อุดรธานี"
HEAD = "ปีงบประมาณ,หน่วยงาน,จังหวัด"
ROW = f"2568,{WHO},{PLACE}"
LONG = "ปีงบประมาณ,หน่วยงาน,จังหวัด,รหัส,คะแนน"


def read(judged) -> dict[str, str]:
    """figure → score, of S1 in FY2568"""
    table = judged.tables.get("score")
    rows = (
        []
        if table is None
        else table[(table["agency_id"] == "S1") & (table["fiscal_year"] == 2568)]
        .astype(str)
        .itertuples()
    )
    return {
        (row.code or row.level) + (f".{row.part}" if row.part else ""): row.score for row in rows
    }


# what is odd: the table, what is read, what is told (missing items aside)
TABLES = {
    # digits, codes and numbers
    "Thai digits": (f"{LONG}\n๒๕๖๘,{WHO},{PLACE},i๑,๙๙.๓๔\n", {"i1": "99.34"}, {}),
    "mixed digits": (f"{HEAD},คะแนนรวม\n2๕6๘,{WHO},{PLACE},9๑.๕\n", {"overall": "91.5"}, {}),
    "full-width digits": (
        f"{HEAD},คะแนนรวม\n２５６８,{WHO},{PLACE},９１.５\n",
        {"overall": "91.5"},
        {},
    ),
    "Thai zero for o": (
        f"{LONG}\n{ROW},๐๑๐,100\n{ROW},๐8,100\n{ROW},o14,0\n",
        {"o10": "100", "o8": "100", "o14": "0"},
        {},
    ),
    "ซื้อ for ข้อ": (f"{LONG}\n{ROW},ซื้อ ๐๑๓,100\n", {"o13": "100"}, {}),
    "capital I, brackets": (
        f"{LONG}\n{ROW},I8,90\n{ROW},ข้อ (e3),80\n",
        {"i8": "90", "e3": "80"},
        {},
    ),
    "๓๑๐ alone proves nothing": (f"{LONG}\n{ROW},๓๑๐,90\n", {}, {"unknown_code": 1}),
    "a zero is no o": (f"{LONG}\n{ROW},010,100\n", {}, {"unknown_code": 1}),
    "several codes in one cell": (f"{LONG}\n{ROW},i1 i2,90\n", {}, {"unknown_code": 1}),
    "a reference to codes": (f"{LONG}\n{ROW},o39 – o41,90\n", {}, {"unknown_code": 1}),
    "instruments and parts of EIT in words": (
        f"{LONG}\n{ROW},แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายใน (IIT),88\n{ROW},EIT ส่วนที่ 1,91\n"
        f"{ROW},EIT.survey,89\n{ROW},แบบตรวจ OIT,94\n{ROW},e3 (ส่วนที่ 2),80\n",
        {"IIT": "88", "EIT.public": "91", "EIT.survey": "89", "OIT": "94", "e3.survey": "80"},
        {},
    ),
    "instruments in words that are not theirs": (
        f"{LONG}\n{ROW},แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายใน (EIT),88\n{ROW},แบบวัด IIT เฉลี่ย,91\n"
        f"{ROW},IIT ส่วนที่ 1,91\n",
        {},
        {"unknown_code": 3},
    ),
    "code with its title": (
        f"{LONG}\n{ROW},i2 เจ้าหน้าที่ปฏิบัติงาน,91\n{ROW},ตัวชี้วัดที่ 1 การปฏิบัติหน้าที่,90\n",
        {"i2": "91", "1": "90"},
        {},
    ),
    "a title without its number": (f"{LONG}\n{ROW},การใช้งบประมาณ,90\n", {"2": "90"}, {}),
    "a wrong title": (f"{LONG}\n{ROW},ตัวชี้วัดที่ 1 การใช้งบประมาณ,90\n", {}, {"code_title_differs": 1}),
    "percent signs": (
        f"{HEAD},คะแนนรวม,IIT,EIT,OIT\n{ROW},๙๑.๕๐ %,95%,90 ％,ร้อยละ 89.6\n",
        {"overall": "91.5", "IIT": "95", "EIT": "90", "OIT": "89.6"},
        {},
    ),
    "decimal comma": (
        f"{LONG}\n{ROW},i1,92,65\n".replace(",", ";").replace("92;65", "92,65"),
        {"i1": "92.65"},
        {},
    ),
    "decimal comma, Thai digits": (
        f"{HEAD};คะแนนรวม\n{ROW};๙๑,๕\n".replace(",", ";").replace("๙๑;๕", "๙๑,๕"),
        {"overall": "91.5"},
        {},
    ),
    "an apostrophe before text": (f"{HEAD},คะแนนรวม\n{ROW},'91.5\n", {"overall": "91.5"}, {}),
    "two numbers in a cell": (f"{LONG}\n{ROW},i1,98.5 / 100\n", {}, {"score_not_number": 1}),
    "a range": (f"{LONG}\n{ROW},i1,90-95\n", {}, {"score_not_number": 1}),
    "a thousand or a decimal": (f'{LONG}\n{ROW},i1,"92,650"\n', {}, {"score_not_number": 1}),
    "a dash is no figure": (f"{HEAD},คะแนนรวม,IIT\n{ROW},90,-\n", {}, {"score_not_number": 1}),
    "words are no figure": (f"{HEAD},คะแนนรวม,IIT\n{ROW},90,ไม่มี\n", {}, {"score_not_number": 1}),
    "not a number": (f"{HEAD},คะแนนรวม\n{ROW},NaN\n", {}, {"score_not_number": 1}),
    "over 100 by a hair": (f"{HEAD},คะแนนรวม\n{ROW},100.004\n", {}, {"score_out_of_range": 1}),
    "blank figures": (f"{HEAD},คะแนนรวม,IIT,EIT\n{ROW},90, ,\u200b\n", {"overall": "90"}, {}),
    # years
    "common era": (f"{HEAD},คะแนนรวม\n2025,{WHO},{PLACE},90\n", {"overall": "90"}, {}),
    "both eras": (
        f"{HEAD},คะแนนรวม\nปีงบประมาณ 2568 (2025),{WHO},{PLACE},90\n",
        {"overall": "90"},
        {},
    ),
    "พ.ศ. without a space": (
        f"{HEAD},คะแนนรวม\n.พ.ศ.๒๕๖๘,{WHO},{PLACE},90\n",
        {"overall": "90"},
        {},
    ),
    "two digits of a year": (
        f"{HEAD},คะแนนรวม\n68,{WHO},{PLACE},90\n",
        {},
        {"unknown_fiscal_year": 1},
    ),
    "two years": (f"{HEAD},คะแนนรวม\n2567-2568,{WHO},{PLACE},90\n", {}, {"unknown_fiscal_year": 1}),
    # text
    "no-break and zero-width": (
        f"{HEAD},คะแนนรวม\n\u00a02568\u200b,องค์การบริหารส่วนตำบล\u00a0สามพร้าว,จ.\u200bอุดรธานี,\u00a090\n",
        {"overall": "90"},
        {},
    ),
    "decomposed sara am": (
        "ปีงบประมาณ,หน่วยงาน,จังหวัด,ล\u0e4d\u0e32ดับที่,คะแนนรวม\n" + f"{ROW},1,90\n",
        {"overall": "90"},
        {},
    ),
    "line breaks in cells": (
        f'ปีงบประมาณ,"ชื่อ\nหน่วยงาน",จังหวัด,"คะแนน\nรวม"\n2568,"อบต.\nสามพร้าว",{PLACE},90\n',
        {"overall": "90"},
        {},
    ),
    "sep= before the header": (
        f"sep=;\n{HEAD},คะแนนรวม\n{ROW},90\n".replace(",", ";"),
        {"overall": "90"},
        {},
    ),
    # headers
    "header not in row 1": (
        f"ผลการประเมิน ITA\n\nสำนักงาน ป.ป.ช.\n{HEAD},คะแนนรวม\n{ROW},90\n",
        {"overall": "90"},
        {},
    ),
    "weights in the header": (
        f"{HEAD},คะแนนรวม*,IIT (ร้อยละ 30),EIT(30%)\n{ROW},90,91,92\n",
        {"overall": "90", "IIT": "91", "EIT": "92"},
        {},
    ),
    "instruments in words": (
        f"{HEAD},แบบวัด IIT,แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายนอก (EIT),แบบตรวจ OIT\n{ROW},90,91,92\n",
        {"IIT": "90", "EIT": "91", "OIT": "92"},
        {},
    ),
    "titles of indicators": (
        f"{HEAD},การปฏิบัติหน้าที่,2. การใช้งบประมาณ,ตัวชี้วัดที่ 10 การป้องกันการทุจริต\n{ROW},90,91,92\n",
        {"1": "90", "2": "91", "10": "92"},
        {},
    ),
    "number and title differ": (
        f"{HEAD},คะแนนรวม,1. การใช้งบประมาณ\n{ROW},90,91\n",
        {},
        {"code_title_differs": 1},
    ),
    "share of respondents": (
        f"{HEAD},คะแนนรวม,ร้อยละผู้ตอบแบบวัด\n{ROW},90,16.13\n",
        {"overall": "90"},
        {"column_not_read": 1},
    ),
    "EIT parts in words": (
        f"{HEAD},EIT ส่วนที่ 1,EIT (Part ๒),e1 public\n{ROW},90,91,92\n",
        {"EIT.public": "90", "EIT.survey": "91", "e1.public": "92"},
        {},
    ),
    "two columns of scores that differ": (
        f"{HEAD},รหัส,คะแนน,คะแนนที่ได้\n{ROW},IIT,100,88\n",
        {},
        {"unknown_layout": 1},
    ),
    "two columns of scores that differ far below": (
        f"{HEAD},รหัส,คะแนน,คะแนนที่ได้\n" + f"{ROW},IIT,88,88\n" * 60 + f"{ROW},EIT,100,88\n",
        {},
        {"unknown_layout": 1},
    ),
    "two columns of scores, equal": (
        f"{HEAD},รหัส,คะแนน,คะแนนที่ได้\n{ROW},IIT,88,88.00\n",
        {"IIT": "88"},
        {"column_not_read": 1},
    ),
    "a result within the year": (
        f"ผลการประเมิน ITA รอบ 6 เดือน\n{LONG}\n{ROW},IIT,70\n",
        {},
        {"another_assessment": 1, "unknown_layout": 1},
    ),
    "a column twice, equal": (
        f"{HEAD},คะแนนรวม,i1,ข้อ i๑\n{ROW},90,91,91\n",
        {"overall": "90", "i1": "91"},
        {},
    ),
    "a column twice, different": (
        f"{HEAD},คะแนนรวม,i1,ข้อ i๑\n{ROW},90,91,92\n",
        {},
        {"conflicting_values": 1},
    ),
    "header in two rows": (
        f"ที่,{HEAD},ผลการประเมิน,,,EIT,\n,,,,คะแนนรวม,IIT,OIT,ส่วนที่ 1,ส่วนที่ "
        f"2\n1,{ROW},90,91,92,93,94\n",
        {"overall": "90", "IIT": "91", "OIT": "92", "EIT.public": "93", "EIT.survey": "94"},
        {},
    ),
    "indicators under their instrument": (
        f"{HEAD},IIT,,EIT,OIT\n,,,1,2,6,9\n{ROW},90,91,92,93\n",
        {"1": "90", "2": "91", "6": "92", "9": "93"},
        {},
    ),
    "repeated header, continued table": (
        f"{HEAD},คะแนนรวม\n2567,{WHO},{PLACE},80\nตารางที่ 1 (ต่อ)\n{HEAD},คะแนนรวม\n{ROW},90\n",
        {"overall": "90"},
        {},
    ),
    "another table below": (
        f"{HEAD},คะแนนรวม\n{ROW},90\n\n{HEAD},IIT,OIT\n{ROW},91,92\n",
        {"overall": "90", "IIT": "91", "OIT": "92"},
        {},
    ),
    "ระดับ that holds the rating": (f"{LONG},ระดับ\n{ROW},overall,90,ผ่าน\n", {"overall": "90"}, {}),
    # what is no agency
    "notes below": (
        f"{HEAD},คะแนนรวม,ระดับ\n{ROW},90,ผ่าน\nหมายเหตุ: จากระบบ\nที่มา,ป.ป.ช.,ณ วันที่ 1 "
        "ส.ค. 2568\n,,,,ลงชื่อ\n",
        {"overall": "90"},
        {"note_row": 1},
    ),
    "rows that sum up": (
        f"ที่,{HEAD},คะแนนรวม\n1,{ROW},90\nรวม,,,,90\n,,ค่าเฉลี่ย,,90\n",
        {"overall": "90"},
        {"summary_row": 2},
    ),
    "rows that sum a province or the country up": (
        f"{HEAD},คะแนนรวม\n{ROW},90\n2568,ค่าเฉลี่ยจังหวัด,{PLACE},86.66\n2568,คะแนนสูงสุดของประเทศ,,99\n",
        {"overall": "90"},
        {"summary_row": 2},
    ),
    "rows that are a target, a mean or last year's by a column of kinds": (
        f"{HEAD},ประเภทข้อมูล,คะแนนรวม\n{ROW},ค่าเป้าหมาย,95\n{ROW},ผลการประเมิน,90\n"
        f"{ROW},เฉลี่ยระดับประเทศ,93\n{ROW},ปีก่อน (2567),80\n",
        {"overall": "90"},
        {"another_quantity_row": 3},
    ),
    "rows that are so by their remark": (
        f"{HEAD},คะแนนรวม,หมายเหตุ\n{ROW},95,เป้าหมาย\n{ROW},90,สูงกว่าเป้าหมาย\n",
        {"overall": "90"},
        {"another_quantity_row": 1},
    ),
    "rows that are so by a longer remark": (
        f"{HEAD},คะแนนรวม,หมายเหตุ\n{ROW},95,ตัวเลขนี้เป็นค่าเป้าหมายที่ผู้บริหารกำหนดไว้\n"
        f"{ROW},93,เป็นค่าเฉลี่ยของทุกหน่วยงานในจังหวัด\n{ROW},80,ใช้คะแนนปี 2567 ไปก่อน\n"
        f"{ROW},90,สูงกว่าค่าเฉลี่ยของจังหวัดและคะแนนปี 2567\n",
        {"overall": "90"},
        {"another_quantity_row": 3},
    ),
    "rows of a long table that are so by their remark": (
        f"{LONG},หมายเหตุ\n{ROW},overall,90,ดีกว่าปีก่อน\n{ROW},IIT,88,คาดการณ์\n",
        {"overall": "90"},
        {"another_quantity_row": 1},
    ),
    "rows without trailing cells": (f"{HEAD},คะแนนรวม,IIT\n{ROW},90\n", {"overall": "90"}, {}),
    "empty columns to the right": (f"{HEAD},คะแนนรวม,,,\n{ROW},90,,,\n", {"overall": "90"}, {}),
    "equal rows are one": (f"{HEAD},คะแนนรวม\n{ROW},90\n{ROW},90.00\n", {"overall": "90"}, {}),
    "different rows are none": (
        f"{HEAD},คะแนนรวม\n{ROW},90\n{ROW},90.01\n",
        {},
        {"conflicting_values": 1},
    ),
    "an item of another year": (f"{HEAD},คะแนนรวม,o43\n{ROW},90,0\n", {}, {"unknown_item": 1}),
    "a fraction is not stretched": (f"{HEAD},คะแนนรวม\n{ROW},0.92\n", {}, {"fractions": 1}),
}


@pytest.mark.parametrize("odd", TABLES)
def test_an_odd_table(judge_bytes, odd):
    text, figures, told = TABLES[odd]
    judged = judge_bytes(text)
    ignored = ("missing_items", "recomputed_differs")
    assert (
        read(judged),
        {rule: count for rule, count in judged.counted.items() if rule not in ignored},
    ) == (figures, told), judged.findings


@pytest.mark.parametrize(
    "encoding",
    [
        pytest.param("utf-8-sig", marks=pytest.mark.slow_group),
        pytest.param("utf-16", marks=pytest.mark.slow_group),
        "cp874",
    ],
)
def test_they_read_the_same_in_any_encoding(judge_bytes, encoding):
    for odd, (text, figures, _) in TABLES.items():
        written = text if encoding != "cp874" else text.encode("cp874", "ignore").decode("cp874")
        if encoding != "cp874" or written == text:
            assert read(judge_bytes(text.encode(encoding))) == figures, odd


def saved(workbook: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def test_a_title_over_merged_headers(judge_bytes):
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in (
        ["ผลการประเมิน ITA ปีงบประมาณ พ.ศ. ๒๕๖๘"],
        [],
        ["ที่", "หน่วยงาน", "จังหวัด", "ผลการประเมิน", None, None, "EIT", None, "ระดับ"],
        [None, None, None, "คะแนนรวม", "IIT", "OIT", "ส่วนที่ 1", "ส่วนที่ 2", None],
        [1, WHO, PLACE, 90.45, 95, 90, 86, 87, "ผ่านดี"],
    ):
        sheet.append(row)
    for cells in ("A1:I1", "A3:A4", "B3:B4", "C3:C4", "D3:F3", "G3:H3", "I3:I4"):
        sheet.merge_cells(cells)
    judged = judge_bytes(saved(workbook))
    assert (
        read(judged)
        == {"overall": "90.45", "IIT": "95", "OIT": "90", "EIT.public": "86", "EIT.survey": "87"}
        and judged.state == "accepted"
    )
    assert judged.tables["score"]["rating"].dropna().tolist() == ["good"]


def test_a_number_under_the_wrong_instrument_is_never_an_indicator(judge_bytes):
    judged = judge_bytes(
        book(
            (
                "ผล",
                [
                    ["ปี", "หน่วยงาน", "จังหวัด", "OIT", None],
                    [None, None, None, 1, 2],
                    [2568, WHO, PLACE, 90, 91],
                ],
            )
        )
    )
    assert judged.state == "rejected" and read(judged) == {}


def test_a_form_for_each_agency_on_its_own_sheet(judge_bytes):
    def form(name, score):
        return [
            ["ผลการประเมิน ITA"],
            ["ชื่อหน่วยงาน", name, "จังหวัด", PLACE],
            ["ปีงบประมาณ", "พ.ศ. 2568"],
            [],
            ["ข้อ", "รายการ", "คะแนน"],
            ["i1", "ก", score],
        ]

    judged = judge_bytes(book(("หนึ่ง", form(WHO, 90)), ("สอง", form("ทต.บ้านจั่น", 80))))
    assert judged.tables["score"][["agency_id", "code", "score", "source_place"]].astype(
        str
    ).values.tolist() == [
        ["S1", "i1", "90", "sheet หนึ่ง row 6"],
        ["U1", "i1", "80", "sheet สอง row 6"],
    ]


def test_a_score_in_words_on_a_form_is_an_error_no_note(judge_bytes):
    judged = judge_bytes(
        book(
            (
                "ผล",
                [
                    ["หน่วยงาน", WHO, "จังหวัด", PLACE, "ปี", 2568],
                    ["รหัส", "คะแนน"],
                    ["overall", "เก้าสิบ"],
                ],
            )
        )
    )
    assert judged.state == "rejected" and judged.counted == {"score_not_number": 1}


def test_the_year_of_a_sheets_name_counts_where_nothing_else_says_it(judge_bytes):
    table = [["หน่วยงาน", "จังหวัด", "คะแนนรวม"], [WHO, PLACE, 90]]
    assert read(judge_bytes(book(("ปี 2568", table)))) == {"overall": "90"}
    assert read(judge_bytes(book(("2567", [["ผลปี 2568"], *table])))) == {"overall": "90"}
    assert judge_bytes(book(("ผล", table))).counted == {"unknown_fiscal_year": 1}


def test_formulas_count_by_their_saved_value(judge_bytes):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as workbook:
        sheet = workbook.add_worksheet("ผล")
        sheet.write_row(0, 0, ["ปี", "หน่วยงาน", "จังหวัด", "คะแนนรวม", "IIT"])
        sheet.write_row(1, 0, [2568, WHO, PLACE])
        sheet.write_formula(1, 3, "=45+45.5", None, 90.5)
    assert read(judge_bytes(out.getvalue())) == {"overall": "90.5"}


def test_a_form_whose_table_has_a_column_of_instruments(judge_bytes):
    whose = [["หน่วยงาน", WHO], ["จังหวัด", PLACE], ["ปีงบประมาณ", 2568]]
    rows = [["เครื่องมือ", "คะแนน"], ["IIT", 88], ["คะแนนรวม", 90]]
    assert read(judge_bytes(book(("ผล", whose + rows)))) == {"IIT": "88", "overall": "90"}
    beside = [["ที่", "ตัวชี้วัด", "แบบวัด", "คะแนน"], [1, "การปฏิบัติหน้าที่", "IIT", 87]]
    assert read(judge_bytes(book(("ผล", whose + beside)))) == {"1": "87"}


@pytest.mark.parametrize(("formula", "shown"), [("=45+45.5", "=45+45.5"), ("#DIV/0!", "#DIV/0!")])
def test_a_formula_without_a_value_or_with_an_error_never_passes_in_silence(
    judge_bytes, formula, shown
):
    workbook = openpyxl.Workbook()
    for row in (["ปี", "หน่วยงาน", "จังหวัด", "คะแนนรวม", "IIT"], [2568, WHO, PLACE, 90, formula]):
        workbook.active.append(row)
    judged = judge_bytes(saved(workbook))
    assert (
        judged.counted == {"score_not_number": 1}
        and judged.findings[0].value == shown
        and judged.findings[0].place == "sheet Sheet row 2 column E"
    )


def test_the_tables_of_the_agencies_guide_are_read(judge_bytes):
    """What the guide shows is taken as it stands, of an agency that there is."""
    guide = (Path(__file__).parents[2] / "docs/agency-guide-th.md").read_text(encoding="utf-8")
    part = guide.partition("### วิธีที่ 2")[2].partition("### วิธีที่ 3")[0]
    part = part.replace("อบต.ตัวอย่าง", WHO).replace("เชียงราย", PLACE).replace("**", "")
    shown = [one for one in part.split("\n\n") if one.startswith("|")]
    tables = [
        [[cell.strip() for cell in line.strip("| ").split("|")] for line in one.split("\n")]
        for one in shown
    ]
    sizes = []
    for rows in tables:
        judged = judge_bytes(book(("ผล", [row for row in rows if row[0] != "---"])))
        assert not judged.errors, [one.message_en for one in judged.findings]
        sizes.append(len(read(judged)))
    assert sizes == [4, 5, 3]
