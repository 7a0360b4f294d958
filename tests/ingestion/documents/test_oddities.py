"""Every oddity that published documents show (domain notes, §7), each on a small document of our
own. Long, since it is one list: who looks for an oddity finds it here, whatever the format.
"""

from datetime import date

import pytest

from ingestion import documents
from ingestion.documents import timeframes

TITLE = "รายงานผลการประเมินคุณธรรมและความโปร่งใสในการดำเนินงาน ประจำปีงบประมาณ พ.ศ. 2566\n"
AGENCY = "เทศบาลตำบลบ้านไผ่งาม อำเภอหนองบัว จังหวัดลำพูน\n"
HEADER = "ตัวชี้วัดที่\tหัวข้อการประเมิน\tเครื่องมือ\tข้อคำถาม\tคะแนน\tข้อบกพร่อง/สิ่งที่ควรแก้ไข/ปรับปรุง/พัฒนา\n"
MEASURES = (
    "การนำผลการวิเคราะห์แต่ละประเด็นไปสู่การปฏิบัติ ในปีงบประมาณ พ.ศ. 2567\n"
    "ประเด็น\tวิธีการนำผลวิเคราะห์ไปสู่การปฏิบัติ\tผู้รับผิดชอบ\tขั้นตอน / วิธีปฏิบัติ\tระยะเวลาดำเนินงาน\n"
)
INDICATORS = "ตัวชี้วัดที่\tรายละเอียดตัวชี้วัด\tคะแนน\n"


def read(text, encoding="utf-8"):
    return documents.read("own.txt", text.encode(encoding))


def items(text):
    """code → score of the items in a report of results with `text` under its title."""
    scores = read(TITLE + AGENCY + text).scores
    assert not scores[scores.level == "item"].duplicated("code").any()
    return dict(scores[scores.level == "item"][["code", "score"]].values)


def rules(submission):
    return [finding.rule for finding in submission.findings]


def row(code, score, remark=""):
    return f"\t\t\t{code}\t{score}\t{remark}\n"


# --- how tables are written -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        "คะแนน (๐-๑๐๐)",
        "คะแนน 0 - 100",
        "คะแนน (ร้อยละ)",
        "คะแนน (เต็ม 100 คะแนน)",
        "คะแนนเฉลี่ย",
        "ผลการประเมิน (คะแนน)",
        "คะแนนที่ได้รับ",
    ],
)
def test_headers_of_scores(header):
    assert items(HEADER.replace("คะแนน", header) + row("i1", "99.21")) == {"i1": "99.21"}


@pytest.mark.parametrize("header", ["คะแนนเต็ม 100", "คะแนนเต็ม", "ค่าเป้าหมาย", "ร้อยละ", "น้ำหนัก"])
def test_headers_of_other_figures(header):
    assert items(HEADER.replace("คะแนน", header) + row("i1", "99.21")) == {}


def test_a_header_and_rows_broken_over_lines():
    text = "ตัวชี้วัดที่\tหัวข้อการประเมิน\tเครื่องมือ\nการประเมิน\tข้อคำถาม\tคะแนน\tข้อบกพร่อง\n"
    text += "1\tการปฏิบัติ\nหน้าที่\tIIT\tข้อ\ni1\t99.21\tควรรักษา\nมาตรฐาน\n\t\t\tข้อ\ni2\t98.00\t\n"
    assert items(text) == {"i1": "99.21", "i2": "98.00"}


def test_quoted_cells_and_notes_below_figures():
    assert items(HEADER + '"1"\t"การปฏิบัติหน้าที่"\t"IIT"\t"ข้อ i1"\t"99.21"\t""\n') == {"i1": "99.21"}
    cells = "".join(f"\t{cell}\n" for cell in HEADER.strip().split("\t"))
    assert items(f"{cells}\t1\n\tการปฏิบัติหน้าที่\n\tIIT\n\tข้อ i1\n\t99.21\nสำนักปลัด\n\t\n") == {
        "i1": "99.21"
    }


def test_titles_of_pages_are_no_part_of_cells():
    running, cells = (
        "รายงานผลการประเมิน ITA\n",
        "".join(f"\t{cell}\n" for cell in HEADER.strip().split("\t")),
    )
    rows = [
        f"\t\n\t\n\t\n\tข้อ i{number}\n\t9{number}.21\n\tควรปรับปรุงข้อ\n{running}\n"
        for number in (1, 2, 3, 4)
    ]
    submission = read(TITLE + AGENCY + cells + "".join(rows))
    assert list(submission.scores.score) == ["91.21", "92.21", "93.21", "94.21"]
    assert [remark.count("ITA") for remark in submission.remarks.remark_th] == [
        1,
        0,
        0,
        0,
    ]  # the first is no repetition


def measures_a_cell_a_line(*cells):
    header = MEASURES.split("\n")
    return read(
        TITLE
        + AGENCY
        + header[0]
        + "\n"
        + "".join(f"\t{cell}\n" for cell in [*header[1].split("\t"), *cells])
    ).measures


