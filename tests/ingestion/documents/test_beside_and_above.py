"""Figures whose neighbours, headings or layout make them another's: one case a kind.

Lists and columns of figures, labels below their figure, headings above, things and units that carry
the agency's name, the same name in another district, sections inside a table, struck text.
"""

import io

import docx
import pytest

from ingestion import documents
from tests.ingestion.documents.test_belief import COVER, OWN, TABLE, overall, page, read

KINDS = {
    "from one to another": "หน่วยงานได้คะแนนรวมจาก 80.12 คะแนน เป็น 82.41 คะแนน",
    "an arrow": "คะแนนรวม 80.12 → 82.41",
    "two figures of two subjects": "จังหวัดแพร่และเทศบาลตำบลวังบัว ได้ 92.30 และ 91.90 คะแนน",
    "a column a year": "คะแนนรวมปี 2566    คะแนนรวมปี 2567\n80.12 คะแนน    81.15 คะแนน",
    "figures below each other": "คะแนนรวมปี 2566\nคะแนนรวมปี 2567\n80.12 คะแนน\n81.15 คะแนน",
    "a figure above its label": "คะแนนภาพรวม\n95.20\nความพึงพอใจ",
    "a figure above its year": "คะแนนรวม\n79.10\n2565\n80.12\n2566",
    "a figure above its year in words": "คะแนนรวม 79.10 คะแนน\nปี 2565",
    "a year alone above it and another one below": "ปี 2567\nผลคะแนน 79.10 คะแนน\nปี 2565",
    "a year below a second figure": "คะแนนรวมปี 2566 80.12 คะแนน\nคะแนนรวม 79.10 คะแนน\nปี 2565",
    "a level's lowest score": "ระดับ ผ่าน คะแนนรวม 85.00 คะแนน",
    "a heading of a mean": "ค่าเฉลี่ยของหน่วยงานทั่วประเทศ\n- คะแนนรวม 93.05 คะแนน",
    "a heading of the country": "ผลการประเมินระดับประเทศ\n- คะแนนรวม 93.05 คะแนน\n- ระดับ ผ่านดี",
    "a heading of a target": "ค่าเป้าหมาย\n\nคะแนนรวม 95.00 คะแนน",
    "a heading of an instrument": "2.1 แบบวัด IIT\n\nเทศบาลตำบลวังบัว ได้คะแนน 89.20 คะแนน",
    "a heading of an indicator": "ด้านการใช้งบประมาณ\n\nคะแนนรวม 68.11 คะแนน",
    "a heading two lines above": "การประเมินเมืองน่าอยู่\n\nประจำปี 2567\n\nคะแนนรวม 88.20 คะแนน",
    "another district": "เทศบาลตำบลวังบัว อำเภอสูงเม่น จังหวัดแพร่ ได้คะแนนรวม 77.70 คะแนน",
    "a website": "เว็บไซต์ของเทศบาลตำบลวังบัว ได้คะแนน 98.12 คะแนน",
    "a unit": "ศูนย์พัฒนาเด็กเล็กเทศบาลตำบลวังบัว ได้คะแนน 92.33 คะแนน",
    "inside and outside": "ภายใน ได้คะแนนรวม 89.20 คะแนน",
    "an old index": "ความโปร่งใส ได้คะแนนรวม 95.00 คะแนน",
    "who gives": "เทศบาลตำบลวังบัว ให้คะแนน 90.10 คะแนน",
    "who gives the sum": "หน่วยงาน ให้คะแนนรวม 90.10 คะแนน",
    "its schools": "โรงเรียนในสังกัดเทศบาลตำบลวังบัว ผลการประเมิน ITA มีคะแนนรวม 88.20 คะแนน",
    "a school with its name": "โรงเรียนเทศบาลวังบัว สังกัดเทศบาลตำบลวังบัว ได้คะแนนรวม 88.20 คะแนน",
    "outside first": "ทั้งนี้ ภายนอก ผลการประเมิน คะแนนในภาพรวมเท่ากับ 69.05 คะแนน",
    "an assessment inside": "เทศบาลตำบลวังบัว ได้คะแนน 90.00 คะแนน จากการประเมินภายใน",
    "a part behind": "เทศบาลตำบลวังบัว ได้คะแนน 90.00 คะแนน ในส่วน IIT",
    "the budget year before": "เมื่อปีงบประมาณที่แล้ว เทศบาลตำบลวังบัว ได้ 85.32 คะแนน",
    "a bare figure in brackets": "คะแนนภาพรวม 85.18 (75.14)",
    "so many agencies": "หน่วยงาน 76 จังหวัด ได้คะแนนรวม 92.10 คะแนน",
    "a figure above another's name": "คะแนนภาพรวม\n56.76\nสำนักงานทรัพยากรน้ำ",
    "a heading of the district": "ภาพรวมของอำเภอเมือง\n\nคะแนนภาพรวม 92.50 คะแนน",
    "the whole tambon": "คะแนนภาพรวมของตำบล 90.50 คะแนน",
    "two years": "คะแนนรวมปี 2566-2567 90.50 คะแนน",
    "marks out of five": "เทศบาลตำบลวังบัว ได้คะแนนรวม 4.50",
    "a heading of a plan": "แผนยกระดับ\n\nคะแนนภาพรวม 95.50 คะแนน",
    "an unknown heading below a level": "ทุกตัวชี้วัดอยู่ในระดับ ผ่าน\nการประเมินสมรรถนะ\n\n- คะแนนรวม 42.32",
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_stands_beside_or_above_makes_it_anothers(kind):
    assert overall(KINDS[kind] + "\n") == []
    assert overall(f"{OWN}\n{KINDS[kind]}\n") == [("91.15", "pass")]
    assert overall(f"{KINDS[kind]}\n\n{OWN}") == [("91.15", "pass")]


def test_a_year_below_a_figure_is_its_own_though_the_line_above_names_another():
    own = OWN.replace("ผลการประเมินในภาพรวม", "ผลการประเมิน ปี 2567")
    assert overall(f"{own}คะแนนภาพรวม 83.89 คะแนน\nปี 2565\n") == [("91.15", "pass")]


def test_a_numbered_section_is_of_the_assessment_that_its_heading_names():
    sections = {
        "5.1 การประเมินประสิทธิภาพ (LPA)": "88.40",
        "5.2 การประเมินคุณธรรมและความโปร่งใส (ITA)": "91.15",
        "5.3 การสำรวจความพึงพอใจ": "96.20",
    }
    written = [
        f"{heading}\n\nเทศบาลตำบลวังบัว ได้คะแนนรวม {score} คะแนน\n\n"
        for heading, score in sections.items()
    ]
    for order in (written, written[::-1]):
        assert overall("".join(order)) == [("91.15", "")]


@pytest.mark.parametrize(
    "line",
    [
        "ระดับ ผ่านดี (85.00 - 94.99 คะแนน)",
        "ปรับจากระดับ ต้องปรับปรุง",
        "จากระดับ ต้องปรับปรุง",
    ],
)
def test_a_level_of_a_scale_or_of_before_is_none(line):
    score = "เทศบาลตำบลวังบัว มีคะแนนรวม 91.15 คะแนน\n"
    assert overall(f"{score}\n{line}\n") == [("91.15", "")]


@pytest.mark.parametrize(
    "stated",
    [
        "เทศบาลตำบลวังบัว อำเภอเมือง จังหวัดแพร่ ได้คะแนนรวม 91.15 คะแนน",
        "เทศบาลตำบลวังบัว ได้คะแนนรวม 91.15 คะแนน (เพิ่มขึ้น 3.03 คะแนน)",
        "เทศบาลตำบลวังบัว ได้คะแนนรวม 91.15 คะแนน จาก 100 คะแนน",
        "ผลการประเมิน ITA ปีงบประมาณ พ.ศ. 2567\n\n- คะแนนรวม 91.15 คะแนน\n- ระดับ ผ่าน",
        "คะแนนภาพรวม\n91.15 คะแนน",
    ],
)
def test_what_is_stated_in_full_is_still_read(stated):
    assert [score for score, _ in overall(stated + "\n")] == ["91.15"]


# --- tables --------------------------------------------------------------------------------------

ROWS = "1. การปฏิบัติหน้าที่\t80.00\n2. การใช้งบประมาณ\t70.00\n"


@pytest.mark.parametrize(
    "header", ["คะแนน ITA 66", "ผลคะแนน 66", "คะแนน ปี 66", "คะแนน ITA เดิม", "คะแนนที่ได้เพิ่ม"]
)
def test_a_header_that_is_nearly_known_may_say_another_year_or_quantity(header):
    assert read(f"ตัวชี้วัด\t{header}\n{ROWS}").scores.empty


def test_a_header_with_a_short_year_is_that_years():
    table = "ตัวชี้วัด\tคะแนน ปี 66\tคะแนน ปี 67\n1. การปฏิบัติหน้าที่\t80.00\t90.00\n"
    assert read(table).scores.score.to_list() == ["90.00"]


@pytest.mark.parametrize(
    "section", ["ปี 2566", "ปี 66", "เทศบาลตำบลหนองยาว", "อบต.หนองยาว", "ค่าเฉลี่ยระดับประเทศ", "เป้าหมาย"]
)
def test_a_row_of_its_own_heads_the_rows_below_it(section):
    rows = [("1. การปฏิบัติหน้าที่", "80.00"), ("2. การใช้งบประมาณ", "70.00")]
    assert page("", [("ตัวชี้วัด", "คะแนน"), (section, ""), *rows]).empty
    own = [("ตัวชี้วัด", "คะแนน"), ("ปี 2567", ""), rows[0], (section, ""), rows[1]]
    assert page("", own).score.to_list() == ["80.00"]


@pytest.mark.parametrize("section", ["เป้าหมาย", "ปี 2566", "อบต.หนองยาว", "ค่าเฉลี่ยระดับประเทศ"])
def test_written_a_cell_a_line_it_heads_them_right_below_the_header_too(section):
    cells = ["ตัวชี้วัด", "คะแนน", "", section, "", "", "1. การปฏิบัติหน้าที่", "80.00", ""]
    cells += ["2. การใช้งบประมาณ", "70.00", "", "3. การใช้อำนาจ", "75.00", ""]
    assert read("".join(f"\t{cell}\n" if cell else "\n" for cell in cells)).scores.empty
    odd = [*cells[:3], section, "", "", *cells[6:9], "", *cells[9:]]  # a stray tab behind a row
    assert read("".join(f"\t{cell}\n" if cell else "\t\n" for cell in odd)).scores.empty
    own = [cell for cell in cells if cell != section]
    assert len(read("".join(f"\t{cell}\n" if cell else "\n" for cell in own)).scores) == 3


@pytest.mark.parametrize(
    "title", ["กองคลัง", "งานทะเบียนราษฎร", "การประเมินประสิทธิภาพ (LPA)", "นายสมชาย ใจดี"]
)
def test_a_number_in_a_list_is_no_indicators(title):
    assert read(f"ลำดับ\tรายการ\tคะแนน\n1\t{title}\t93.40\n").scores.empty


@pytest.mark.parametrize("title", ["ด้านการปฏิบัติหน้าที่", "การปฏิบัติหน้าที่ของเจ้าหน้าที่"])
def test_a_title_reworded_is_still_the_indicators(title):
    assert read(f"ลำดับ\tรายการ\tคะแนน\n1\t{title}\t93.40\n").scores.code.to_list() == ["1"]


def test_a_caption_below_a_table_without_one_governs_it():
    table = [("ตัวชี้วัด", "คะแนน"), ("1. การปฏิบัติหน้าที่", "80.00")]
    below = "<p>ตารางที่ 2 ผลการประเมินของเทศบาลตำบลหนองยาว</p>"
    assert page("<p>รายละเอียดดังนี้</p>", table, below + "<p>จบ</p>").empty
    assert len(page("<p>ตารางที่ 1 ผลการประเมินรายตัวชี้วัด</p>", table, below)) == 1


# --- what is struck out --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "tag", ["s", "del", "strike", 'span style="text-decoration: line-through"']
)
def test_struck_text_of_a_page_is_not_read(tag):
    close = tag.split()[0]
    before = f"<p>เทศบาลตำบลวังบัว ได้คะแนนรวม <{tag}>89.00</{close}> 91.15<sup>1</sup> คะแนน</p>"
    assert page(before, [("ก", "ข")]).score.to_list() == ["91.15"]


