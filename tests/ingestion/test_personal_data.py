"""What is masked in free text, and what is kept. The persons and numbers are made up."""

import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.personal_data import MAIL, MOBILE, NAME, NUMBER, mask, mask_columns


@pytest.mark.parametrize(
    ("written", "masked"),
    [
        ("ผู้ร้อง 1-1017-00230-70-8 ยื่นเรื่อง", f"ผู้ร้อง {NUMBER} ยื่นเรื่อง"),
        ("๑๑๐๑๗๐๐๒๓๐๗๐๘", NUMBER),
        ("โทร 081-234-5678", f"โทร {MOBILE}"),
        ("โทร ๐๘๑ ๒๓๔ ๕๖๗๘ ต่อ 1", f"โทร {MOBILE} ต่อ 1"),
        ("+66 81 234 5678", MOBILE),
        ("ติดต่อ somchai.j@gmail.com ได้", f"ติดต่อ {MAIL} ได้"),
        ("นายสมชาย ใจดี ตำแหน่งนิติกร", f"นาย{NAME} ตำแหน่งนิติกร"),
        ("มอบ นางสาวสมหญิง รักงาน เป็นผู้รับผิดชอบ", f"มอบ นางสาว{NAME} เป็นผู้รับผิดชอบ"),
        ("ร.ต.อ. สมศักดิ์ กล้าหาญ รายงาน", f"ร.ต.อ. {NAME} รายงาน"),
        ("ว่าที่ร้อยตรีวิชัย มั่นคง", f"ว่าที่ร้อยตรี{NAME}"),
        ("(081) 234-5678", MOBILE),
        ("(0812345678)", f"({MOBILE})"),
        ("+66(0)81-234-5678", MOBILE),
        ("081–234–5678", MOBILE),
        ("1–1017–00230–70–8", NUMBER),
        ("ศ.ดร.สมชาย ใจดี", f"ศ.ดร.{NAME}"),
        ("ผศ. ดร. สมหญิง ใจดี", f"ผศ. ดร. {NAME}"),
        ("พ.ต.อ.หญิง สมหญิง ใจดี", f"พ.ต.อ.หญิง {NAME}"),
        ("ผู้ช่วยศาสตราจารย์สมหญิง ใจดี", f"ผู้ช่วยศาสตราจารย์{NAME}"),
        ("พลเอก สมชาย ใจดี", f"พลเอก {NAME}"),
        ("ดาบตำรวจสมชาย ใจดี", f"ดาบตำรวจ{NAME}"),
        ("เรืออากาศเอกสมชาย ใจดี", f"เรืออากาศเอก{NAME}"),
        ("นายแพทย์สมชาย ใจดี", f"นายแพทย์{NAME}"),
        ("ดำเนินการโดยนายสมชาย ใจดี", f"ดำเนินการโดยนาย{NAME}"),
        ("นายสมชาย ใจดี และนางสมหญิง ดีใจ", f"นาย{NAME} และนาง{NAME}"),
        ("นายสมชายเป็นผู้ดูแล", f"นาย{NAME}เป็นผู้ดูแล"),
        ("นายสมชาย รับผิดชอบงาน", f"นาย{NAME} รับผิดชอบงาน"),
    ],
)
def test_masked(written, masked):
    assert mask(written) == masked


@pytest.mark.parametrize(
    "kept",
    [
        "1-1017-00230-70-1",  # the check digit is wrong: no identity number
        "โทร 0-4224-1234 ต่อ 12",  # an office
        "โทร 02-528-4800",
        "saraban@phrae.go.th",
        "info@university.ac.th",
        "นายกองค์การบริหารส่วนตำบลสามพร้าว",
        "ปรึกษาทนายความของเทศบาล",
        "มอบนายกเทศมนตรีพิจารณา และนายทะเบียนรับทราบ",
        "นายแพทย์สาธารณสุขจังหวัด",
        "พลเมืองและเรือตรวจการณ์",
        "นายอำเภอเมือง แจ้งให้ทราบ",
        "นายช่างโยธา ปฏิบัติงาน",
        "นายทะเบียนท้องถิ่น",
        "สำนักนายกรัฐมนตรี",
        "อำเภอนางรอง จังหวัดบุรีรัมย์",
        "ควรเผยแพร่ o27 และ o28 ภายในปี 2568",
        "คะแนน 92.65 จาก 100",
        "นายเป็นคำนำหน้าชื่อ",  # no name: the word behind it ends one
    ],
)
def test_kept(kept):
    assert mask(kept) == kept


def test_addresses_that_stand_together_are_masked_each():
    together = "one@gmail.com-two@gmail.com,info@phrae.go.th-three@gmail.com"
    assert mask(together) == f"{MAIL}{MAIL},info@phrae.go.th{MAIL}"


@given(
    st.lists(st.sampled_from(["a", "1", ".", "-", "@", ".com", ".go.th", " ", "ก"])).map("".join)
)
def test_no_address_is_overlooked(text):
    """All that an address looks like anywhere in a text is masked or official."""
    address = re.compile(r"[A-Za-z0-9._%+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}")
    assert all(found.endswith(".go.th") for found in address.findall(mask(text)))


@given(st.text())
def test_masking_again_changes_nothing(text):
    assert mask(mask(text)) == mask(text)


def test_columns_of_a_table():
    table = pd.DataFrame(
        {"remark_th": ["นายสมชาย ใจดี", None, "ดี"], "item_code": ["i1", "i2", "i3"]}
    )
    masked = mask_columns(table, ("remark_th", "absent"))
    assert masked["remark_th"].tolist()[0] == f"นาย{NAME}"
    assert masked["remark_th"].isna().tolist() == [False, True, False]
    assert masked["item_code"].equals(table["item_code"])


def test_neither_the_accepted_rows_nor_the_receipt_name_a_person(judge_rows):
    judged = judge_rows(
        "2568,S1,item,i1,,91.15,,มอบนายสมชาย ใจดี โทร 081-234-5678",
        "2568,S1,item,นายสมชาย ใจดี,,92",
    )
    assert "สมชาย" not in str(judged.findings) and NAME in str(judged.findings)
    accepted = judge_rows("2568,S1,item,i1,,91.15,,มอบ นายสมชาย ใจดี")
    assert accepted.tables["remark"]["remark_th"].tolist() == [f"มอบ นาย{NAME}"]
