"""What is believed: a figure only where it says whose, of which year and assessment, and a result.

Each kind that was misread once, on documents of our own; the cases beside the repository as well.
Long, since it is one list of such kinds.
"""

import csv
from pathlib import Path

import pandas as pd
import pytest

from ingestion import documents, framework, readers
from ingestion.agencies import EVER, Agency, Registry
from ingestion.judging import File, judge
from tests.beside import CASES, beside

TITLE = "รายงานการวิเคราะห์ผลการประเมินคุณธรรมและความโปร่งใสในการดำเนินงานของหน่วยงานภาครัฐ (ITA)"
PLACE = "เทศบาลตำบลวังบัว อำเภอเมือง จังหวัดแพร่"
COVER = f"{TITLE} ประจำปีงบประมาณ พ.ศ. 2567\n{PLACE}\n\n"
OWN = "ผลการประเมินในภาพรวม เทศบาลตำบลวังบัว ได้คะแนน 91.15 คะแนน อยู่ในระดับ ผ่าน\n"
TABLE = "ตัวชี้วัดที่\tรายละเอียดตัวชี้วัด\tคะแนน\n1\tการปฏิบัติหน้าที่\t90.00\n2\tการใช้งบประมาณ\t80.00\n"


def read(text):
    return documents.read("own.txt", (COVER + text).encode())


def overall(text):
    """(score, rating) of the overall scores that are read."""
    scores = read(text).scores
    return [tuple(row) for row in scores[scores.level == "overall"][["score", "rating"]].values]


OTHERS = {
    "a mean of the country": "คะแนนภาพรวมเฉลี่ยของหน่วยงานทั่วประเทศ 93.05 คะแนน",
    "a mean of words unknown": "ค่ามัธยฐานของกลุ่มได้คะแนนรวม 93.05 คะแนน",
    "the province": "คะแนนรวมของจังหวัดแพร่ 91.20 คะแนน",
    "the province as the subject": f"{PLACE}\nทั้งนี้ จังหวัดแพร่ ทำคะแนนได้ 44.30 คะแนน",
    "the province said again": f"{PLACE}\nจังหวัดแพร่ ได้คะแนนรวม 44.30 คะแนน",
    "the best": "คะแนนรวมสูงสุดของประเทศ 99.92 คะแนน",
    "a neighbour": "เทศบาลตำบลหนองยาว ได้คะแนนรวม 97.12 คะแนน อยู่ในระดับ ผ่านดีเยี่ยม",
    "a neighbour who is no agency": "ชุมชนข้างวัดได้คะแนนรวม 97.12 คะแนน",
    "a neighbour before หน่วยงาน": "คู่เทียบของหน่วยงาน คะแนนรวม 97.12 คะแนน",
    "last year": "ในปีงบประมาณ พ.ศ. 2566 ได้คะแนนรวม 80.12 คะแนน",
    "last year in two figures": "ปี 66 หน่วยงานมีผลคะแนนรวม 80.12 คะแนน",
    "last year behind": "หน่วยงานได้คะแนนรวม 80.12 คะแนน (ของปี 2566)",
    "last year in words": "ปีที่ผ่านมาหน่วยงานได้คะแนนรวม 80.12 คะแนน",
    "a change": "คะแนนรวมเพิ่มขึ้นจากปีก่อน 8.29 คะแนน",
    "from one to another": "คะแนนรวมขยับจาก 80.12 คะแนน เป็น 82.41 คะแนน",
    "a target": "ตั้งเป้าหมายคะแนนภาพรวมไว้ที่ 95.00 คะแนน",
    "a criterion": "เกณฑ์ผ่านคือคะแนนรวม 85.00 คะแนน",
    "the full mark": "คะแนนรวม 100 คะแนน",
    "points of a weight": "หน่วยงานได้คะแนนรวม 26.17 คะแนน จากคะแนนเต็ม 30 คะแนน",
    "points of ten": "เทศบาลตำบลวังบัว ได้คะแนน 9.10 คะแนน จาก ๑๐ คะแนน",
    "a fraction": "เทศบาลตำบลวังบัว ได้คะแนน 45.50/50 คะแนน",
    "a list of figures": "คะแนนรวมของเทศบาลตำบลวังบัว สามปีคือ 80.00 85.00 91.00 คะแนน",
    "another assessment": "ผลการประเมินประสิทธิภาพ (LPA) ประจำปี 2567 หน่วยงานได้คะแนนรวม 83.40 คะแนน",
    "an assessment nobody listed": "การประกวดตำบลสุขภาวะ เทศบาลตำบลวังบัว ได้คะแนนรวม 92.00 คะแนน",
    "a self-assessment": "ผลการประเมินตนเองก่อนประกาศ ได้คะแนนรวม 92.00 คะแนน",
    "an instrument": "แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายนอก ได้คะแนนรวม 82.10 คะแนน",
    "an indicator": "ด้านการใช้งบประมาณ ได้ผลคะแนน 79.33 คะแนน",
    "an item": "ข้อคำถาม i7 การเปิดโอกาสให้มีส่วนร่วม ได้ผลคะแนน 61.20",
    "contents": "สารบัญ\n1.1 ผลคะแนนภาพรวม\n1.2 คะแนนรายตัวชี้วัด",
    "contents with pages": "สารบัญ\nผลคะแนนภาพรวม ........ 5\nคะแนนรายตัวชี้วัด ........ 7",
    "numbers of sections": "๔.๑ ภาพรวม\n๔.๒ คะแนน IIT",
    "a telephone": "โทร. 0 5451 2345 ต่อ 12.30 คะแนนรวมสอบถามได้",
    "a clock": "ประชุมเวลา 13.30 น. พิจารณาผลคะแนน",
}


