"""An officer's, a province's and headquarters' work in a real browser, on a phone, without scripts,
on a small build of ours (with real nights: tests/night/test_counter_day.py)."""

import io
from datetime import UTC, datetime

import openpyxl
import pytest

from ingestion import judge_landing, load, receive
from tests.counter import browsing
from tests.counter.browsing import check, fetched, follow, opened, put_in, sign_in, sign_out
from tests.counter.conftest import (
    ELSEWHERE,
    HEAD,
    OURS,
    Counter,
    messages_without_outcome,
    scores,
)

pytestmark = pytest.mark.slow_group


@pytest.fixture(scope="module")
def served(counter_home):
    """The counter on the small build, and its address."""
    with browsing.served() as url:
        yield url


@pytest.fixture
def tickets(counter_home):
    return Counter(*counter_home, None)


def workbook(overall) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(HEAD.split(","))
    book.active.append([2568, OURS, "", "", "", "", "overall", "", "", overall])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


MISTAKES = {
    "เกินร้อย.xlsx": workbook(191),
    "เป็นตัวหนังสือ.xlsx": workbook("เก้าสิบ"),
    "หน่วยงานอื่น.csv": scores(ELSEWHERE),
    "ปีไม่มี.csv": scores(year=2599),
    "รูปถ่าย.jpg": b"\xff\xd8\xff\xe0" + bytes(2000),
}


def test_an_officers_afternoon_without_scripts(browser, served, tickets):
    page = opened(browser, served, scripts=False)
    page.goto("/")
    sign_in(page, OURS, tickets.ticket(agency=OURS))
    assert page.get_by_role("heading", name="เทศบาลตำบลลาดขวาง").is_visible()
    template = fetched(page, page.get_by_role("link", name="แบบกรอกคะแนน 2568"))
    assert openpyxl.load_workbook(io.BytesIO(template)).sheetnames[0] == "หน่วยงาน"
    for name, content in MISTAKES.items():
        put_in(page, name, content)
        assert page.get_by_text("แฟ้มนี้ยังส่งไม่ได้").is_visible(), name
        assert page.get_by_text("สิ่งที่ต้องทำ").first.is_visible()
        assert page.get_by_role("button", name="ส่งแฟ้มนี้").count() == 0
    put_in(page, "แก้แล้ว.xlsx", workbook(92.11))
    assert page.get_by_text("แฟ้มนี้ส่งได้ แต่ยังไม่ได้ส่ง").is_visible()
    follow(page.get_by_role("button", name="ส่งแฟ้มนี้"))
    assert page.get_by_text("ส่งแล้ว รอรอบคืนนี้").is_visible()
    night(tickets.owner)
    page.reload()
    assert page.get_by_text("ระบบประมวลผลแล้ว").is_visible()
    follow(page.get_by_role("navigation").get_by_role("link", name="หน้าของหน่วยงาน"))
    with page.expect_download() as pack:
        page.get_by_role("link", name="รายงานวิเคราะห์ (PDF)").click()
    assert pack.value.suggested_filename == f"pack-2568-{OURS}.pdf"
    fetched(page, page.get_by_role("link", name="แบบมาตรการและความก้าวหน้า 2569").first)
    follow(page.get_by_role("link", name="ดูคะแนนทุกข้อ"))
    follow(page.get_by_role("link", name="ถามหรือทักท้วง คะแนนภาพรวม"))
    page.get_by_label("ข้อทักท้วง").check()
    page.get_by_label("ข้อความ").fill("ในประกาศเป็น 92.11")
    follow(page.get_by_role("button", name="ส่งข้อความ"))
    assert page.get_by_text("รอคำตอบ").is_visible()
    follow(page.get_by_role("link", name="ประวัติ"))
    sign_out(page)
    page.goto(f"/agency/{OURS}")
    assert page.url.endswith("/in")


def night(owner) -> None:
    at = datetime.now(UTC)
    receive.run(owner, at)
    judge_landing.run(owner)
    load.run(owner, at)


# no table of these pages is wider than a telephone
NO_SIDEWAYS = "[...document.querySelectorAll('.scroll')].every(e => e.scrollWidth <= e.clientWidth)"


