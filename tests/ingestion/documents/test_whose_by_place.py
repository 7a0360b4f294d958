"""Whose a figure is by where it stands: a name below a table is no title of the report, a name
alone above a figure is not the report's where sentences give others' scores, a thing below the
agency's name is what has the score, a line of text set wide is no row of the table above it.
"""

import pytest

from ingestion import documents
from tests.ingestion.documents.test_belief import COVER, OWN, overall, read

MEASURES = "ประเด็น\tมาตรการ\tผู้รับผิดชอบ\n1. การใช้งบประมาณ\tจัดอบรม\tสำนักปลัด\n"
OFFICE = (
    "มาตรการส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงานของสำนักงานรังวัดกลาง (องค์การมหาชน) "
    "ในปีงบประมาณ พ.ศ. 2568\n\nจากผลการประเมิน ปีงบประมาณ พ.ศ. 2567\n"
)
NEIGHBOUR = "เทศบาลตำบลหนองยาว\n- คะแนนรวม 44.20 คะแนน\n- ระดับ ผ่านดี\n"


def stated(text):
    """(agency, score, rating) of what is read of the overall score."""
    rows = documents.read("own.txt", text.encode()).scores
    return rows[rows.level == "overall"][["agency_name", "score", "rating"]].values.tolist()


# --- names ----------------------------------------------------------------------------------------


def test_a_local_government_named_below_a_table_is_not_whose_report_it_is():
    below = "สารบัญ\nการประเมินของหน่วยงานอื่นมีดังนี้\n\n"
    assert stated(f"{OFFICE}\n{MEASURES}\n{below}{NEIGHBOUR}") == []


def test_a_name_alone_above_a_figure_is_not_the_one_of_whom_sentences_tell():
    title = "ข่าวผลการประเมินคุณธรรมและความโปร่งใส (ITA) ประจำปีงบประมาณ พ.ศ. 2567\n\n"
    sentence = "ผลการประเมิน ITA เทศบาลตำบลวังบัว ได้คะแนน 91.15 คะแนน\n\n"
    assert stated(title + sentence + NEIGHBOUR) == []
    assert stated(title + sentence) == [["เทศบาลตำบลวังบัว", "91.15", ""]]


def test_a_headline_below_the_same_title_three_times_names_the_agency():
    title = "รายงานผลการประเมินคุณธรรมและความโปร่งใส\n\n"
    headline = "เทศบาลตำบลวังบัว เผยผลการประเมิน ITA ประจำปีงบประมาณ พ.ศ. 2567\n\n"
    found = stated(f"{title}# {title}** {title}{headline}{OWN}\nเทศบาลตำบลหนองยาว\n")
    assert found == [["เทศบาลตำบลวังบัว", "91.15", "pass"]]


# --- sentences ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["อบต.สวนหว้า", "เทศบาลตำบลหนองยาว", "จังหวัดแพร่", "โรงเรียนวัดใต้"])
@pytest.mark.parametrize("joined", ["และ", "กับ", " และ"])
def test_what_two_agencies_have_together_is_not_one_of_theirs(name, joined):
    assert overall(f"ผลการประเมิน ITA {name}{joined}เทศบาลตำบลวังบัว ได้คะแนน 44.15 คะแนน\n") == []


@pytest.mark.parametrize("thing", ["ความโปร่งใส", "เว็บไซต์", "ภายนอก"])
def test_a_thing_on_a_line_below_the_agencys_name_has_the_score(thing):
    below = f"เทศบาลตำบลวังบัว อำเภอเมือง จังหวัดแพร่\n{thing} ผลการประเมิน ITA มีคะแนนรวม 87.40 คะแนน"
    assert overall(f"{below} อยู่ในระดับ ผ่านดี\n") == []
    assert overall(f"รายงานของ{below} อยู่ในระดับ ผ่านดี\n\n{OWN}") == [("91.15", "pass")]


def test_another_year_below_a_figure_is_its_label_where_it_heads_nothing():
    title = "ผลการประเมินคุณธรรมและความโปร่งใส ปีงบประมาณ พ.ศ. 2567\n"
    assert overall(f"{title}คะแนนรวม 72.40 คะแนน\nปี 2565\n\n{OWN}") == [("91.15", "pass")]
    heads = f"{title}คะแนนรวม 91.15 คะแนน\nปี 2565\nคะแนนรวม 72.40 คะแนน\n"
    assert overall(heads) == [("91.15", "")]


# --- lines ----------------------------------------------------------------------------------------


def test_a_heading_with_gaps_below_a_table_with_gaps_is_no_row_of_it():
    table = "แบบวัด    ข้อคำถาม    คะแนน\nIIT    ข้อ i1    90.00\nIIT    ข้อ i2    80.00\n"
    heading = "\nภาพรวม   ของทุกอำเภอ   ในจังหวัด\n- คะแนนรวม 50.40 คะแนน\n"
    found = read(f"{OWN}\n{table}{heading}").scores
    assert found.score.to_list() == ["91.15", "90.00", "80.00"]


def test_an_entry_broken_behind_its_number_above_a_table_of_scores_is_whole():
    cell = "1. เครื่องมือไม่พอ 2.\nระบบล่มบ่อย"
    text = f"ด้านบุคลากร\tด้านเทคโนโลยี\n1. คนน้อย\t{cell}\n\nตัวชี้วัด\tคะแนน\n1. การใช้งบประมาณ\t80.00\n"
    notes = read(text).constraints
    assert notes[notes.kind == "technology"].note_th.to_list() == ["เครื่องมือไม่พอ", "ระบบล่มบ่อย"]


def test_an_item_asked_in_three_cells_is_no_title_that_runs_on_every_page():
    item = "o27 มาตรการส่งเสริมคุณธรรมและความโปร่งใส"
    header = ["ประเด็น", "ข้อคำถาม", "มาตรการ", "ผู้รับผิดชอบ"]
    rows = [
        [f"{number}. ประเด็น", f"o{number} ข้อมูล\n{item}", "อบรม", "กองช่าง"] for number in (1, 2, 3)
    ]
    cells = "".join(f"\t{cell}\n" for row in (header, *rows) for cell in row)
    assert read(cells).measures.item_codes.to_list() == ["o1|o27", "o2|o27", "o3|o27"]


PROGRESS = COVER.replace("รายงานการวิเคราะห์ผลการประเมิน", "รายงานการดำเนินการตามมาตรการ") + (
    "(เดือนตุลาคม 2566 - มีนาคม 2567)\n\nประเด็น\tมาตรการ\tผู้รับผิดชอบ\tผลการดำเนินการ\n"
    "1. การใช้งบประมาณ\tจัดอบรม\tสำนักปลัด\t"
)
DONE = "1. ประชุม ดำเนินการแล้วเมื่อวันที่ 5 ตุลาคม 2566 2. อบรม ดำเนินการแล้วเมื่อวันที่ 9 มีนาคม"


@pytest.mark.parametrize("torn", [" พ.ศ.\n2567", "\n2567"])
def test_a_date_broken_before_its_year_above_a_table_of_scores_is_whole(torn):
    progress = documents.read(
        "p.txt", f"{PROGRESS}{DONE}{torn}\n\nตัวชี้วัด\tคะแนน\n".encode()
    ).progress
    assert progress.completed_on.to_list() == ["2024-03-09"]


def test_a_completion_without_a_year_may_be_the_last():
    submission = documents.read("p.txt", f"{PROGRESS}{DONE}\n".encode())
    assert submission.progress.completed_on.to_list() == [""]
    assert [each.value for each in submission.findings if each.rule == "unreadable_date"] == [
        "9 มีนาคม"
    ]
