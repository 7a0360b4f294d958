"""Spreadsheets as a person sees them: percentages, errors, formulas, hidden parts, odd containers.

Each format is written by hand (workbook_files, old_excel): no library writes what is wrong here.
"""

import io

import pytest
import xlsxwriter

from ingestion.readers.workbook.sheet import percent_signs
from tests.ingestion.old_excel import Look, xls
from tests.ingestion.workbook_files import (
    STRICT,
    USUAL,
    Cell,
    figures,
    ods,
    packed,
    table,
    xlsx,
)
from warehouse import mark

ALL = pytest.mark.parametrize(
    "saved",
    [xlsx, lambda rows, **how: xlsx(rows, space=STRICT, **how), ods],
    ids=["xlsx", "strict", "ods"],
)


def scores(judged) -> dict[str, str]:
    table = judged.tables.get("score")
    if table is None:
        return {}
    return {row.code or "overall": row.score for row in table.astype(str).itertuples()}


def told(judged) -> list[tuple[str, str, str]]:
    return [(found.rule, found.place, found.value) for found in judged.findings]


@pytest.mark.parametrize(
    ("number_format", "signs"),
    [
        ("0.00%", 1),
        ('0.00"%"', 0),
        (r"0.00\%", 0),
        ("[Red]0%;-0%", 1),
        ('0.0"ร้อยละ";0%', 0),
        ("0.00_%", 0),
        ("0*%", 0),
        ("0%%", 2),
        ("General", 0),
    ],
)
def test_only_a_bare_percent_sign_multiplies(number_format, signs):
    assert percent_signs(number_format) == signs


@pytest.mark.parametrize(
    ("value", "style", "score"),
    [
        (0.9234, 1, "92.34"),
        (92.34, 2, "92.34"),
        (92.34, 3, "92.34"),
        (0.95, 2, "0.95"),
        (0.9234, 5, "92.34"),
        (92.34, 6, "92.34"),
        (0.009234, 7, "92.34"),
        (1, 1, "100"),
    ],
)
@pytest.mark.parametrize("space", [USUAL, STRICT])
def test_a_percent_cell_counts_as_shown(judge_bytes, value, style, score, space):
    judged = judge_bytes(xlsx(table(Cell(value, style=style), 87.25, 86.1, 91.02), space=space))
    assert scores(judged)["overall"] == score


def test_a_percent_cell_of_the_other_formats(judge_bytes):
    rows = table(Cell(0.8841, style=1), 87.25, 86.1, 91.02)
    assert scores(judge_bytes(ods(rows)))["overall"] == "88.41"
    rows[1][-1] = Look(0.8841, number_format="0.00%")
    assert scores(judge_bytes(xls(rows)))["overall"] == "88.41"
    rows[1][-1] = Look(88.41, number_format='0.00"%"')
    assert scores(judge_bytes(xls(rows)))["overall"] == "88.41"


@ALL
@pytest.mark.parametrize("error", ["#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?"])
def test_an_error_cell_rejects_its_agency_and_names_it(judge_bytes, saved, error):
    rows = table(88.41, Cell(error, formula="NA()", error=True), 86.1, 91.02)
    judged = judge_bytes(saved([*rows, *figures(90, 90, None, 90, agency="S2")]))
    assert judged.state == "accepted_with_warnings" and set(scores(judged)) == {
        "overall",
        "IIT",
        "OIT",
    }
    assert told(judged) == [
        ("score_not_number", "sheet ผล row 3 column J", error),
        ("blank_score", "sheet ผล row 8 column J", ""),
    ]


def test_an_error_cell_of_an_old_workbook(judge_bytes):
    judged = judge_bytes(xls(table(88.41, Look(error=0x2A), 86.1, 91.02), "ผล"))
    assert told(judged) == [("score_not_number", "sheet ผล row 3 column J", "#N/A")]


@ALL
def test_a_formula_without_a_value_is_named(judge_bytes, saved):
    judged = judge_bytes(saved(table(Cell(formula="=AVERAGE(J3:J5)"), 87.25, 86.1, 91.02)))
    (found,) = judged.findings
    assert found.rule == "score_not_number" and found.place == "sheet ผล row 2 column J"
    assert "AVERAGE(J3:J5)" in found.value


@pytest.mark.parametrize("space", [USUAL, STRICT])
def test_a_program_that_cannot_calculate_stores_zeros(judge_bytes, space):
    """Such a program asks that the workbook is calculated when it is opened; nobody opened it."""
    rows = table(Cell(0, formula="SUM(J3:J5)"), 87.25, 86.1, 91.02)
    judged = judge_bytes(xlsx(rows, space=space, on_load=True))
    assert told(judged) == [("score_not_number", "sheet ผล row 2 column J", "=SUM(J3:J5)")]


def test_a_formula_of_an_old_workbook_that_nobody_calculated(judge_bytes):
    rows = table(Look(0, formula=True, calculated=False), 87.25, 86.1, 91.02)
    assert told(judge_bytes(xls(rows, "ผล")))[0][:2] == (
        "score_not_number",
        "sheet ผล row 2 column J",
    )