def test_measures_whose_empty_cells_left_no_trace():
    first = [
        "1. กระบวนการปฏิบัติงานที่โปร่งใสและมีประสิทธิภาพ",
        "จัดทำคู่มือ",
        "สำนักปลัด",
        "1. ร่าง",
        "ตลอดปีงบประมาณ 2567",
    ]
    more = ["ประชุม", "กองคลัง", "1. นัด", "1 ต.ค. 2566 - 30 ก.ย. 2567"]
    third = ["2. การให้บริการและระบบ E-Service", "พัฒนาระบบ", "กองช่าง", "1. ออกแบบ", "ไตรมาส 2"]
    for cells in ([*first, *more, *third], [*first, "", *more, *third]):
        measures = measures_a_cell_a_line(*cells)
        assert measures[
            ["topic_no", "measure_th", "responsible_th", "ends_on"]
        ].values.tolist() == [
            ["1", "จัดทำคู่มือ", "สำนักปลัด", "2024-09-30"],
            ["1", "ประชุม", "กองคลัง", "2024-09-30"],
            ["2", "พัฒนาระบบ", "กองช่าง", "2024-03-31"],
        ]


def test_a_topic_cell_that_names_no_topic_takes_none():
    rows = (
        "1. กระบวนการปฏิบัติงานที่โปร่งใสและมีประสิทธิภาพ\tจัดทำคู่มือ\tสำนักปลัด\t1. ร่าง\tตลอดปีงบประมาณ\n"
        "2. เรื่องอื่น ๆ\tประชุม\tกองคลัง\t1. นัด\tตลอดปีงบประมาณ\n"
    )
    assert list(read(TITLE + AGENCY + MEASURES + rows).measures.topic_no) == ["1", ""]


def test_constraints_below_headers_that_are_not_all_known():
    headers, notes = (
        ["Man : ด้านบุคลากร", "Money : ด้านงบประมาณ", "Material : ด้านทรัพยากร"],
        ["คนน้อย", "เงินน้อย", "ของน้อย"],
    )

    def kinds(headers):
        table = "".join(f"\t{cell}\n" for cell in [*headers, *notes])
        return list(read(TITLE + AGENCY + "การวิเคราะห์ข้อจำกัด\n" + table + "\n").constraints.kind)

    assert kinds(headers) == ["staff", "budget", "material"]
    assert (
        kinds([headers[0], headers[1], headers[2] + "\nหน้าถัดไปของเล่มนี้"]) == []
        and kinds(["ด้านอื่น ๆ", *headers[1:]]) == []
    )
    notes += ["ตัวชี้วัด", "คะแนนที่ได้เพิ่ม", "หมายเหตุ", "การปฏิบัติหน้าที่", "๘๘.๘๓ %", "ดี"]
    assert kinds(headers) == [], "another table that follows, not recognised"


@pytest.mark.parametrize(
    ("rows", "read_as"),
    [
        (
            "9\tการเปิดเผยข้อมูล\t90.00\n10\tการเปิดเผยข้อมูล\t80.00\n",
            {"9": "90.00", "10": "80.00"},
        ),  # the number follows: its title was copied
        (
            "1\tการปฏิบัติหน้าที่\t90.00\n7\tการใช้งบประมาณ\t80.00\n",
            {"1": "90.00", "2": "80.00"},
        ),  # the title follows
        ("1\tการปฏิบัติหน้าที่\t90.00\n7\tการใช้อำนาจ\t80.00\n", {"1": "90.00"}),  # nothing proves either
    ],
)
def test_an_indicator_whose_number_and_title_differ(rows, read_as):
    scores = read(TITLE + AGENCY + INDICATORS + rows).scores
    assert dict(scores[["code", "score"]].values) == read_as


def test_the_assessors_paragraphs_for_an_instrument():
    text = (
        "ข้อเสนอแนะสำหรับการประเมินตามแบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายใน "
        "(IIT)\nหน่วยงานควรจัดประชุม\nและแจ้งเวียน\n"
        "ข้อเสนอแนะสำหรับการประเมินตามแบบวัด (OIT)\nการวิเคราะห์ผล\n" + HEADER + row("i1", "99.00")
    )
    assert read(TITLE + AGENCY + text).remarks[
        ["item_code", "topic_no", "remark_th"]
    ].values.tolist() == [["", "", "(IIT) หน่วยงานควรจัดประชุม และแจ้งเวียน"]]


# --- codes and digits -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("ข้อ i๑", "i1"),
        ("ข้อ i1", "i1"),
        ("I8", "i8"),
        ("ข้อ E๑5", "e15"),
        ("๐๑๐", "o10"),
        ("๐8", "o8"),
        ("o14", "o14"),
        ("ข้อ ๐๔๓", "o43"),
        ("ซื้อ ๐๑๓", "o13"),
        ("ซื้อ e3", "e3"),
        ("(e3)", "e3"),
        ("ข้อ 012", "o12"),
        ("ข้อ e5 ข้อมูลที่เผยแพร่ครบถ้วน", "e5"),
    ],
)
def test_codes(written, code):
    assert items(HEADER + row(written, "๙๙.๓๔")) == {code: "99.34"}


@pytest.mark.parametrize("written", ["จัดซื้อ ๑๓", "ข้อ 5", "10", "ข้อ ก1", "o44x"])
def test_no_codes(written):
    assert items(HEADER + row(written, "90.10")) == {}


