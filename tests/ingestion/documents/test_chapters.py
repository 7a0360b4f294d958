"""What stands farther from a table than its caption: chapters, sentences, notes, rows of others."""

import pytest

from ingestion.another_quantity import names_another
from tests.ingestion.documents.test_belief import page, read

ROWS = ["1. การปฏิบัติหน้าที่\t71.00", "2. การใช้งบประมาณ\t62.00"]
INDICATORS = "\n".join(["ตัวชี้วัด\tคะแนน", *ROWS])
INSTRUMENTS = "เครื่องมือ\tคะแนน\nIIT\t78.11\nEIT\t77.22\nOIT\t83.33"
OWN = "เครื่องมือ\tคะแนน\nIIT\t88.11\nEIT\t87.22\nOIT\t93.33"
OF_OTHERS = ["ผลการประเมินของ อบต.หนองยาว", "ผลการประเมินปีงบประมาณ พ.ศ. 2566", "ค่าเป้าหมาย"]
OF_OTHERS += ["การประเมินประสิทธิภาพ (LPA)", "ค่าเฉลี่ยของประเทศ", "เปรียบเทียบกับ อบต.หนองยาว"]


def scores(*parts):
    return read("\n\n".join(parts) + "\n").scores.score.to_list()


# --- headings that govern more than one table -----------------------------------------------------


@pytest.mark.parametrize("words", OF_OTHERS)
@pytest.mark.parametrize("heading", ["บทที่ 4 {}", "4. {}", "4.1 {}"])
def test_a_chapter_of_others_is_theirs_in_every_section(heading, words):
    inside = ["4.1.1 รายเครื่องมือ", INSTRUMENTS, "4.1.2 รายตัวชี้วัด", INDICATORS]
    assert scores(heading.format(words), "รวบรวมไว้ดังนี้", *inside) == []


@pytest.mark.parametrize("words", OF_OTHERS)
def test_and_ends_where_the_next_one_begins(words):
    own = ["88.11", "87.22", "93.33"]
    assert scores(f"บทที่ 4 {words}", INSTRUMENTS, "บทที่ 5 รายเครื่องมือ", OWN) == own
    assert scores(f"4.1 {words}", INSTRUMENTS, "4.2 รายเครื่องมือ", OWN) == own
    assert scores(f"4. {words}", INSTRUMENTS, "4.1 รายเครื่องมือ", INSTRUMENTS, "5. ผล", OWN) == own


def test_a_heading_without_a_number_holds_until_the_agency_or_its_year_is_named():
    assert scores("ผลการประเมินของ อบต.หนองยาว", "รายเครื่องมือ", INSTRUMENTS) == []
    neighbour = ["ผลการประเมินของ อบต.หนองยาว", "รายเครื่องมือ", INSTRUMENTS]
    assert scores(*neighbour, "รายตัวชี้วัด", INDICATORS) == []
    own = ["88.11", "87.22", "93.33"]
    assert scores(*neighbour, "ผลการประเมินของเทศบาลตำบลวังบัว", OWN) == own
    assert scores("ปี 2566", INSTRUMENTS, "ปี 2567", OWN) == own
    assert scores("ปี 2566", INSTRUMENTS, "รายข้อ", "ข้อคำถาม\tคะแนน\nข้อ i1\t70.00") == []


def test_a_caption_holds_for_its_own_table_only():
    captioned = ["ตารางที่ 2 คะแนนรายตัวชี้วัดของ อบต.หนองยาว", INDICATORS]
    assert scores(*captioned, "ตารางที่ 3 คะแนนรายเครื่องมือ", OWN) == ["88.11", "87.22", "93.33"]
    assert scores(*captioned, "คะแนนรายเครื่องมือ", OWN) == ["88.11", "87.22", "93.33"]


@pytest.mark.parametrize(
    "sentence",
    [
        "เทศบาลตำบลหัวดง ได้คะแนนรวม 78.12 คะแนน โดยมีรายละเอียดดังนี้",
        "ในปีงบประมาณ พ.ศ. 2566 หน่วยงานได้คะแนน 78.12 คะแนน รายละเอียดดังนี้",
        "ค่าเฉลี่ยของจังหวัดอยู่ที่ 78.12 คะแนน แยกเป็นรายเครื่องมือดังนี้",
    ],
)
def test_a_sentence_about_others_goes_on_in_the_table_right_below_it(sentence):
    assert scores(sentence, INSTRUMENTS) == []
    assert scores(sentence, "รายเครื่องมือ", INSTRUMENTS, "รายตัวชี้วัด", INDICATORS) == []
    assert scores(sentence, "ตัวชี้วัดที่ 1 การปฏิบัติหน้าที่", OWN) == ["88.11", "87.22", "93.33"]


