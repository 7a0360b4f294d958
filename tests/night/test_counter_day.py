"""A day at the counter with real nights (`ita refresh`): an officer with one afternoon, her
province, headquarters; then the night after, in which her workbook of measures comes back.

`make pictures` (ITA_PICTURES=1) writes the pictures of the agency's guide to docs/images.
"""

import io
import re
import zipfile

import openpyxl
import pypdf
import pytest

from tests.counter import browsing
from tests.counter.browsing import check, fetched, follow, opened, put_in, sign_in, sign_out
from tests.counter.conftest import COLUMNS
from tests.night.conftest import ROOT, Night

pytestmark = pytest.mark.slow_group
OFFICE, NAME, PROVINCE = "5300907", "องค์การบริหารส่วนตำบลเมืองโดน", "30"
NEIGHBOUR = "4240503"  # has results: a registry row of hers waits for a person
REGISTRY = {  # handed in by the registry's own inbox
    "ย้าย.csv": f"{NEIGHBOUR},เทศบาลตำบลย้ายจังหวัด,tambon_mun,30,บ้านโพธิ์,,2560,",
    "ยกฐานะ.csv": "1630001,องค์การบริหารส่วนจังหวัดตากใหม่,pao,63,,,2560,",
}


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    """The samples' night, with a person of the province and one of headquarters."""
    night = Night(tmp_path_factory.mktemp("counter") / "home")
    run(night, "up")
    run(night, "login", "add", "korat", "--province", PROVINCE)
    run(night, "login", "add", "hq", "--headquarters")
    run(night, "receive", ROOT / "ingestion" / "samples")
    run(night, "refresh")
    yield night
    night.end()


@pytest.fixture(scope="module")
def url(night):
    with browsing.served(night.environment) as url:
        yield url


def run(night, *arguments, code=0):
    done = night.ita(*arguments)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def code_of(letter: bytes) -> str:
    """The code of the one letter of a PDF."""
    (page,) = pypdf.PdfReader(io.BytesIO(letter)).pages
    return re.search(r"[2-9A-Z]{4}(-[2-9A-Z]{4}){3}", page.extract_text())[0]


def filled(template: bytes, change=lambda agency, scores: None) -> bytes:
    """Her template as she fills it in: a score for each item, and what she does wrong."""
    book = openpyxl.load_workbook(io.BytesIO(template))
    scores = {
        row[1].value: row[4] for row in book["คะแนน"].iter_rows(min_row=5) if row[0].value == "item"
    }
    for number, cell in enumerate(scores.values()):
        cell.value = (100, 95.5, 88, 0)[number % 4]
    change(book["หน่วยงาน"], scores)
    return saved(book)


def saved(book) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def too_much(agency, scores):
    scores["i1"].value = 955  # the point is gone


def in_words(agency, scores):
    scores["i2"].value = "เก้าสิบห้า"


def left_out(agency, scores):
    scores["o3"].value = None


def of_another(agency, scores):
    agency["C3"].value = NEIGHBOUR  # a colleague's file


MISTAKES = {
    "เกินร้อย.xlsx": too_much,
    "เป็นตัวหนังสือ.xlsx": in_words,
    "ลืมกรอก.xlsx": left_out,
    "ของหน่วยงานอื่น.xlsx": of_another,
}


def headquarters_opens_the_doors(night, browser, url):
    """In by the command line's link; a letter for the province, which prints the office's."""
    link = run(night, "counter", "--link", "hq", "--url", url).strip()
    page = opened(browser, url)
    page.goto(link)
    check(page)
    follow(page.get_by_role("button", name="เข้าสู่เคาน์เตอร์"))
    follow(page.get_by_role("link", name="ผู้ใช้"))
    check(page)
    page.get_by_label("korat").check()
    code = code_of(fetched(page, page.get_by_role("button", name="พิมพ์หนังสือ (PDF)")))
    return page, code


def province_prints(page, code):
    sign_in(page, "korat", code)
    follow(page.get_by_role("link", name="หนังสือแจ้งรหัส", exact=True).first)
    check(page)
    for box in page.get_by_role("checkbox").all():
        box.uncheck()
    page.get_by_label(NAME).check()
    return code_of(fetched(page, page.get_by_role("button", name="พิมพ์หนังสือ (PDF)")))