@pytest.mark.parametrize("kind", OTHERS)
def test_what_is_not_the_agencys_score_is_not_read(kind):
    assert overall(OTHERS[kind] + "\n") == []


@pytest.mark.parametrize("kind", OTHERS)
def test_and_is_no_conflict_beside_it(kind):
    assert overall(OWN + OTHERS[kind] + "\n") == [("91.15", "pass")]
    assert overall(OTHERS[kind] + "\n\n" + OWN) == [("91.15", "pass")]


@pytest.mark.parametrize(
    ("stated", "score"),
    [
        ("เทศบาลตำบลวังบัว ได้ 91.15 คะแนน ผลการประเมินอยู่ในระดับ ผ่าน", "91.15"),
        ("เทศบาลตำบลวังบัว มีคะแนนรวม ๙๑.๑๕ คะแนน สูงกว่าค่าเฉลี่ยของประเทศ", "91.15"),
        ("หน่วยงานมีผลคะแนนในภาพรวม 91.15 คะแนน จากคะแนนเต็ม 100 คะแนน", "91.15"),
        ("หน่วยงานมีผลคะแนนในภาพรวม ๙๑.๑๕ คะแนน จาก ๑๐๐ คะแนน", "91.15"),
        ("ผลการประเมิน ITA ปีงบประมาณ พ.ศ. 2567 ของเทศบาลตำบลวังบัว\n- ผลคะแนน 91.15", "91.15"),
        ("คะแนนภาพรวมของหน่วยงาน.....เทศบาลตำบลวังบัว.....คะแนนที่ได้.....91.15.....คะแนน", "91.15"),
        ("อบต. ข้างเคียงได้ 80.00 คะแนน\n\nเทศบาลตำบลวังบัว ได้คะแนนรวม 91.15 คะแนน", "91.15"),
    ],
)
def test_what_is_stated_in_full_is_read(stated, score):
    assert [each for each, _ in overall(stated + "\n")] == [score]


def test_what_was_seen_and_not_taken_is_told_with_its_place_and_reason():
    submission = read("ตั้งเป้าหมายคะแนนภาพรวมไว้ที่ 95.00 คะแนน\n")
    [found] = [each for each in submission.findings if each.rule == "figure_not_taken"]
    assert found.place == "line 4" and "95.00" in found.message_th and "เป้าหมาย" in found.message_th
    assert found.severity == "warning" and "ita template" in found.action_en


def test_the_list_of_what_was_not_taken_is_bounded():
    lines = "".join(f"\nตั้งเป้าหมายคะแนนภาพรวมไว้ที่ {number}.50 คะแนน\n" for number in range(60, 95))
    rules = [found.rule for found in read(lines).findings]
    assert rules.count("figure_not_taken") == 20 and rules.count("figures_not_taken") == 1


# --- levels and ranks ----------------------------------------------------------------------------

NO_LEVELS = [
    "ตั้งเป้าหมายให้อยู่ในระดับ ผ่านดีเยี่ยม",
    "ปี 66 อยู่ในระดับ ผ่านดี",
    "เทศบาลตำบลหนองยาวอยู่ในระดับ ผ่านดีเยี่ยม",
    "ภาพรวมประเทศอยู่ในระดับ ผ่านดี",
    "ระดับ ผ่านดีเยี่ยม หมายถึง คะแนน 95 ขึ้นไป",
    "ด้านการใช้งบประมาณ อยู่ในระดับ ผ่านดี",
]