def test_the_title_of_every_page_is_no_caption_and_ends_nothing():
    title = "<p>รายงานผลการประเมิน ITA ปีงบประมาณ พ.ศ. 2567</p>"
    head, *rows = [tuple(line.split("\t")) for line in INDICATORS.split("\n")]
    before = f"{title}<p>ตารางที่ 2 คะแนนของ อบต.หนองยาว</p>"
    again = "".join(f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in [head, rows[1]])
    assert page(before, [head, rows[0]], f"{title}<table>{again}</table>").empty


def test_what_carries_the_agencys_name_is_not_the_agency():
    assert scores("โรงเรียนเทศบาลวังบัว ผลการประเมิน ITA Online", INSTRUMENTS) == []


# --- rows and notes -------------------------------------------------------------------------------


@pytest.mark.parametrize("first", ["IIT ของ อบต.หนองยาว", "ค่าเฉลี่ยประเทศ IIT", "IIT ปี 2566"])
def test_a_row_below_one_of_others_is_not_the_agencys(first):
    below = f"เครื่องมือ\tคะแนน\n{first}\t70.11\nEIT\t71.22\nOIT\t72.33"
    assert scores("คะแนนรายเครื่องมือ", below) == []
    assert scores("คะแนนรายเครื่องมือ", f"{OWN}\n{first}\t70.11") == ["88.11", "87.22", "93.33"]


def test_a_mean_between_numbered_indicators_leaves_them_as_they_are():
    table = f"ตัวชี้วัด\tคะแนน\n{ROWS[0]}\nคะแนนเฉลี่ย IIT\t70.00\n{ROWS[1]}"
    assert scores(table) == ["71.00", "62.00"]
    assert scores(table.replace("คะแนนเฉลี่ย IIT", "ผลของ อบต.หนองยาว")) == ["71.00"]


NOTES = ["ตัวเลขนี้เป็นค่าเป้าหมายที่ผู้บริหารกำหนดไว้", "เป็นค่าเฉลี่ยของทุกหน่วยงานในจังหวัดแพร่", "ค่าเป้าหมายของปีหน้า"]
NOTES += ["คะแนนนี้เป็นของปีงบประมาณ พ.ศ. 2566", "ใช้ผลปีที่ผ่านมาเพราะยังไม่ประกาศ", "ข้อมูลปี 66"]
FINE = ["สูงกว่าค่าเฉลี่ยของจังหวัด", "ควรกำหนดค่าเป้าหมายให้ชัดเจน", "ดี", "เพิ่มขึ้นจากปี 2566"]
FINE += ["แสดงข้อมูลของปี 2566 ไม่ครบ", "บรรลุเป้าหมาย", "ข้อมูลปี 2567"]


@pytest.mark.parametrize("note", NOTES)
def test_a_longer_remark_says_what_the_figure_is(note):
    assert names_another(note, "2567")
    for column in ("หมายเหตุ", "ข้อบกพร่อง"):
        rows = [f"ตัวชี้วัด\tคะแนน\t{column}", f"{ROWS[0]}\t{note}", f"{ROWS[1]}\t{note}"]
        assert scores("\n".join(rows)) == []


@pytest.mark.parametrize("note", FINE)
def test_a_remark_that_only_speaks_of_targets_and_means_does_not(note):
    assert not names_another(note, "2567")


def test_a_note_holds_for_the_empty_cells_below_it():
    header = "ตัวชี้วัด\tคะแนน\tหมายเหตุ"
    assert scores(f"{header}\n{ROWS[0]}\tผลของ อบต.หนองยาว ใช้เปรียบเทียบ\n{ROWS[1]}\t") == []
    assert scores(f"{header}\n{ROWS[0]}\tผลของ อบต.หนองยาว\n{ROWS[1]}\tดี") == ["62.00"]


@pytest.mark.parametrize(
    "note",
    [
        "* คะแนนของเทศบาลตำบลหัวดง",
        "หมายเหตุ เป็นคะแนนปีงบประมาณ พ.ศ. 2566",
        "ที่มา : สำนักงาน ป.ป.ช.\nหมายเหตุ : เป็นค่าเฉลี่ยของทุกหน่วยงาน",
    ],
)
def test_the_notes_below_a_table_are_read_to_the_last(note):
    assert scores("คะแนนรายเครื่องมือ", INSTRUMENTS, note) == []