def officer_hands_in(page, code):
    page.goto("/")
    check(page, "sign-in")
    sign_in(page, OFFICE, code)
    assert page.get_by_role("heading", name=NAME).is_visible()
    check(page, "home")
    template = fetched(page, page.get_by_role("link", name="แบบกรอกคะแนน 2568"))
    mistakes = {name: filled(template, change) for name, change in MISTAKES.items()}
    for name, content in {**mistakes, "ถ่ายรูปหน้าจอ.jpg": b"\xff\xd8\xff" + bytes(999)}.items():
        put_in(page, name, content)
        assert page.get_by_text("แฟ้มนี้ยังส่งไม่ได้").is_visible(), name
        assert page.get_by_text("สิ่งที่ต้องทำ").first.is_visible()
        assert page.get_by_role("button", name="ส่งแฟ้มนี้").count() == 0
        check(page, "mistake" if name == "เกินร้อย.xlsx" else None)
    put_in(page, "แก้แล้ว.xlsx", filled(template))
    assert page.get_by_text("แฟ้มนี้ส่งได้ แต่ยังไม่ได้ส่ง").is_visible()
    check(page, "ready")
    follow(page.get_by_role("button", name="ส่งแฟ้มนี้"))
    assert page.get_by_text("ส่งแล้ว รอรอบคืนนี้").is_visible()
    check(page)


def officer_takes_home(page):
    """What the night made: result, pack, to-do, the workbook of measures; a question about it."""
    follow(page.get_by_role("navigation").get_by_role("link", name="หน้าของหน่วยงาน"))
    assert page.get_by_text("ระบบประมวลผลแล้ว").is_visible()
    assert page.get_by_role("heading", name="ปีงบประมาณ 2568").is_visible()
    check(page)
    pack = fetched(page, page.get_by_role("link", name="รายงานวิเคราะห์ (PDF)"))
    assert len(pypdf.PdfReader(io.BytesIO(pack)).pages) > 5
    todo = fetched(page, page.get_by_role("link", name="สิ่งที่ต้องทำก่อนเผยแพร่ (PDF)"))
    assert todo.startswith(b"%PDF")
    measures = fetched(page, page.get_by_role("link", name="แบบมาตรการและความก้าวหน้า 2569").first)
    follow(page.get_by_role("link", name="ดูคะแนนทุกข้อ"))
    check(page)
    follow(page.get_by_role("link", name="ถามหรือทักท้วง คะแนนภาพรวม"))
    page.get_by_label("ข้อทักท้วง").check()
    page.get_by_label("ข้อความ").fill("ในประกาศของเราเป็น 90.00")
    check(page, "ask")
    follow(page.get_by_role("button", name="ส่งข้อความ"))
    check(page)
    return measures


def province_answers(page):
    page.goto("/")
    row = page.get_by_role("row").filter(has_text=NAME)
    assert "ใบรับ" in row.inner_text()
    check(page)
    follow(row.get_by_role("link", name="ใบรับ"))
    assert page.get_by_text("แก้แล้ว.xlsx").first.is_visible()
    follow(page.get_by_role("link", name="ที่อยู่ติดต่อ"))
    check(page)
    page.get_by_label(NAME, exact=True).fill("office@example.go.th")
    follow(page.get_by_role("button", name=f"บันทึก {NAME}"))
    assert page.get_by_label(NAME, exact=True).input_value() == "office@example.go.th"
    follow(page.get_by_role("link", name="คำถาม"))
    check(page)
    follow(page.get_by_role("link", name=NAME))
    page.get_by_label("คำตอบ").fill("ตรวจกับประกาศแล้ว คะแนนถูกต้อง")
    check(page)
    follow(page.get_by_role("button", name="ส่งคำตอบ"))
    page.goto(f"/province/{PROVINCE}")
    packs = zipfile.ZipFile(
        io.BytesIO(fetched(page, page.get_by_role("link", name="ชุดวิเคราะห์ทุกหน่วยงาน")))
    )
    assert f"2568/{PROVINCE}/{OFFICE}/pack.pdf" in packs.namelist() and not packs.testzip()
    sign_out(page)