@pytest.mark.parametrize("line", NO_LEVELS)
def test_a_level_of_others_is_none(line):
    score = "เทศบาลตำบลวังบัว มีคะแนนรวม 91.15 คะแนน\n"
    assert overall(score + line + "\n") == [("91.15", "")]
    assert overall(f"{score}อยู่ในระดับ ผ่าน\n{line}\n") == [("91.15", "pass")]


@pytest.mark.parametrize(
    ("line", "ranks"),
    [
        ("ได้ลำดับที่ 4 ของจังหวัด", ("4", "")),
        ("ได้ลำดับที่ 4 ของจังหวัดแพร่", ("4", "")),
        ("ได้อันดับที่ 7 ของประเทศในประเภทเทศบาลตำบล", ("", "7")),
        ("ได้ลำดับที่ 4 ของจังหวัดแพร่ ประเภทเทศบาลตำบล", None),
        ("ได้อันดับที่ 7 ในประเภทเทศบาล", None),
        ("ได้อันดับที่ 7 ในประเภทเทศบาลตำบลของภาคเหนือ", None),
        ("ได้อันดับที่ 7 ในประเภทองค์การบริหารส่วนตำบล", None),
        ("ได้ลำดับที่ 4 ของจังหวัดน่าน", None),
        ("ได้ลำดับที่ 4 ของอำเภอ", None),
        ("ปี 2566 ได้ลำดับที่ 9 ของจังหวัด", None),
        ("ตัวชี้วัดการใช้งบประมาณ ได้ลำดับที่ 1 ของจังหวัด", None),
        ("ผลการประเมิน LPA ได้ลำดับที่ 5 ของจังหวัด", None),
        ("เลื่อนจากลำดับที่ 9 ของจังหวัด เป็นลำดับที่ 4 ของจังหวัด", ("4", "")),
    ],
)
def test_ranks_have_their_scope_and_year(line, ranks):
    submission = read(OWN + line + "\n")
    found = [tuple(row) for row in submission.ranks[["province_rank", "type_rank"]].values]
    assert found == ([ranks] if ranks else [])
    told = [each.rule for each in submission.findings]
    assert "conflicting_values" not in told


# --- tables --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "caption",
    [
        "ตารางที่ 1 คะแนนเฉลี่ยรายตัวชี้วัดของหน่วยงานภาครัฐทั่วประเทศ",
        "ตารางที่ 1 ผลการประเมินรายตัวชี้วัด ประจำปีงบประมาณ พ.ศ. 2566",
        "ตารางที่ 1 ผลการประเมินของเทศบาลตำบลหนองยาว",
        "ผลการประเมินของโรงเรียนบ้านหนองยาว",
        "ผลการประเมินของชุมชนข้างวัด",
        "ผล LPA รายตัวชี้วัด",
        "เป้าหมายคะแนนรายตัวชี้วัด",
        "คะแนนรายตัวชี้วัดที่เพิ่มขึ้น",
        "ตัวชี้วัดที่ได้คะแนนต่ำสุด",
    ],
)
@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_a_caption_governs_its_table(caption, between):
    submission = read(OWN + caption + between + TABLE)
    assert set(submission.scores.level) == {"overall"}
    assert "figure_not_taken" in {found.rule for found in submission.findings}