def test_a_repaired_code_is_quoted():
    submission = read(TITLE + AGENCY + HEADER + row("ซื้อ ๐๑๓", "100") + row("o14", "100"))
    [found] = [finding for finding in submission.findings if finding.rule == "read_by_repair"]
    assert (
        found.value == "ซื้อ ๐๑๓"
        and "o13" in found.message_en
        and found.place == "line 4"
        and found.severity == "warning"
    )


def test_only_the_order_proves_a_letter():
    assert (
        items(
            HEADER
            + row("e8", "91.00")
            + row("e9", "92.00")
            + row("๓๑๐", "93.00")
            + row("e11", "94.00")
        )["e10"]
        == "93.00"
    )
    assert items(HEADER + row("e8", "91.00") + row("๓๑๐", "93.00")) == {"e8": "91.00"}
    assert items(HEADER + row("๓๑๐", "93.00")) == {}


def test_code_and_score_lines_apart():
    cells = "".join(f"\t{cell}\n" for cell in HEADER.strip().split("\t"))
    text = cells + (
        "\n\t7\n\tประสิทธิภาพการสื่อสาร\n\n\tEIT\n\tข้อ e10\n\n\n"
        "\t93.61\n\t\n\n\t\n\t\n\t\n\tข้อ e15\n\t92.65\n"
    )
    scores = read(TITLE + AGENCY + text).scores
    assert scores[["code", "score", "place"]].values.tolist() == [
        ["e10", "93.61", "line 17"],
        ["e15", "92.65", "line 24"],
    ]


def test_several_codes_in_one_cell():
    assert items(HEADER + row("ข้อ i1 ข้อ i2 ข้อ i3", "99.10 98.20 97.30")) == {
        "i1": "99.10",
        "i2": "98.20",
        "i3": "97.30",
    }
    submission = read(TITLE + AGENCY + HEADER + row("ข้อ i1 ข้อ i2", "99.10") + row("i3", "97.30"))
    assert list(submission.scores.code) == ["i3"] and "codes_without_own_score" in rules(submission)


def test_references_shares_and_targets_are_no_scores():
    remark = (
        "(e3) : ผู้รับบริการร้อยละ 16.13 ไม่ทราบ จึงควรปรับปรุง (อ้างอิงจาก o39 – "
        "o41) ให้ไม่น้อยกว่าร้อยละ 80 จากเดิมประมาณร้อยละ  ของทั้งหมด"
    )
    assert items(HEADER + row("e3", "92.65", remark)) == {"e3": "92.65"}
    limits = (
        "มีผลการประเมินในภาพรวม 95 คะแนนขึ้นไป และมีคะแนนรายเครื่องมือ "
        "95.00 คะแนนขึ้นไป คะแนนเฉลี่ยทั่วประเทศ 90.19 คะแนน\nประเด็นที่ 1 การปฏิบัติงาน\n"
    )
    assert read(TITLE + AGENCY + limits + HEADER + row("e3", "92.65")).scores.level.tolist() == [
        "item"
    ]


@pytest.mark.parametrize(
    "written",
    ["9O.12", "92.65l", "9 2.65", "92.65 / 93.00", "101", "-5.00", "92.", "00.12", "ผ่าน", "92.65?"],
)
def test_a_figure_that_is_not_certain_is_left_out(written):
    submission = read(TITLE + AGENCY + HEADER + row("i1", written) + row("i2", "98.20"))
    assert list(submission.scores.code) == ["i2"] and rules(submission) == ["unreadable_figure"]


@pytest.mark.parametrize(
    "broken", ["99.\n34", "99\n.34", "99\t.34", "9\n9.34", "9\t9.34", "99.3\n4"]
)
def test_half_a_figure_is_none(broken):
    assert "i2" not in items(HEADER + row("i1", "98.20") + row("i2", broken) + row("i3", "97.30"))


@pytest.mark.parametrize("missing", ["", "-", "–"])
def test_a_missing_score_is_missing_not_zero(missing):
    assert items(HEADER + row("o3", missing) + row("o4", "0")) == {"o4": "0"}


# --- missing, repeated, conflicting ---------------------------------------------------------------


def test_an_item_under_two_topics():
    first = "ประเด็นที่ 1 : กระบวนการปฏิบัติงานที่โปร่งใสและมีประสิทธิภาพ\n" + HEADER + row("i1", "99.21")
    second = "ประเด็นที่ 2 : การให้บริการและระบบ E-Service\n" + HEADER + row("i1", "{}")
    assert items(first + second.format("๙๙.๒๑")) == {"i1": "99.21"}
    both = read(
        TITLE + AGENCY + first + second.format("98.00")
    ).scores  # two values: the judge rejects the unit
    assert both[["code", "score", "place"]].values.tolist() == [
        ["i1", "99.21", "line 5"],
        ["i1", "98.00", "line 8"],
    ]


def test_cover_of_another_agency():
    body = (
        f"{AGENCY}คะแนนภาพรวมของหน่วยงาน.....เทศบาลตำบลบ้านไผ่งาม.....คะแนนที่ได้.....๘๘.๑๐.....คะแนน\n"
    )
    submission = read("เทศบาลตำบลต้นฉบับ\nอำเภอหนองบัว จังหวัดลำพูน\n" + TITLE + body)
    assert submission.scores[["agency_name", "score"]].values.tolist() == [
        ["เทศบาลตำบลบ้านไผ่งาม", "88.10"]
    ]
    assert "cover_differs" in rules(submission)