def decide(page, heading, verdict, reason):
    page.goto("/waiting")
    card = page.get_by_role("region", name=heading)
    card.get_by_label("เหตุผล").fill(reason)
    follow(card.get_by_role("button", name=verdict, exact=True))
    check(page)


def headquarters_decides_on_the_registry(page):
    page.goto("/country")
    check(page)
    page.goto("/waiting")
    assert "เทศบาลตำบลย้ายจังหวัด" in page.content()
    check(page)
    decide(page, "ย้าย.csv", "ไม่อนุมัติ", "ไม่มีประกาศในราชกิจจานุเบกษา")
    decide(page, "ยกฐานะ.csv", "อนุมัติ", "ตามประกาศกระทรวงมหาดไทย")
    assert page.get_by_text("ไม่มีประกาศในราชกิจจานุเบกษา").is_visible()
    assert page.get_by_text("เทศบาลตำบลย้ายจังหวัด").count() == 0


def adopted(measures: bytes) -> bytes:
    """Her workbook with all proposed measures confirmed, and a person in charge of each."""
    book = openpyxl.load_workbook(io.BytesIO(measures))
    sheet = book["มาตรการ"]
    names = [cell.value for cell in sheet[4]]
    rows = [dict(zip(names, row, strict=False)) for row in sheet.iter_rows(min_row=5)]
    for row in rows:
        if row["measure_no"].value:
            row["adopted"].value = "ใช่"
    return saved(book)


def officer_brings_measures_back(page, measures):
    """On an old office PC, without scripts."""
    put_in(page, "มาตรการ.xlsx", measures)
    assert page.get_by_text("แฟ้มนี้ส่งได้ แต่ยังไม่ได้ส่ง").is_visible()
    follow(page.get_by_role("button", name="ส่งแฟ้มนี้"))
    assert page.get_by_text("ส่งแล้ว รอรอบคืนนี้").is_visible()


def test_a_day_and_the_night_after(night, url, browser):
    hq, code = headquarters_opens_the_doors(night, browser, url)
    province = opened(browser, url)
    letter = province_prints(province, code)
    officer = opened(browser, url)
    officer_hands_in(officer, letter)
    folder = night.home / "landing/registry"
    folder.mkdir(parents=True)
    (night.home / "inboxes.csv").write_text(
        "inbox,authority,registry,speaks_for,note\nregistry,agency,waits,everybody,\n"
    )
    for name, row in REGISTRY.items():
        (folder / name).write_text(f"{COLUMNS}\n{row}\n")
    run(night, "refresh")
    measures = officer_takes_home(officer)
    province_answers(province)
    headquarters_decides_on_the_registry(hq)
    officer.reload()
    assert officer.get_by_text("ตรวจกับประกาศแล้ว คะแนนถูกต้อง").is_visible()
    again = opened(browser, url, scripts=False, screen=browsing.DESK)
    again.context.add_cookies(officer.context.cookies())
    again.goto("/")
    officer_brings_measures_back(again, adopted(measures))
    run(night, "refresh")
    again.goto("/")
    due = again.get_by_role("listitem").filter(has_text="มาตรการ ปี 2569")
    assert "ได้รับแล้ว" in due.first.inner_text()
    plans = night.query(f"select count(*) as n from mart.measure where agency_id = '{OFFICE}'")
    assert plans[0]["n"] > 0
    assert night.query("select name_th from mart.agency where agency_id = '1630001'") == [
        {"name_th": "องค์การบริหารส่วนจังหวัดตากใหม่"}
    ]
    rejected = night.query("select state from mart.submission where file_name like '%ย้าย.csv'")
    assert rejected == [{"state": "rejected"}]
    officer.goto("/")
    follow(officer.get_by_role("link", name="ประวัติ"))
    check(officer)
    sign_out(officer)
    officer.goto(f"/agency/{OFFICE}")
    assert officer.url.endswith("/in")
