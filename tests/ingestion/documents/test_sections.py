"""Lines and rows that head the rows of a table below them, however the table is written; figures
side by side; things that carry the agency's name; a sub-indicator's number beside another's title.
"""

import pytest

from tests.ingestion.documents.test_belief import OWN, overall, page, read

HEADER = ["ตัวชี้วัด", "คะแนน"]
ROWS = [["1. การปฏิบัติหน้าที่", "70.00"], ["2. การใช้งบประมาณ", "60.00"]]
OWN_ROWS = [["1. การปฏิบัติหน้าที่", "90.00"], ["2. การใช้งบประมาณ", "80.00"]]
OTHERS = ["อบต.หนองยาว", "เทศบาลตำบลหนองยาว", "ปี 2566", "ค่าเฉลี่ยระดับประเทศ", "เป้าหมาย"]
OTHERS += ["ข้อมูลจาก อบต.หนองยาว", "ชุมชนริมน้ำ"]


def lines(*rows, between="\t"):
    return "".join(between.join(row) + "\n" for row in rows)


def scores(text):
    return read(text).scores.score.to_list()


@pytest.mark.parametrize("between", ["\t", "    "])
@pytest.mark.parametrize("section", OTHERS)
def test_a_line_between_the_rows_heads_those_below_it(section, between):
    assert scores(lines(HEADER, [section], *ROWS, between=between)) == []
    own = lines(HEADER, *OWN_ROWS, [section], *ROWS, between=between)
    assert scores(own) == ["90.00", "80.00"]


@pytest.mark.parametrize("section", OTHERS)
def test_and_those_below_its_header_when_it_comes_again(section):
    assert scores(lines(HEADER, [section], ROWS[0], HEADER, ROWS[1])) == []
    assert scores(lines(HEADER, ["ปี 2567"], [section], ROWS[0], HEADER, ROWS[1])) == []


def test_a_line_between_pipes_heads_them_too():
    table = "| ตัวชี้วัด | คะแนน |\n|---|---|\n| ปี 2566 |\n| 1. การปฏิบัติหน้าที่ | 70.00 |\n"
    assert scores(table) == []
    assert scores(table.replace("2566", "2567")) == ["70.00"]


@pytest.mark.parametrize("section", ["เทศบาลตำบลวังบัว", "ปี 2567", "ปีงบประมาณ พ.ศ. 2567"])
def test_a_line_that_names_the_agency_or_its_year_leaves_them_as_they_are(section):
    assert scores(lines(HEADER, [section], *OWN_ROWS)) == ["90.00", "80.00"]


def test_what_another_year_heads_ends_with_the_results_year():
    both = lines(HEADER, ["ปี 2566"], *ROWS, ["ปีงบประมาณ พ.ศ. 2567"], *OWN_ROWS)
    assert scores(both) == ["90.00", "80.00"]


def test_the_agencys_name_alone_on_a_line_may_be_the_title_of_every_page():
    own = ["เทศบาลตำบลวังบัว"]
    assert scores(lines(HEADER, ["อบต.หนองยาว"], ROWS[0], own, ROWS[1])) == []
    assert scores(lines(HEADER, ["อบต.หนองยาว"], ROWS[0], HEADER, own, ROWS[1])) == []
    assert scores(lines(HEADER, ["อบต.หนองยาว", ""], ROWS[0], [*own, ""], OWN_ROWS[1])) == ["80.00"]


def test_a_year_does_not_end_what_is_another_agencys():
    assert scores(lines(HEADER, ["อบต.หนองยาว"], *ROWS, ["ปี 2567"], *OWN_ROWS)) == []
    assert scores(lines(HEADER, ["อบต.หนองยาว"], ["ปี 2567"], *OWN_ROWS)) == []


def test_a_line_below_a_note_or_a_remark_is_no_part_of_it_where_it_heads_rows():
    noted = [[*row, "ดี"] for row in (*OWN_ROWS, *ROWS)]
    table = lines([*HEADER, "หมายเหตุ"], *noted[:2], ["ค่าเฉลี่ยระดับประเทศ"], *noted[2:])
    assert scores(table) == ["90.00", "80.00"]
    items = lines(
        ["ข้อคำถาม", "คะแนน", "ข้อบกพร่อง"],
        ["ข้อ i1", "90.00", "ควรปรับปรุงการสื่อสาร"],
        ["ปีงบประมาณ พ.ศ. 2566"],
        ["ข้อ i2", "70.00", ""],
    )
    assert scores(items) == ["90.00"]


@pytest.mark.parametrize("section", [*OTHERS, "สำนักงานพืชสวน"])
def test_a_cell_over_the_whole_row_heads_the_rows_below_it(section):
    first, *rest = ["".join(f"<td>{cell}</td>" for cell in row) for row in (HEADER, *ROWS)]
    table = "</tr><tr>".join([first, f'<td colspan="2">{section}</td>', *rest])
    assert page(f"<table><tr>{table}</tr></table>", [("ก", "ข")]).empty