def test_headings_with_nothing_under_them():
    text = (
        "## ผลการประเมินรายเครื่องมือ\n\n\n## ผลการประเมินรายตัวชี้วัด\nปี 2564\n\nปี 2565\n\nปี 2566\n"
        + HEADER
        + row("i1", "99.21")
    )
    assert items(text) == {"i1": "99.21"}


def test_a_document_without_scores():
    submission = read(
        TITLE
        + AGENCY
        + MEASURES
        + "1. กระบวนการปฏิบัติงานที่โปร่งใสและมีประสิทธิภาพ\tจัดทำคู่มือ\tสำนักปลัด\t1. เผยแพร่\tตลอดปีงบประมาณ\n"
    )
    assert submission.scores.empty and len(submission.measures) == 1
    assert submission.measures[["starts_on", "ends_on"]].values.tolist() == [
        ["2023-10-01", "2024-09-30"]
    ]


def test_an_ita_report_in_which_nothing_can_be_read():
    assert rules(read(TITLE + AGENCY + "ตารางอยู่ในภาพ\n")) == ["nothing_read"]


def test_another_kind_of_document_is_none():
    assert (
        read(
            "รายงานการประเมินประสิทธิภาพขององค์กร (LPA)\nตัวชี้วัดที่\t"
            "รายละเอียดตัวชี้วัด\tคะแนน\n1\tการบริหารจัดการ\t80.00\n"
        )
        is None
    )


@pytest.mark.parametrize(
    "again",
    [
        HEADER,
        "ประเด็นที่ 1 : กระบวนการปฏิบัติงานที่โปร่งใสและมีประสิทธิภาพ (ต่อ)\n" + HEADER,
        "ประเด็นที่ 1 : กระบวนการปฏิบัติงานที่โปร่งใสและมีประสิทธิภาพ (ต่อ)\n",
        "- ๓๒ -\n",
        "เทศบาลตำบลบ้านไผ่งาม\n",
        "\n\n",
    ],
)
def test_tables_that_go_on(again):
    text = (
        "ประเด็นที่ 1 : กระบวนการปฏิบัติงานที่โปร่งใสและมีประสิทธิภาพ\n"
        + HEADER
        + row("i1", "99.21")
        + again
        + row("i2", "98.00")
    )
    assert items(text) == {"i1": "99.21", "i2": "98.00"}


def test_a_remark_goes_on_in_the_next_table():
    heading = "ประเด็นที่ 2 : การให้บริการและระบบ E-Service"
    remark = "<p>ส่วนที่ 1 : (EIT Public)</p><p>(e13) : หน่วยงานควรปรับปรุง"
    text = f"{heading}\n{HEADER}{row('e13', '90.39', remark)}{heading} (ต่อ)\n{HEADER}"
    submission = read(TITLE + AGENCY + text + row("", "", "ช่องทางออนไลน์ให้ครบถ้วน (อ้างอิงจาก o18)"))
    assert submission.remarks[["item_code", "part", "topic_no", "remark_th"]].values.tolist() == [
        ["e13", "public", "2", "(e13) : หน่วยงานควรปรับปรุง ช่องทางออนไลน์ให้ครบถ้วน (อ้างอิงจาก o18)"]
    ]
    assert list(submission.scores.flagged) == ["1"]


def test_an_entry_of_items_goes_on_in_a_broken_line():
    text = (
        TITLE
        + AGENCY
        + HEADER
        + row(
            "i1",
            "92.65",
            '"i๑๔ ประเมินโดย : ผู้ใช้บริการประมาณร้อยละ\n๑๒.๕๐ ยังไม่ทราบ i๑๓ การให้ความสำคัญ : ควรปรับปรุง"',
        )
    )
    assert list(read(text).remarks.item_code) == ["i14", "i13"]


def test_a_remark_that_keeps_the_standard_flags_nothing():
    keep = "หน่วยงานควรรักษามาตรฐานไว้"
    submission = read(
        TITLE + AGENCY + HEADER + row("i1", "100", f"(i1) : {keep}") + row("i2", "99.00", keep)
    )
    assert set(submission.scores.flagged) == {""} and list(submission.remarks.item_code) == [
        "i1",
        "",
    ]


def test_a_measure_split_over_pages():
    text = (
        MEASURES
        + (
            "1. กระบวนการปฏิบัติงานที่โปร่งใสและมีประสิทธิภาพ\tจัดทำคู่มือ\t"
            "สำนักปลัด\t1. ร่าง\t1 ต.ค. 2566 ถึง 30 ก.ย. 2567\n"
        )
        + MEASURES.split("\n")[1]
        + "\n\tและเผยแพร่\t\t2. ประกาศ\t\n\tประชุมประจำเดือน\tกองคลัง\t1. ประชุม\tตลอดปีงบประมาณ\n"
    )
    measures = read(TITLE + AGENCY + text).measures
    assert measures[["topic_no", "measure_th", "steps_th"]].values.tolist() == [
        ["1", "จัดทำคู่มือ และเผยแพร่", "1. ร่าง 2. ประกาศ"],
        ["1", "ประชุมประจำเดือน", "1. ประชุม"],
    ]