def test_struck_text_of_a_word_file_is_not_read():
    document = docx.Document()
    for line in COVER.strip().split("\n"):
        document.add_paragraph(line)
    paragraph = document.add_paragraph("เทศบาลตำบลวังบัว ได้คะแนนรวม ")
    paragraph.add_run("89.00").font.strike = True
    paragraph.add_run(" 91.15")
    paragraph.add_run("1").font.superscript = True
    paragraph.add_run(" คะแนน")
    file = io.BytesIO()
    document.save(file)
    assert documents.read("own.docx", file.getvalue()).scores.score.to_list() == ["91.15"]


def test_indicators_are_still_read():
    assert read(TABLE).scores.code.to_list() == ["1", "2"]


@pytest.mark.parametrize(
    "title",
    [
        "รายงานผลการประเมิน ITA ประจำปีงบประมาณ พ.ศ. 2566 และ 2567",
        "รายงานผลการประเมิน ITA ประจำปีงบประมาณ พ.ศ. 2566 - 2567",
        "เปรียบเทียบผลการประเมิน ITA ปีงบประมาณ พ.ศ. 2566 กับปีงบประมาณ พ.ศ. 2567",
    ],
)
def test_a_title_of_two_years_gives_a_table_without_year_to_neither(title):
    text = f"{title}\nเทศบาลตำบลวังบัว อำเภอเมือง จังหวัดแพร่\n\n{TABLE}"
    assert set(documents.read("own.txt", text.encode()).scores.fiscal_year) <= {""}