def test_a_provinces_and_headquarters_day(browser, served, tickets):
    page = opened(browser, served)
    for person, paths in (
        ("chacho", ("", "/contacts", "/letters", "/questions")),
        ("hq", ("/country", "/waiting", "/questions", "/people", "/province/24")),
    ):
        sign_in(page, person, tickets.ticket(person=person))
        check(page)
        for path in paths:
            page.goto(path if person == "hq" else f"/province/24{path}")
            check(page)
            assert page.evaluate(NO_SIDEWAYS), path
        sign_out(page)


def test_headquarters_decides_on_a_telephone(browser, served, tickets):
    """A message of which nobody knows, with two buttons that say to whom it went."""
    messages_without_outcome(tickets.owner)
    page = opened(browser, served)
    sign_in(page, "hq", tickets.ticket(person="hq"))
    page.goto("/waiting")
    check(page)
    again = page.get_by_role("button", name="ส่งอีกครั้ง")
    waiting = again.count()
    follow(again.first)
    page.get_by_text("ส่งข้อความอีกครั้ง").wait_for()
    assert again.count() == waiting - 1
    check(page)
    tickets.owner.execute("truncate ops.delivery_run, ops.delivery, ops.delivered")


def test_a_wrong_code_leads_to_its_fields(browser, served, tickets):
    page = opened(browser, served)
    sign_in(page, OURS, "WRONG")
    assert page.get_by_role("alert").get_by_role("link").count() == 2
    check(page)
    page.get_by_role("alert").get_by_role("link", name="รหัสในหนังสือ").press("Enter")
    assert page.evaluate("document.activeElement.id") == "code"
    assert page.get_by_label("รหัสหน่วยงาน (หรือชื่อผู้ใช้)").input_value() == OURS


def test_a_session_says_that_it_ends_and_goes_on(browser, served, tickets):
    """What is half written stays: nothing but the warning goes."""
    page = opened(browser, served)
    sign_in(page, OURS, tickets.ticket(agency=OURS))
    page.goto("/ask/2568/overall")
    assert page.get_by_role("button", name="ใช้ต่ออีก 1 ชั่วโมง").is_hidden()
    tickets.owner.execute("update counter.session set ends_at = now() + interval '5 minutes'")
    page.reload()
    page.get_by_label("ข้อความ").fill("ครึ่งหนึ่ง")
    check(page)
    page.get_by_role("button", name="ใช้ต่ออีก 1 ชั่วโมง").click()
    page.get_by_role("button", name="ใช้ต่ออีก 1 ชั่วโมง").wait_for(state="hidden")
    assert page.get_by_label("ข้อความ").input_value() == "ครึ่งหนึ่ง"
    left = tickets.owner.execute(
        "select max(ends_at) > now() + interval '55 minutes' from counter.session"
        " where ends_at > now()"
    )
    assert left.fetchone() == (True,)


@pytest.mark.parametrize("time", ["2026-01-01T00:00:00Z", "2036-01-01T00:00:00Z"])
def test_a_browser_whose_clock_is_wrong_is_not_warned(browser, served, tickets, time):
    page = opened(browser, served)
    page.clock.install(time=time)
    sign_in(page, OURS, tickets.ticket(agency=OURS))
    page.clock.run_for(2_000)
    assert page.get_by_role("button", name="ใช้ต่ออีก 1 ชั่วโมง").is_hidden()


def test_a_file_whose_sending_was_stopped_can_be_sent_again(browser, served, tickets):
    page = opened(browser, served)
    sign_in(page, OURS, tickets.ticket(agency=OURS))
    page.route("**/upload", lambda route: route.fulfill(status=204))  # the page stays, as by "stop"
    chosen = {"name": "คะแนน.xlsx", "mimeType": "x", "buffer": workbook(92.31)}
    page.get_by_label("เลือกแฟ้มที่กรอกแล้ว").set_input_files(chosen)
    button = page.get_by_role("button", name="ตรวจแฟ้ม", exact=True)
    button.click(no_wait_after=True)
    page.get_by_text("หากหยุดกลางคันกดอีกครั้งได้").wait_for()
    page.unroute("**/upload")
    page.locator("[data-sent]").wait_for(state="detached")
    button.click()
    page.wait_for_url("**/uploads/*")


def test_by_keyboard_alone(browser, served, tickets):
    page = opened(browser, served)
    page.goto("/in")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.get_by_label("รหัสหน่วยงาน (หรือชื่อผู้ใช้)").focus()
    page.keyboard.type(OURS)
    page.keyboard.press("Tab")
    page.keyboard.type(tickets.ticket(agency=OURS))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/agency/{OURS}")