def test_a_wrong_indicator_title_is_warned_of():
    submission = read(
        TITLE + AGENCY + INDICATORS + "9\tการเปิดเผยข้อมูล\t90.00\n10\tการเปิดเผยข้อมูล\t80.00\n"
    )
    assert submission.scores[["code", "score"]].values.tolist() == [["9", "90.00"], ["10", "80.00"]]
    assert rules(submission) == ["title_differs"]


def test_topics_by_title_not_by_number():
    row = "1. การให้บริการและระบบ E-Service\tพัฒนาระบบ\tสำนักปลัด\t1. ออกแบบ\tตลอดปีงบประมาณ\n"
    submission = read(TITLE + AGENCY + MEASURES + row)
    assert list(submission.measures.topic_no) == ["2"] and rules(submission) == [
        "topic_number_differs"
    ]


# --- years and dates ------------------------------------------------------------------------------


def test_three_years_in_one_document():
    text = (
        (
            "รายงานการวิเคราะห์ผลการประเมินคุณธรรมและความโปร่งใส ประจำปี พ.ศ. "
            "๒๕๖๗ เพื่อกำหนดมาตรการส่งเสริมคุณธรรม ประจำปี พ.ศ. ๒๕๖๘\n"
        )
        + AGENCY
        + (
            "ตามที่ได้กำหนดการประเมินคุณธรรมและความโปร่งใส ประจำปี พ.ศ.2568\n"
            "ผลการประเมิน ITA ในปีงบประมาณ พ.ศ.2567\n- ผลคะแนน 91.20\n"
        )
        + MEASURES.split("\n")[1]
        + "\n1. การให้บริการและระบบ E-Service\tพัฒนาระบบ\tกองคลัง\t1. ออกแบบ\tภายใน 6 เดือนแรก\n"
    )
    submission = read(text)
    assert submission.scores[["fiscal_year", "score"]].values.tolist() == [["2567", "91.20"]]
    assert submission.measures[["fiscal_year", "starts_on", "ends_on"]].values.tolist() == [
        ["2568", "2024-10-01", "2025-03-31"]
    ]


@pytest.mark.parametrize("year", ["พ.ศ.๒๕๖๖", "พ.ศ ๒๕๖๖", "๒๕66"])
def test_spellings_of_a_year(year):
    title = f"ผลการประเมินคุณธรรมและความโปร่งใส ประจำปีงบประมาณ {year}\n"
    assert list(read(title + AGENCY + HEADER + row("i1", "99.00")).scores.fiscal_year) == ["2566"]


@pytest.mark.parametrize(
    ("written", "starts", "ends"),
    [
        ("1 ต.ค. 2566 \nถึง\n30 ก.ย. 2567", date(2023, 10, 1), date(2024, 9, 30)),
        ("๑ ตุลาคม ๒๕๖๖ – ๓๐ กันยายน ๒๕๖๗", date(2023, 10, 1), date(2024, 9, 30)),
        ("1 ตุลาคม - 31 ธันวาคม พ.ศ.2566", date(2023, 10, 1), date(2023, 12, 31)),
        ("1 ต.ค. - 30 ก.ย. 2567", date(2023, 10, 1), date(2024, 9, 30)),
        ("ตุลาคม 2566 - มีนาคม 2567", date(2023, 10, 1), date(2024, 3, 31)),
        ("ไตรมาส 1 - ไตรมาส 3 ปีงบประมาณ 2567", date(2023, 10, 1), date(2024, 6, 30)),
        ("ไตรมาสที่ ๒", date(2024, 1, 1), date(2024, 3, 31)),
        ("ภายใน 6 เดือนแรกของปีงบประมาณ พ.ศ.2567", date(2023, 10, 1), date(2024, 3, 31)),
        ("6 เดือนหลัง", date(2024, 4, 1), date(2024, 9, 30)),
        ("ตลอดปีงบประมาณ พ.ศ. 2567", date(2023, 10, 1), date(2024, 9, 30)),
        ("ปีงบประมาณ พ.ศ. 2567", date(2023, 10, 1), date(2024, 9, 30)),
        ("ภายในวันที่ 31 มีนาคม 2567", None, date(2024, 3, 31)),
        ("ภายในเดือนกุมภาพันธ์ 2567", None, date(2024, 2, 29)),
        ("ธันวาคม 2566", date(2023, 12, 1), date(2023, 12, 31)),
    ],
)
def test_time_frames(written, starts, ends):
    assert timeframes.period(written, 2567) == timeframes.Period(starts, ends)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "ทุกเดือน",
        "1 ตุลาคม 2566",
        "1 ต.ค. 2566 ถึง",
        "31 กันยายน 2567",
        "ภายในเดือนเมษายน และเดือนตุลาคม ของทุกปี",
        "ไตรมาส 3 - ไตรมาส 1",
        "1 ต.ค. 66 - 30 ก.ย. 67",
        "ตลอดปีงบประมาณ 2567 และปีงบประมาณ 2568",
    ],
)
def test_no_time_frame_is_guessed(written):
    assert timeframes.period(written, 2567) is None