INDICATOR_ROWS = [("1 การปฏิบัติหน้าที่", "90.00"), ("2 การใช้งบประมาณ", "80.00")]
TABLES = {
    "a mean beside": [("ตัวชี้วัด", "คะแนน", "ค่าเฉลี่ยประเทศ"), ("1 การปฏิบัติหน้าที่", "90.00", "93")],
    "columns of agencies": [
        ("ตัวชี้วัด", "เทศบาลตำบลวังบัว", "อบต.หนองยาว"),
        ("1 การปฏิบัติหน้าที่", "9", "8"),
    ],
    "last year's column": [("ตัวชี้วัด", "คะแนน ปี 2566"), *INDICATOR_ROWS],
    "a column of targets": [("ตัวชี้วัด", "คะแนนเป้าหมาย"), *INDICATOR_ROWS],
    "a column of a province": [("ตัวชี้วัด", "คะแนนเฉลี่ยจังหวัด"), *INDICATOR_ROWS],
    "a column of LPA": [("ตัวชี้วัด", "คะแนน LPA"), *INDICATOR_ROWS],
    "a column of the best": [("ตัวชี้วัด", "คะแนนสูงสุด"), *INDICATOR_ROWS],
    "points of ten": [("ตัวชี้วัด", "คะแนนเต็ม", "คะแนนที่ได้"), ("1 การปฏิบัติหน้าที่", "10", "9.12")],
    "points of thirty": [("เครื่องมือ", "คะแนนเต็ม", "คะแนน"), ("IIT", "30", "26.17")],
    "a mean in the label": [("เครื่องมือ", "คะแนน"), ("IIT เฉลี่ยทั้งประเทศ", "93.00")],
    "last year in the label": [
        ("เครื่องมือ", "คะแนน"),
        ("IIT ปี 2566", "93.00"),
        ("EIT ปี 2566", "92.00"),
    ],
    "a caption in its first row": [
        ("ผลการประเมินของ อบต.หนองยาว",) * 2,
        ("ตัวชี้วัด", "คะแนน"),
        *INDICATOR_ROWS,
    ],
}


def page(before, rows, behind="", caption=""):
    table = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    paragraphs = "".join(f"<p>{line}</p>" for line in COVER.strip().split("\n"))
    text = f"<html><body>{paragraphs}{before}<table>{caption}{table}</table>{behind}</body></html>"
    return documents.read("page.html", text.encode()).scores


@pytest.mark.parametrize("kind", TABLES)
def test_a_column_or_row_of_others_is_not_read(kind):
    assert page("", TABLES[kind]).empty


OWN_TABLE = [("ตัวชี้วัด", "คะแนน"), *INDICATOR_ROWS]


@pytest.mark.parametrize(
    "before",
    [
        "<h2>เทศบาลตำบลหนองยาว</h2><p>ผลการประเมินรายตัวชี้วัด</p>",
        "<h2>ปีงบประมาณ พ.ศ. 2566</h2><p>ผลการประเมินรายตัวชี้วัด</p>",
        "<p>ผลการประเมินของเทศบาลตำบลหนองยาว</p><p>รายละเอียดดังนี้</p>",
        "<h2>เทศบาลตำบลหนองยาว</h2><p>ผลการประเมินรายตัวชี้วัด ปี 2567</p>",
        "<p>Best practice</p>",
    ],
)
def test_what_a_caption_does_not_say_the_heading_above_it_says(before):
    assert page(before, OWN_TABLE).empty
    own = "<p>ผลการประเมินของเทศบาลตำบลวังบัว ปีงบประมาณ พ.ศ. 2567</p>"
    assert len(page(before + own, OWN_TABLE)) == 2


def test_a_source_below_a_table_governs_it_too():
    assert page("", OWN_TABLE, "<p>ที่มา : ค่าเฉลี่ยของหน่วยงานทั่วประเทศ</p>").empty
    assert len(page("", OWN_TABLE, "<p>ที่มา : สำนักงาน ป.ป.ช.</p>")) == 2


def test_the_caption_of_a_page():
    caption = "<caption>ผลการประเมินของเทศบาลตำบลหนองยาว</caption>"
    assert page("", OWN_TABLE, caption=caption).empty


def test_a_caption_is_never_the_last_line_of_the_table_above():
    text = "ตารางที่ 1 ผลการประเมินรายตัวชี้วัด\n" + TABLE.replace("การใช้งบประมาณ\t80.00", "")
    submission = read(text + "ตารางที่ 2 ผลการประเมินของเทศบาลตำบลหนองยาว\n" + TABLE)
    assert submission.scores[["code", "score"]].values.tolist() == [["1", "90.00"]]


@pytest.mark.parametrize(
    "caption",
    [
        "ผลการประเมินรายตัวชี้วัดของเทศบาลตำบลหนองยาว",
        "ผลการ  ประเมินรายตัวชี้วัดของเทศบาลตำบลหนองยาว",
        "ผ ล ก า ร ป ร ะ เ มิ น ของเทศบาลตำบลหนอง ยาว",
    ],
)
def test_a_caption_set_wide_ends_the_table_above_too(caption):
    submission = read(
        f"สรุปผลการประเมินรายตัวชี้วัด\n{TABLE}\n{caption}\n\n{TABLE.replace('90.00', '70.00')}"
    )
    assert submission.scores.score.to_list() == ["90.00", "80.00"]