@pytest.mark.parametrize(
    "data",
    [
        xlsx(table(50, 0, 86.1, Cell(0, formula="IF(1,0,100)"))),
        ods(table(50, 0, 86.1, Cell(0, formula="IF(1,0,100)"))),
        xls(table(50, 0, 86.1, Look(0, formula=True)), "ผล"),
    ],
    ids=["xlsx", "ods", "xls"],
)
def test_a_zero_by_formula_is_told_of(judge_bytes, data):
    judged = judge_bytes(data)
    assert scores(judged)["OIT"] == "0"
    assert ("formula_zero", "sheet ผล row 5 column J", "0") in told(judged)


@ALL
def test_a_zero_by_formula_over_figures_that_are_none_is_an_error(judge_bytes, saved):
    judged = judge_bytes(saved(table(Cell(0, formula="SUM(J3:J5)"), 87.25, 86.1, 91.02)))
    assert judged.state == "rejected" and judged.counted["formula_not_calculated"] == 1
    found = next(one for one in judged.findings if one.rule == "formula_not_calculated")
    assert found.place == "sheet ผล row 2 column J" and "overall" in found.message_en


@ALL
def test_hidden_rows_are_read_and_named(judge_bytes, saved):
    rows = [*table(88.41), *figures(90, agency="S2"), *figures(91, agency="S3")]
    judged = judge_bytes(saved(rows, hidden_rows=(1, 2)))
    assert len(judged.tables["score"]) == 3
    assert told(judged) == [("hidden_rows", "sheet ผล row 2", "2–3")]


def test_hidden_columns_are_read_and_named(judge_bytes):
    column = '<cols><col min="9" max="10" width="9" hidden="1"/></cols>'
    for data in (
        xlsx(table(88.41), before=column),
        ods(table(88.41), hidden_columns=(8, 9)),
        xls(table(Look(88.41)), "ผล", hidden_columns=(8, 9)),
    ):
        judged = judge_bytes(data)
        assert scores(judged) == {"overall": "88.41"}
        assert told(judged) == [("hidden_columns", "sheet ผล", "I–J")]


def test_a_hidden_row_of_an_old_workbook(judge_bytes):
    rows = [*table(88.41), *figures(90, agency="S2")]
    judged = judge_bytes(xls(rows, "ผล", hidden_rows=(2,)))
    assert told(judged) == [("hidden_rows", "sheet ผล row 3", "3")]


def test_an_empty_hidden_row_is_not_worth_a_word(judge_bytes):
    judged = judge_bytes(xlsx(table(88.41), more_rows='<row r="9" hidden="1"/>'))
    assert judged.state == "accepted"


@pytest.mark.parametrize("place", ["XFD1048576", "XFD3000", "A1048576", "XFD2"])
def test_a_styled_blank_cell_far_out_does_not_count(judge_bytes, place):
    row = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    far = f'<row r="{row}"><c r="{place}" s="1"/></row>'
    judged = judge_bytes(xlsx(table(88.41, 87.25, 86.1, 91.02), more_rows=far))
    assert judged.state == "accepted" and len(judged.tables["score"]) == 4


def test_a_filled_cell_far_out_is_refused_before_every_cell_up_to_it_is_made(judge_bytes):
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    judged = judge_bytes(xlsx(table(88.41), more_rows=far))
    assert judged.counted == {"over_bound": 1}
    assert "1,048,576 rows by 16,384 columns" in judged.findings[0].message_en


@pytest.mark.parametrize("span", ["A1:XFD1048576", "A1", "A1:B2", "C5:D9"])
def test_what_a_sheet_says_of_its_size_does_not_count(judge_bytes, span):
    data = xlsx(table(88.41, 87.25, 86.1, 91.02), before=f'<dimension ref="{span}"/>')
    judged = judge_bytes(data)
    assert judged.state == "accepted" and len(judged.tables["score"]) == 4


def test_blank_cells_that_an_ods_repeats_do_not_count(judge_bytes):
    behind = (
        '<table:table-row table:number-rows-repeated="1048560"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row>'
    )
    judged = judge_bytes(ods(table(88.41), behind=behind))
    assert judged.state == "accepted" and scores(judged) == {"overall": "88.41"}