PROGRESS = (
    "รายงานการดำเนินการตามมาตรการส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน "
    "ประจำปีงบประมาณ พ.ศ. ๒๕๖๖ รอบ ๖ เดือน\n"
    "(เดือนตุลาคม ๒๕๖๕ - มีนาคม ๒๕๖๖)\n"
    + AGENCY
    + (
        "ประเด็นที่ต้องปรับปรุงแก้ไข/ประเด็นที่ต้องพัฒนา\tผู้รับผิดชอบ\t"
        "ขั้นตอนหรือวิธีการ/มาตรการ\tการรายงานผลและการกำกับติดตาม\tผลการดำเนินการ\n"
    )
)


@pytest.mark.parametrize(
    ("result", "completed", "noted"),
    [
        ("ดำเนินการแล้วเมื่อวันที่ ๑๖ ธันวาคม พ.ศ.๒๕๖๕", "2022-12-16", 0),
        ("ดำเนินการแล้ว เดือนตุลาคม .พ.ศ.๒๕๖๕", "2022-10-31", 0),
        (
            "<p>๑. ดำเนินการแล้วเมื่อวันที่ ๔ เมษายน ๒๕๖๖</p><p>๒. ดำเนินการแล้วเมื่อวันที่ ๖ เมษายน ๒๕๖๖</p>",
            "2023-04-06",
            1,
        ),
        ("๑. ดำเนินการแล้วเมื่อวันที่ ๑ ธันวาคม ๒๕๖๕ ๒. อยู่ระหว่างดำเนินการ", "", 0),
        ("คาดว่าจะแล้วเสร็จเดือนมิถุนายน ๒๕๖๖", "", 0),
        ("ยังไม่ได้ดำเนินการ", "", 0),
    ],
)
def test_completions(result, completed, noted):
    submission = read(
        PROGRESS + f"e๖ การเผยแพร่ข้อมูล\tสำนักปลัด\t๑. ประชุม\tรายงาน ภายในเดือนเมษายน ๒๕๖๖\t{result}\n"
    )
    assert submission.progress[["as_of", "due_on", "completed_on"]].values.tolist() == [
        ["2023-03-31", "2023-04-30", completed]
    ]
    assert rules(submission).count("date_outside_period") == noted


@pytest.mark.parametrize(
    ("followup", "result", "due"),
    [
        (
            "๑. ร่าง ภายในเดือนเมษายน ๒๕๖๖ ๒. ประกาศ ภายในเดือนธันวาคม ๒๕๖๕",
            "๑. ดำเนินการแล้วเมื่อวันที่ ๑ พฤศจิกายน ๒๕๖๕ ๒. ดำเนินการแล้วเมื่อวันที่ ๕ มกราคม ๒๕๖๖",
            "2022-12-31",
        ),  # the step that was completed last has its own due date
        (
            "๑. ร่าง ภายในเดือนเมษายน ๒๕๖๖ ๒. ประกาศ",
            "๑. ดำเนินการแล้วเมื่อวันที่ ๑ พฤศจิกายน ๒๕๖๕ ๒. ดำเนินการแล้วเมื่อวันที่ ๕ มกราคม ๒๕๖๖",
            "",
        ),
        (
            "๑. ร่าง ภายในเดือนเมษายน ๒๕๖๖ ๒. ประกาศ ภายในเดือนธันวาคม ๒๕๖๕",
            "ดำเนินการแล้วเมื่อวันที่ ๕ มกราคม ๒๕๖๖",
            "2023-04-30",
        ),
        (
            "รายงาน ภายในเดือนเมษายน ๒๕๖๖",
            "๑. ดำเนินการแล้วเมื่อวันที่ ๑ พฤศจิกายน ๒๕๖๕ ๒. ดำเนินการแล้วเมื่อวันที่ ๕ มกราคม ๒๕๖๖",
            "2023-04-30",
        ),
    ],
)
def test_a_completion_has_its_own_due_date(followup, result, due):
    submission = read(PROGRESS + f"e๖ การเผยแพร่ข้อมูล\tสำนักปลัด\t๑. ประชุม\t{followup}\t{result}\n")
    assert submission.progress[["due_on", "completed_on"]].values.tolist() == [[due, "2023-01-05"]]


def test_progress_without_a_period_is_not_read():
    text = PROGRESS.replace(" รอบ ๖ เดือน", "").replace("(เดือนตุลาคม ๒๕๖๕ - มีนาคม ๒๕๖๖)\n", "")
    submission = read(text + "e๖ การเผยแพร่\tสำนักปลัด\t๑. ประชุม\t\tแล้วเสร็จ\n")
    assert (
        submission.progress.empty
        and "no_reporting_period" in rules(submission)
        and len(submission.measures) == 1
    )


