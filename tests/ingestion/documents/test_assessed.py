"""Whose report it is, where the name begins with no type of local government.

Whole names of the registry, and only those.
"""

from pathlib import Path

import pytest

from ingestion import framework, readers
from ingestion.agencies import EVER, Agency, Registry
from ingestion.judging import File, judge

NAMES = {
    "D1": ("กรมการข้าว", "department", ""),
    "D2": ("สำนักงานปลัดกระทรวงเกษตรและสหกรณ์", "department", ""),
    "P1": ("สถาบันวัคซีนแห่งชาติ (องค์การมหาชน)", "public_org", ""),
    "P2": ("สำนักงานรับรองมาตรฐานและประเมินคุณภาพการศึกษา", "public_org", ""),
    "E1": ("การไฟฟ้านครหลวง", "soe", ""),
    "C1": ("สำนักงานศาลยุติธรรม", "court", ""),
    "I1": ("สำนักงานการตรวจเงินแผ่นดิน", "independent", ""),
    "V1": ("จังหวัดแพร่", "province", "54"),
    "B1": ("กรุงเทพมหานคร", "special_lao", "10"),
    "B2": ("เมืองพัทยา", "special_lao", "20"),
    "U1": ("มหาวิทยาลัยราชภัฏเชียงใหม่", "university", ""),
    "F1": ("กองทุนเงินให้กู้ยืมเพื่อการศึกษา", "fund", ""),
    "O1": ("เนติบัณฑิตยสภา", "other_state", ""),
    "A1": ("สำนักงานอัยการสูงสุด", "prosecutor", ""),
    "L1": ("สำนักงานเลขาธิการวุฒิสภา", "parliament", ""),
    "N1": ("สำนักงานคณะกรรมการป้องกันและปราบปรามการทุจริตแห่งชาติ", "independent", ""),
}
AGENCIES = [
    *(
        Agency(agency_id, name, kind, province, "", 2560, EVER)
        for agency_id, (name, kind, province) in NAMES.items()
    ),
    Agency("S1", "เทศบาลตำบลวังบัว", "tambon_mun", "54", "", 2560, EVER),
    Agency("R1", "กรมเก่า", "department", "", "", 2560, 2565),
    Agency("R1", "กรมใหม่", "department", "", "", 2566, EVER, aliases=("กมม.",)),
]

NOBODYS = [
    "กรมการเข้า",
    "กรมการ",
    "กองคลัง กรมการข้าว",
    "กรมการข้าว สาขาแพร่",
    "ศูนย์วิจัยข้าวแพร่\nสังกัด\nกรมการข้าว",
    "ศาลจังหวัดแพร่",
    "โรงพยาบาลแพร่\nจังหวัดแพร่",
    "ที่ว่าการอำเภอเมืองแพร่\nจังหวัดแพร่",
    "สำนักงานเขตบางรัก\nกรุงเทพมหานคร",
    "คณะแพทยศาสตร์ มหาวิทยาลัยราชภัฏเชียงใหม่",
    "ร้านค้าของกรมการข้าว",
    "วังบัว",
]

TITLE = (
    "รายงานการวิเคราะห์ผลการประเมินคุณธรรมและความโปร่งใสในการดำเนินงานของหน่วยงานภาครัฐ\n"
    "ประจำปีงบประมาณ พ.ศ. 2566\n"
)
SCORES = "ตัวชี้วัดที่\tรายละเอียดตัวชี้วัด\tคะแนน\n1\tการปฏิบัติหน้าที่\t90.00\n"
ASSESSOR = "สำนักงานคณะกรรมการป้องกันและปราบปรามการทุจริตแห่งชาติ"
FORMS = {
    "a line of the cover": TITLE + "{}\n",
    "behind the title": "รายงานผลการประเมินคุณธรรมและความโปร่งใสในการดำเนินงานของ\n{}\n"
    "ประจำปีงบประมาณ พ.ศ. 2566\n",
    "in the title": "มาตรการส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงานของ{} ในปีงบประมาณ พ.ศ. 2566\n"
    "ผลการประเมิน ปีงบประมาณ 2566\n",
    "a label": TITLE + "ชื่อหน่วยงาน : {}\n",
    "the result": TITLE + "คะแนนภาพรวมของหน่วยงาน.....{}.....คะแนนที่ได้.....91.15.....คะแนน\n",
    "a sentence": TITLE
    + "ตามประกาศ ผลการประเมิน ปีงบประมาณ พ.ศ. 2566 {} อำเภอเมือง จังหวัดแพร่ ได้ 91.15 คะแนน\n",
}


def judge_all(texts):
    """For each document (agency_ids that are accepted, findings)."""
    submissions = [readers.read(Path("file"), (text + SCORES).encode()) for text in texts]
    files = [File(f"{number:064}", "agency", read) for number, read in enumerate(submissions)]
    known = framework.load()
    return [
        ({unit["agency"] for unit in result.units if unit["accepted"]}, result.findings)
        for result in judge(files, known, Registry(AGENCIES, known), {})
    ]