@pytest.mark.parametrize(
    "caption", ["สรุปผลการประเมินรายตัวชี้วัด", "ผลการประเมินของเทศบาลตำบลวังบัว ปี 2567"]
)
def test_a_table_of_its_own_is_read(caption):
    assert list(read(f"{caption}\n{TABLE}").scores.code) == ["1", "2"]


@pytest.mark.parametrize(
    "rows",
    ["IIT\t26.17\nEIT\t25.83\nOIT\t36.41\n", "IIT (30)\t26.17\nEIT (30)\t25.83\nOIT (40)\t36.41\n"],
)
def test_weighted_points_are_no_scores(rows):
    submission = read("เครื่องมือ\tคะแนน\n" + rows)
    assert submission.scores.empty
    assert any("ถ่วงน้ำหนัก" in found.message_th for found in submission.findings)


def test_a_list_from_best_to_worst_is_not_numbered_by_indicator():
    rows = "1. การป้องกันการทุจริต\t90.15\n2. การปฏิบัติหน้าที่\t89.10\n3. การเปิดเผยข้อมูล\t88.90\n"
    assert read("ตัวชี้วัด\tคะแนน\n" + rows).scores.empty


# --- whose ---------------------------------------------------------------------------------------

NAMES = {
    "S1": "เทศบาลตำบลดงน้อย",
    "S2": "เทศบาลตำบลดงน้อยพัฒนา",
    "S3": "เทศบาลตำบลดงน้อย-สามัคคี",
    "S4": "เทศบาลตำบลดงน้อยหนองปลา",
}


@pytest.mark.parametrize(
    ("written", "agency_id"),
    [
        ("เทศบาลตำบลดงน้อย", "S1"),
        ("เทศบาลตำบลดงน้อย พัฒนา", "S2"),
        ("เทศบาลตำบลดงน้อย\u00a0พัฒนา", "S2"),
        ("เทศบาลตำบลดงน้อย-สามัคคี", "S3"),
        ("เทศบาลตำบลดงน้อย หนองปลา", "S4"),
        ("เทศบาลตำบลดงน้อย\nหนองปลา", "S4"),
        ("เทศบาลตำบลดงน้อย บ้านใหม่", None),
        ("เทศบาลตำบลดงน้อย-บ้านใหม่", None),
    ],
)
def test_an_agency_is_its_whole_name(written, agency_id):
    text = f"{TITLE} ประจำปีงบประมาณ พ.ศ. 2567\n{written}\nอำเภอเมือง จังหวัดแพร่\n\n"
    text += f"ผลการประเมินในภาพรวม {written} ได้คะแนน 91.15 คะแนน อยู่ในระดับ ผ่าน\n"
    registry = Registry(
        [Agency(each, name, "tambon_mun", "54", "", 2560, EVER) for each, name in NAMES.items()],
        framework.load(),
    )
    submission = readers.read(Path("file"), text.encode())
    units = judge([File("0" * 64, "agency", submission)], framework.load(), registry, {})[0].units
    assert {unit["agency"] for unit in units if unit["accepted"]} <= {agency_id}


# --- the cases beside the repository -------------------------------------------------------------


def case_registry():
    with (CASES / "agencies.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [
            Agency(
                row["agency_id"],
                row["name_th"],
                row["agency_type"],
                row["province_code"],
                row["district_th"],
                int(row["valid_from"]),
                int(row["valid_to"] or EVER),
                aliases=tuple(filter(None, (row["aliases"] or "").split("|"))),
            )
            for row in csv.DictReader(file)
        ]
    return Registry(rows, framework.load())


# What each case says may be stored (README of the cases): (overall, level, province rank), or None.
_SPOKEN = sorted(path.name for path in CASES.glob("[LPR][0-9]*.txt"))
_LEVELLED = {"L01w", "L03w", "L05w", "L07w", "L09w"}


def expected(name):
    case = name.split("_")[0]
    if case[0] == "R":
        return ("88.41", "pass", 4 if case == "R06" else None)
    if case[0] == "L":
        return ("88.41", "pass" if case in _LEVELLED else None, None)
    return ("88.41", "pass", None) if case.endswith("w") else None


def stored(name):
    """(agency_id, overall, level, province rank) of what would be stored of a case."""
    path = CASES / name
    submission = readers.read(path, path.read_bytes())
    judged = judge([File("0" * 64, "agency", submission)], framework.load(), case_registry(), {})[0]
    if "score" not in judged.tables:
        return None, judged
    [row] = judged.tables["score"].itertuples()
    unit = judged.tables["unit"].iloc[0]
    rank = unit["published_province_rank"]
    rating = row.rating if isinstance(row.rating, str) else None
    return (str(row.score), rating, None if pd.isna(rank) else int(rank)), judged