# --- names, overall, level, ranks -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "name", "kind", "district", "province"),
    [
        (
            "มาตรการภายในหน่วยงานของเทศบาลตำบลเมืองแก้ว ในปี พ.ศ. 2566",
            "เทศบาลตำบลเมืองแก้ว",
            "tambon_mun",
            "",
            "",
        ),
        ("อบต.หนองแดง อ.เมืองเลย จ.เลย", "องค์การบริหารส่วนตำบลหนองแดง", "sao", "เมืองเลย", "เลย"),
        ("ทม.ท่าทราย อำเภอโคกสูง จังหวัดสระแก้ว", "เทศบาลเมืองท่าทราย", "town", "โคกสูง", "สระแก้ว"),
        ("ทน. ดอนงาม จังหวัดตราด", "เทศบาลนครดอนงาม", "city", "", "ตราด"),
        ("ขององค์การบริหารส่วนจังหวัดน่าน", "องค์การบริหารส่วนจังหวัดน่าน", "pao", "", "น่าน"),
        ("ของจังหวัดแพร่", "จังหวัดแพร่", "", "", "แพร่"),  # of these only the registry knows the type
        ("มหาวิทยาลัยสวนทอง จังหวัดแพร่", "มหาวิทยาลัยสวนทอง", "", "", "แพร่"),
        ("อบจ.น่าน", "องค์การบริหารส่วนจังหวัดน่าน", "pao", "", "น่าน"),
        ("ทต.วังบัว", "เทศบาลตำบลวังบัว", "tambon_mun", "", ""),
    ],
)
def test_names(line, name, kind, district, province):
    scores = read(f"{TITLE}{line}\n{HEADER}{row('i1', '99.00')}").scores
    assert scores[["agency_name", "agency_type", "district", "province"]].values.tolist() == [
        [name, kind, district, province]
    ]


def test_a_name_glued_to_the_next_word():
    name = "องค์การบริหารส่วนตำบลนาทราย"
    text = f"{TITLE}{name}\n{name}ได้มีการดำเนินการ {name}ฉบับนี้ มีผล\n" + HEADER + row("i1", "99.00")
    assert set(read(text).scores.agency_name) == {"องค์การบริหารส่วนตำบลนาทราย"}


@pytest.mark.parametrize(
    ("line", "score", "rating"),
    [
        (
            "เทศบาลตำบลบ้านไผ่งาม อำเภอหนองบัว\nจังหวัดลำพูน ได้  91.15 คะแนน  "
            "ผลการประเมินอยู่ในระดับผ่าน ตามประกาศ",
            "91.15",
            "pass",
        ),
        (
            'โดยมีคะแนนในภาพรวมอยู่ที่ "97.10" คะแนน อยู่ในระดับ "ผ่านดีเยี่ยม" และบรรลุค่าเป้าหมาย',
            "97.10",
            "excellent",
        ),
        ("- ผลคะแนน ๘๙.๐๐\n- ระดับ ผ่านดี", "89.00", "good"),
        ("ผลคะแนน 82.10 ระดับ ต้องปรับปรุง", "82.10", "improve"),
        (
            "คะแนนที่ได้.....61.00.....คะแนน ระดับผลการประเมินอยู่ที่.....ระดับต้องปรับปรุงโดยด่วน.....",
            "61.00",
            "urgent",
        ),
        ("หน่วยงาน ได้ 90.10 คะแนน ผลการประเมินอยู่ในระดับผ่านดี", "90.10", "good"),
        ("ผลคะแนน 88.00 ระดับผ่านเกณฑ์", "88.00", ""),
        ("ผลคะแนน 88.00 ระดับผ่าน ในขณะที่อยู่ในระดับผ่านดี", "88.00", ""),
    ],
)
def test_overall_and_level(line, score, rating):
    scores = read(TITLE + AGENCY + line + "\n").scores
    assert scores[["level", "score", "rating"]].values.tolist() == [["overall", score, rating]]


@pytest.mark.parametrize(
    "line",
    [
        "ในปีงบประมาณ พ.ศ. 2565 มีคะแนนในภาพรวม 88.20 คะแนน",
        "คะแนนในภาพรวม 85 คะแนนขึ้นไป",
        "ผลคะแนน 1. การปฏิบัติหน้าที่",
        "ได้คะแนนเกินกว่า ๙๕ คะแนน",
        "คะแนนในภาพรวม ร้อยละ 80 คะแนน",
        "คะแนนในภาพรวมของ IIT 91.00 คะแนน",
        "มหาวิทยาลัย ได้ 90.10 คะแนน ผลการประเมินอยู่ในระดับผ่านดี",
    ],
)
def test_what_is_no_overall_score(line):
    text = TITLE + AGENCY + line + "\nประเด็นที่ 1 การปฏิบัติงาน\n" + HEADER + row("i1", "99.00")
    assert list(read(text).scores.level) == ["item"]


def test_two_overall_scores_are_both_kept_for_the_judge():
    assert list(
        read(TITLE + AGENCY + "ผลคะแนน 91.15\nโดยมีคะแนนในภาพรวมอยู่ที่ 92.15 คะแนน\n").scores.score
    ) == ["91.15", "92.15"]


def test_ranks():
    lines = (
        "- ผลคะแนน 91.20\n- ผลการประเมินระดับจังหวัด ลำดับที่ ๑๒\n- "
        "ผลการประเมินระดับประเทศ ลำดับที่ 705 (ประเภทเทศบาลตำบล)\n"
    )
    assert read(TITLE + AGENCY + lines).ranks[["province_rank", "type_rank"]].values.tolist() == [
        ["12", "705"]
    ]


def test_a_national_rank_without_a_type_is_not_taken():
    submission = read(TITLE + AGENCY + "- ผลคะแนน 91.20\n- ผลการประเมินระดับประเทศ ลำดับที่ 705\n")
    assert submission.ranks.empty and "figure_not_taken" in rules(submission)