def judged(text):
    return judge_all([text])[0]


@pytest.fixture(scope="module")
def in_each_form():
    """(form, name) -> what is made of the document: all at once, as a night judges them, which
    takes no longer than a few by themselves."""
    names = [*(name for name, _, _ in NAMES.values()), *NOBODYS]
    cases = [(form, name) for form in FORMS for name in names]
    return dict(
        zip(cases, judge_all(FORMS[form].format(name) for form, name in cases), strict=True)
    )


def rules(findings):
    return {finding.rule for finding in findings}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("agency_id", [agency_id for agency_id in NAMES if agency_id != "N1"])
def test_every_kind_of_agency(in_each_form, form, agency_id):
    assert in_each_form[form, NAMES[agency_id][0]][0] == {agency_id}


@pytest.mark.parametrize(
    ("written", "agency_id"),
    [
        ("สถาบันวัคซีนแห่งชาติ", "P1"),
        ("กรมการข้าว (กข.)", "D1"),
        ("กรม การข้าว", "D1"),
        ("สำนักงานปลัดกระทรวง\nเกษตรและสหกรณ์", "D2"),
        ("กรมการข้าว จังหวัดแพร่", "D1"),
        ("กมม.", "R1"),
        ("กรมการข้าว\nจังหวัดแพร่", "D1"),
        ("กรมการข้าว\nสำนักงาน ป.ป.ช.", "D1"),
    ],
)
def test_other_spellings_on_the_cover(written, agency_id):
    assert judged(FORMS["a line of the cover"].format(written))[0] == {agency_id}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("written", NOBODYS)
def test_a_name_that_is_not_whole_is_nobodys(in_each_form, form, written):
    accepted, findings = in_each_form[form, written]
    # Where the unknown words govern the table too, nothing of it is believed.
    assert accepted == set()
    assert rules(findings) & {"unknown_agency", "ambiguous_agency", "nothing_read"}


def test_near_misses_are_offered():
    [found] = [
        finding
        for finding in judged(FORMS["the result"].format("กรมการเข้า"))[1]
        if finding.rule == "unknown_agency"
    ]
    assert (
        found.value == "กรมการเข้า"
        and "กรมการข้าว" in found.message_th
        and "(D1)" in found.message_en
    )


def test_names_that_merely_occur():
    assessor = f"{ASSESSOR}\nได้ประกาศผลคะแนน ตามแนวทางการประเมิน ITA ของสำนักงาน ป.ป.ช. ประจำปี 2566\n"
    assert judged(TITLE + "กรมการข้าว\n" + assessor)[0] == {"D1"}
    assert judged(TITLE + assessor)[0] == set()  # the assessor is named in every report
    assert judged(TITLE + "ติดต่อที่\nถนนเจริญกรุง\nจังหวัดแพร่\nกรุงเทพมหานคร\n")[0] == set()  # an address
    body = "กรมการข้าว ได้ประสานงานกับเทศบาลตำบลวังบัวและกรมใหม่ ในการดำเนินงานของเทศบาลตำบลวังบัว\n"
    assert judged(FORMS["the result"].format("กรมการข้าว") + body)[0] == {"D1"}


def test_the_assessors_own_report():
    assert judged(FORMS["the result"].format(ASSESSOR))[0] == {"N1"}


def test_two_agencies_are_not_guessed_between():
    accepted, findings = judged(TITLE + "ชื่อหน่วยงาน : กรมการข้าว\nชื่อหน่วยงาน : การไฟฟ้านครหลวง\n")
    assert accepted == set() and "ambiguous_agency" in rules(findings)
    assert any("D1" in finding.message_en and "E1" in finding.message_en for finding in findings)


def test_the_body_wins_over_the_cover_of_another():
    accepted, findings = judged(
        TITLE + "การไฟฟ้านครหลวง\nคะแนนภาพรวมของหน่วยงาน กรมการข้าว คะแนนที่ได้ 91.15 คะแนน\n"
    )
    assert accepted == {"D1"} and "cover_differs" in rules(findings)
    assert judged(TITLE + "เทศบาลตำบลวังบัว\nคะแนนภาพรวมของหน่วยงาน กรมการข้าว คะแนนที่ได้ 91.15 คะแนน\n")[
        0
    ] == {"D1"}
    assert judged(TITLE + "กรมการข้าว\nคะแนนภาพรวมของหน่วยงาน เทศบาลตำบลวังบัว คะแนนที่ได้ 91.15 คะแนน\n")[
        0
    ] == {"S1"}


def test_a_former_name():
    accepted, findings = judged(FORMS["the result"].format("กรมเก่า"))
    assert accepted == {"R1"} and "agency_by_former_name" in rules(findings)