@pytest.mark.parametrize("caption", ["ข้อที่ควรพัฒนาของโรงเรียนวัดใต้", "ข้อมูลรายตัวชี้วัดจาก อบต.หนองยาว"])
def test_a_caption_below_a_table_of_measures_is_no_more_of_its_last_cell(caption):
    above = "ประเด็น\tมาตรการ\tผู้รับผิดชอบ\n1. การใช้งบประมาณ\tจัดอบรม\tสำนักปลัด\n"
    for between in ("\n", "\n\n"):
        text = f"{above}\nหน่วยงานดำเนินการตามแผน\n{caption}{between}"
        assert scores(text + lines(HEADER, *ROWS)) == []
    named = f"{above}\nอบต.หนองยาว\n\nผลการประเมินรายตัวชี้วัด\n"
    assert scores(named + lines(HEADER, *ROWS)) == []


@pytest.mark.parametrize("beside", ["12.50", "ดี", "3"])
def test_a_note_beside_what_heads_the_rows_below_it_is_no_figure_of_it(beside):
    section = ["คะแนนสูงสุดของอำเภอ", "", beside]
    noted = [[*row, "-"] for row in ROWS]
    assert scores(lines([*HEADER, "หมายเหตุ"], section, *noted)) == []


def test_two_lines_that_head_the_rows_below_are_not_one_row_of_a_table_written_a_cell_a_line():
    table = ["ตัวชี้วัด", "คะแนน", "เทศบาลตำบลวังบัว", "ปี 2566", *ROWS[0], *ROWS[1]]
    assert scores("".join(f"\t{cell}\n" for cell in table)) == []
    table[3] = "ปี 2567"
    assert scores("".join(f"\t{cell}\n" for cell in table)) == ["70.00", "60.00"]


@pytest.mark.parametrize("year", ["ปี 2566", "ปีงบประมาณ พ.ศ. 2566", "ปี ๒๕๖๖"])
def test_a_year_where_a_score_should_stand_is_that_of_the_rows_below(year):
    assert page("", [HEADER, ["เทศบาลตำบลวังบัว", year], *ROWS]).empty


def test_a_header_broken_before_its_year_is_that_years():
    assert scores(lines(["ตัวชี้วัด", "คะแนน ITA"], ["66"], *ROWS)) == []


def test_a_header_between_gaps_that_comes_again_below_a_row_is_no_caption():
    row, again = ["3. การใช้อำนาจ", "88.32"], [["4. การใช้ทรัพย์สินของราชการ", "50.00"]]
    table = lines(HEADER, *OWN_ROWS, row, HEADER, *again, between="    ")
    assert scores(table) == ["90.00", "80.00", "88.32", "50.00"]
    spoilt = "ตาราง 3 เป้าหมายคะแนนรายตัวชี้วัด\n" + table
    assert scores(spoilt) == []


def test_scores_below_measures_under_an_unknown_header_are_no_measures():
    header = ["ประเด็นที่ต้องแก้ไข", "ผู้รับผิดชอบ", "ผลการดำเนินการ"]
    cells = [*header, "o3 การเผยแพร่ข้อมูล", "สำนักปลัด", "ดำเนินการแล้ว"]
    cells += ["ตัวชี้วัด", "คะแนน ITA เดิม", "1. การปฏิบัติหน้าที่", "51.67", "2. การใช้งบประมาณ", "70.13"]
    measures = read("".join(f"\t{cell}\n" for cell in cells)).measures
    assert measures.item_codes.to_list() == ["o3"]


def test_a_kind_of_constraint_that_is_not_known_is_not_the_kind_above():
    table = lines(["ข้อจำกัด", "รายละเอียด"], ["ด้านงบประมาณ", "งบน้อย"], ["ด้านอื่น ๆ", "ฝนตก"])
    assert read(table).constraints.note_th.to_list() == ["งบน้อย"]


@pytest.mark.parametrize(
    "pair",
    [
        "คะแนนภาพรวม\n\n85.18 คะแนน\n\n75.14 คะแนน",
        "คะแนนภาพรวม\n85.18 คะแนน\n75.14 คะแนน",
        "คะแนนภาพรวม 85.18 คะแนน 75.14 คะแนน",
        "คะแนนรวม : 85.18 คะแนน , 75.14 คะแนน",
        "คะแนนรวม 85.18 คะแนน / 75.14 คะแนน",
    ],
)
def test_of_two_figures_below_one_name_none_is_taken(pair):
    assert overall(pair + "\n") == []
    assert overall(f"{OWN}\n{pair}\n") == [("91.15", "pass")]


@pytest.mark.parametrize(
    "thing",
    [
        "เว็บไซต์ของเทศบาลตำบลวังบัว ผลการประเมิน ITA ทำคะแนนได้ 78.20 คะแนน",
        "ข้อมูลของเทศบาลตำบลวังบัว ในการประเมิน ITA มีคะแนนรวม 78.20 คะแนน",
        "เพจเฟซบุ๊กของเทศบาลตำบลวังบัว ผลการประเมิน ITA ได้คะแนนรวม 78.20 คะแนน",
        "กองช่างเทศบาลตำบลวังบัว ผลการประเมิน ITA ได้คะแนนรวม 78.20 คะแนน",
    ],
)
def test_what_carries_the_agencys_name_is_not_the_agency(thing):
    assert overall(thing + "\n") == []


def test_a_sub_indicators_number_beside_anothers_title_is_neithers():
    table = lines(HEADER, ["9.1 การจัดซื้อจัดจ้าง", "70.00"], ["9.2 การบริหารงานและงบประมาณ", "80.00"])
    submission = read(table)
    assert submission.scores.code.to_list() == ["9.2"]
    assert "การจัดซื้อจัดจ้าง" in str([found.message_th for found in submission.findings])