def test_columns_of_other_years_and_parts():
    header = "ข้อคำถาม\tคะแนน ปี 2565\tคะแนน ปี 2566\n"
    assert items(header + "ข้อ i1\t88.00\t99.00\n") == {"i1": "99.00"}
    scores = read(
        TITLE + AGENCY + "ข้อคำถาม\tคะแนน EIT ส่วนที่ 1\tคะแนน EIT ส่วนที่ 2\nข้อ e1\t88.00\t99.00\n"
    ).scores
    assert scores[["code", "part", "score"]].values.tolist() == [
        ["e1", "public", "88.00"],
        ["e1", "survey", "99.00"],
    ]
    trend = "ตัวชี้วัด\tปี 2565\tปี 2566\n1. การปฏิบัติหน้าที่\t88.00\t91.00\n"
    assert read(TITLE + AGENCY + trend).scores[["level", "code", "score"]].values.tolist() == [
        ["indicator", "1", "91.00"]
    ]
    submission = read(
        TITLE
        + AGENCY
        + "ข้อคำถาม\tคะแนน\tคะแนนที่ได้\nข้อ e1\t88.00\t99.00\n"
        + INDICATORS
        + "1\tการปฏิบัติหน้าที่\t90.00\n"
    )
    assert list(submission.scores.level) == ["indicator"] and "two_score_columns" in rules(
        submission
    )


def test_the_part_of_eit_where_the_document_states_it():
    table = "ข้อคำถาม\tคะแนน\nข้อ e1\t{}\n"
    text = (
        "ส่วนที่ 1 ผู้รับบริการตอบด้วยตนเอง (EIT Public)\n"
        + table.format("88.00")
        + "ส่วนที่ 2 (EIT Survey)\n"
        + table.format("99.00")
    )
    assert read(TITLE + AGENCY + text).scores[["part", "score"]].values.tolist() == [
        ["public", "88.00"],
        ["survey", "99.00"],
    ]
    assert list(
        read(TITLE + AGENCY + "ส่วนที่ 1 ผลการประเมิน\n" + table.format("88.00")).scores.part
    ) == [""]


# --- markup and encodings -------------------------------------------------------------------------


def test_markup():
    text = "[image: F:\\งาน\\ตรา.jpg]\n" + " " * 2439 + "\n" + HEADER
    text += (
        "<p>1</p>\t<p>การปฏิบัติหน้าที่</p>\t<p>IIT</p>\t<ul "
        'style="x"> <li>ข้อ i๑</li></ul>\t<p>๙๙.๐๐</p>\t\n'
    )
    assert items(text) == {"i1": "99.00"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp874"])
def test_encodings(encoding):
    assert list(read(TITLE + AGENCY + HEADER + row("ข้อ e๑", "๙๒.๖๕"), encoding).scores.score) == [
        "92.65"
    ]


@pytest.mark.parametrize(
    ("clean", "dirty"), [("ำ", "ํา"), (" ", "\u00a0"), ("ร", "ร\u200b"), ("ี่", "ี่่"), ("\n", "\r\n")]
)
def test_dirty_characters(clean, dirty):
    text = (TITLE + AGENCY + "ผลคะแนน 91.15 ระดับ ผ่าน\n" + HEADER + row("ข้อ e1", "92.65")).replace(
        clean, dirty
    )
    assert read(text).scores[["agency_name", "level", "score", "fiscal_year"]].values.tolist() == [
        ["เทศบาลตำบลบ้านไผ่งาม", "overall", "91.15", "2566"],
        ["เทศบาลตำบลบ้านไผ่งาม", "item", "92.65", "2566"],
    ]


@pytest.mark.parametrize("between", ["    ", "\t", " | "])
def test_other_ways_to_part_cells(between):
    lines = [["ข้อคำถาม", "คะแนน"], ["ข้อ i1", "99.00"], ["ข้อ i2", "98.00"]]
    edge = "|" if "|" in between else ""
    assert items("".join(edge + between.join(cells) + edge + "\n" for cells in lines)) == {
        "i1": "99.00",
        "i2": "98.00",
    }


def test_constraints_by_kind_and_by_4m():
    rows = "ข้อจำกัด\tรายละเอียด\nด้านบุคลากร\t1. กำลังคนน้อย 2. ขาดความรู้\nด้านเทคโนโลยี\t1. พื้นที่เว็บไซต์ไม่พอ\n"
    columns = (
        "Man : ด้านบุคลากร\tMoney : ด้านงบประมาณ\tMethod : ด้านบริหารจัดการ\tMaterial : ด้านทรัพยากร\n"
        "1. กำลังคนน้อย 2. ขาดความรู้\t1. งบจำกัด\t\t1. เครื่องเก่า\n"
    )
    assert read(TITLE + AGENCY + rows).constraints[
        ["kind", "note_no", "note_th"]
    ].values.tolist() == [
        ["staff", "1", "กำลังคนน้อย"],
        ["staff", "2", "ขาดความรู้"],
        ["technology", "1", "พื้นที่เว็บไซต์ไม่พอ"],
    ]
    assert list(read(TITLE + AGENCY + columns).constraints.kind) == [
        "staff",
        "staff",
        "budget",
        "material",
    ]