@pytest.mark.parametrize("prefix", ["", "x"])
@pytest.mark.parametrize("space", [USUAL, STRICT])
def test_any_namespace_any_prefix_any_part(judge_bytes, space, prefix):
    rows = table(Cell(0.8841, style=1), Cell("#N/A", error=True))
    data = xlsx(rows, space=space, prefix=prefix, part="tables/one.xml")
    assert told(judge_bytes(data)) == [("score_not_number", "sheet ผล row 3 column J", "#N/A")]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n--x\n", "MHTML"),
        (b"\r\nFrom: <Saved by Blink>\r\nMIME-Version: 1.0\r\n\r\n", "MHTML"),
        (b"Content-Type: text/html;\n charset=utf-8\n\n<html>", "MHTML"),
        (b"{\\rtf1\\ansi", "RTF"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "picture"),
        (b"Rar!\x1a\x07\x00", "archive"),
        (b"ID;PWXL;N;E\n", "SYLK"),
        (b"\x09\x08\x10\x00\x00\x06\x05\x00", "1997"),
        (b"SQLite format 3\0", "database"),
        (b'{"url": "https://docs.example/d/1"}', "link"),
        (
            b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook/>',
            "Excel 2003",
        ),
        (packed({"ppt/presentation.xml": "<x/>"}), "PowerPoint"),
        (packed({"ผล.xlsx": "x", "ผล2.xlsx": "x"}), "unpack"),
        (packed({"xl/workbook.bin": "x"}), ".xlsb"),
        (
            packed({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}),
            "OpenDocument",
        ),
    ],
)
def test_what_is_sent_by_mistake_is_named_with_what_to_send(judge_bytes, data, name):
    judged = judge_bytes(data)
    assert judged.state == "rejected" and name in judged.findings[0].message_en
    assert judged.findings[0].message_th


@pytest.mark.parametrize(
    ("title", "read"),
    [
        ("ผลการประเมิน ITA ปีงบประมาณ พ.ศ. 2568", True),
        ("ผลการประเมินคุณธรรมและความโปร่งใส ปี 2568", True),
        ("ผลสำรวจความพึงพอใจของผู้รับบริการ ปี 2568", False),
        ("แบบประเมินตนเองก่อนการประเมิน ITA ประจำปี 2568", False),
        ("ผลการประเมินประสิทธิภาพขององค์กรปกครองส่วนท้องถิ่น (LPA) ปี 2568", False),
        ("ค่าเป้าหมายคะแนน ITA ปี 2568", False),
        ("ผลการประเมิน LPA และ ITA ปี 2568", False),
        ("ผลการประเมิน ITA และผลสำรวจความพึงพอใจ ปี 2568", False),
    ],
)
def test_a_table_of_another_assessment_is_named_and_not_taken(judge_bytes, title, read):
    rows = [
        [title],
        ["agency_id", "หน่วยงาน", "จังหวัด", "1", "2", "3", "4", "5", "รวม"],
        ["S1", "", "", 91.2, 88.4, 79.9, 84.0, 90.0, 83.4],
    ]
    judged = judge_bytes(xlsx(rows))
    assert bool(scores(judged)) == read
    assert (judged.counted["another_assessment"] == 1) != read


@pytest.mark.parametrize(
    ("columns", "read"),
    [
        (["คะแนนรวม"], False),
        (["คะแนน ITA"], True),
        (["IIT", "EIT", "OIT"], True),
        ([*map(str, range(1, 11)), "รวม"], True),
    ],
)
def test_of_two_assessments_in_a_title_the_columns_say_which(judge_bytes, columns, read):
    rows = [
        ["ผลการประเมิน LPA และ ITA ปี 2568"],
        ["agency_id", "หน่วยงาน", "จังหวัด", *columns],
        ["S1", "", "", *[88.41] * len(columns)],
    ]
    judged = judge_bytes(xlsx(rows))
    assert bool(scores(judged)) == read
    assert (judged.counted["another_assessment"] == 1) != read


def test_the_line_over_a_second_table_speaks_of_it(judge_bytes):
    header = ["agency_id", "หน่วยงาน", "จังหวัด", "ภาพรวม", "IIT", "EIT", "OIT"]
    rows = [["ผลการประเมิน ITA ปี 2568"], header, ["S1", "", "", 88.41, 87.25, 86.1, 91.02], []]
    other = ["S1", "", "", 80.12, 80, 80, 80.3]
    judged = judge_bytes(xlsx([*rows, ["ผลการประเมิน ITA ปี 2567"], header, other]))
    overall = judged.tables["score"].query("level == 'overall'")
    assert dict(zip(overall["fiscal_year"], overall["score"].astype(str), strict=True)) == {
        2568: "88.41",
        2567: "80.12",
    }
    judged = judge_bytes(xlsx([*rows, ["ผลการประเมิน LPA ปี 2568"], header, other]))
    assert scores(judged)["overall"] == "88.41" and judged.counted["another_assessment"] == 1


def test_our_working_file_is_refused_with_the_name_of_the_right_one(judge_bytes):
    """pack.xlsx holds the figures of its agency: sent in, it would replace them with themselves."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"category": mark.of("working file")})
    book.set_custom_property(mark.PRODUCT, "working file")
    sheet = book.add_worksheet("ผล")
    sheet.write_row(0, 0, ["ปีงบประมาณ", "รหัสหน่วยงาน", "overall"])
    sheet.write_row(1, 0, [2568, "4240503", 99.34])
    book.close()
    judged = judge_bytes(out.getvalue())
    (found,) = judged.findings
    assert found.rule == "working_file" and "measures.xlsx" in found.message_th
    assert not judged.tables