def test_a_note_in_the_last_row_is_of_the_whole_table():
    for tail in ("", "\t"):
        assert scores(f"{INSTRUMENTS}\nหมายเหตุ เป็นค่าเฉลี่ยของทุกหน่วยงาน{tail}") == []


def test_a_column_that_is_not_known_shifts_no_row_of_a_table_written_a_cell_a_line():
    cells = ["เครื่องมือ", "คะแนน", "ประเภทข้อมูล"]
    for name, score in (("IIT", "78.11"), ("EIT", "77.22"), ("OIT", "83.33")):
        cells += [name, score, "ค่าเฉลี่ยจังหวัด"]
    assert scores("".join(f"\t{cell}\n" for cell in cells)) == []


LONG = (
    "อนึ่ง เพื่อเป็นแนวทางในการพัฒนา คณะทำงานได้ศึกษาผลการประเมิน{} ซึ่งเป็นที่ยอมรับด้านความโปร่งใสติดต่อกันหลายปี "
    "พบว่ามีคะแนนในแต่ละตัวชี้วัดตามตารางต่อไปนี้ อันแสดงถึงความตั้งใจของผู้บริหารและพนักงานทุกคน "
    "ที่ร่วมกันเปิดเผยข้อมูลและให้บริการประชาชนในพื้นที่อย่างทั่วถึง"
)


def test_a_long_paragraph_right_above_a_table_is_read_too():
    assert scores(LONG.format("ขององค์การบริหารส่วนตำบลหนองยาว"), INDICATORS) == []
    assert scores(LONG.format("ในปีที่ผ่านมา"), INDICATORS) == []
    assert scores(LONG.format("ของเทศบาล"), INDICATORS) == ["71.00", "62.00"]


@pytest.mark.parametrize("words", ["ข้อมูลของ อบต.หนองยาว", "ข้อมูลปีงบประมาณ พ.ศ. 2566"])
def test_a_last_row_that_heads_nothing_is_a_note_on_all_of_them(words):
    assert scores(f"{INDICATORS}\n{words}\t") == []
    cells = ["ตัวชี้วัด", "คะแนน", *"\t".join(ROWS).split("\t"), words]
    assert scores("".join(f"\t{cell}\n" for cell in cells)) == []


# --- labels ---------------------------------------------------------------------------------------

LABELS = {
    "an instrument's target": ("เครื่องมือ", ["IIT เป้า", "EIT เป้า"]),
    "an instrument of somebody unknown": ("เครื่องมือ", ["IIT ชมรมผู้สูงอายุ", "EIT ชมรมผู้สูงอายุ"]),
    "a province in brackets": ("ตัวชี้วัด", ["1. การปฏิบัติหน้าที่ (จังหวัด)", "2. การใช้งบประมาณ (จังหวัด)"]),
    "a unit": ("ตัวชี้วัด", ["1. การปฏิบัติหน้าที่ของกองคลัง", "2. การใช้งบประมาณของกองช่าง"]),
    "a year behind an item": ("ข้อคำถาม", ["ข้อ i1 (ปี 2566)", "ข้อ i2 (ปี 2566)"]),
}


@pytest.mark.parametrize("kind", LABELS)
def test_what_a_label_says_behind_the_name_of_its_row_is_read(kind):
    header, labels = LABELS[kind]
    assert scores("\n".join([f"{header}\tคะแนน", *(f"{label}\t80.00" for label in labels)])) == []


def test_brackets_that_say_the_instrument_the_year_or_the_unit_are_fine():
    rows = ["IIT (ผู้มีส่วนได้ส่วนเสียภายใน)\t88.11", "EIT (ปี 2567)\t87.22", "OIT (คะแนน)\t93.33"]
    assert scores("\n".join(["เครื่องมือ\tคะแนน", *rows])) == ["88.11", "87.22", "93.33"]
    assert scores("ตัวชี้วัด\tคะแนน\n1. การปฏิบัติหน้าที่ (IIT)\t88.11") == ["88.11"]


def test_the_name_of_another_office_right_above_a_table_is_its_heading():
    assert scores("ที่ว่าการอำเภอเมืองแพร่", INDICATORS) == []