@beside
@pytest.mark.parametrize("name", _SPOKEN)
def test_cases_of_sentences(name):
    got, judged = stored(name)
    assert got == expected(name)
    if got:
        assert [unit["agency"] for unit in judged.units] == [name.split("_")[0]]


@beside
@pytest.mark.parametrize("name", sorted(path.name for path in CASES.glob("T*.html")))
def test_cases_of_tables(name):
    path = CASES / name
    assert readers.read(path, path.read_bytes()).scores.empty


@pytest.mark.parametrize("name", ["การไฟฟ้านวัตกรรม", "การ  ไฟฟ้านวัตกรรม"])
def test_a_page_is_of_the_agency_of_its_headline_however_wide_it_is_set(name):
    scores = documents.read(
        "news.txt",
        f"{name} ประกาศ{TITLE} ประจำปีงบประมาณ พ.ศ. 2567\n\n"
        f"การไฟฟ้านวัตกรรม มีคะแนนรวม 70.13 คะแนน จาก{TITLE}\n\n"
        "นอกจากนี้ เทศบาลเมืองบ้านทราย มีคะแนนภาพรวม 41.25 คะแนน\n".encode(),
    ).scores
    assert scores.score.to_list() == ["70.13"]
    assert scores.agency_name.str.replace(" ", "").to_list() == ["การไฟฟ้านวัตกรรม"]


def test_a_table_right_below_another_is_its_next_part_whatever_its_header():
    again = TABLE.replace("คะแนน\n", "คะแนน (ร้อยละ)\n", 1)
    assert read(f"ตัวชี้วัดที่ได้คะแนนต่ำสุด\n{again}{TABLE}").scores.empty
    assert len(read(f"ผลการประเมินรายตัวชี้วัด\n{again}{TABLE}").scores) == 2


def test_the_caption_of_a_table_of_items_does_not_say_the_year_of_the_report():
    report = "รายงานการดำเนินการตามมาตรการ ประจำปีงบประมาณ พ.ศ. 2568\nเทศบาลตำบลวังบัว\n"
    title = "จากการวิเคราะห์ผลการประเมินคุณธรรมและความโปร่งใส ปีงบประมาณ พ.ศ. 2567 นำมาสู่มาตรการ\n\n"
    caption = "ผลการประเมินรายข้อ ประจำปีงบประมาณ พ.ศ. 2565\n"
    text = report + title + 2 * caption + "ข้อคำถาม\tคะแนน\nข้อ i1\t77.17\nข้อ i2\t81.23\n"
    assert documents.read("own.txt", text.encode()).scores.empty


def test_a_headline_stands_below_titles_that_are_printed_again():
    scores = documents.read(
        "news.txt",
        "รายงานผลการประเมิน ITA\nรายงานผลการประเมิน ITA\nรายงานผลการ  ประเมิน ITA\n"
        f"กรุงเทพมหานคร ประกาศ{TITLE} ประจำปีงบประมาณ พ.ศ. 2567\n\n"
        "ผลการประเมิน ITA ปีงบประมาณ พ.ศ. 2567 ของกรุงเทพมหานคร มีคะแนนภาพรวม 99.39 คะแนน\n\n"
        "นอกจากนี้ ผลการประเมิน ITA อบต. ข้างเคียง คะแนนภาพรวม 50.21 คะแนน\n".encode(),
    ).scores
    assert scores[["agency_name", "score"]].values.tolist() == [["กรุงเทพมหานคร", "99.39"]]


def test_who_is_compared_with_the_agency_is_not_the_agency():
    scores = documents.read(
        "report.txt",
        f"{TITLE} ของ\nสำนักงานศาลสวัสดิการ\nประจำปีงบประมาณ พ.ศ. 2567\n\n"
        "คู่เทียบของหน่วยงาน สำนักปลัด ได้คะแนน 94.67 คะแนน\n\n"
        "คะแนนภาพรวมของหน่วยงาน สำนักงานศาลสวัสดิการ ได้คะแนน 70.77 คะแนน\n".encode(),
    ).scores
    assert scores[["agency_name", "score"]].values.tolist() == [["สำนักงานศาลสวัสดิการ", "70.77"]]
