"""An officer's, a province's and headquarters' work in a real browser, on a phone, without scripts.

Pictures for the agency's guide: ITA_PICTURES=1 writes them to docs/images.
"""

import io
import os
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx
import openpyxl
import pytest

from ingestion import judge_landing, load, receive
from tests.browser.chromium import AXE
from tests.counter.conftest import ELSEWHERE, HEAD, OURS, Counter, scores

pytestmark = pytest.mark.slow_group
IMAGES = Path(__file__).parents[2] / "docs/images"
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def served(counter_home):
    """The counter as people run it, and its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [Path(sys.executable).with_name("ita"), "counter", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    for _ in range(200):
        try:
            httpx.get(f"{url}/health")
            break
        except httpx.TransportError:
            time.sleep(0.2)
    yield url
    process.terminate()
    process.wait()


@pytest.fixture
def tickets(counter_home):
    return Counter(*counter_home, None)


def opened(browser, served, scripts=True):
    """A phone's page; whatever asks another host fails the test."""
    context = browser.new_context(
        locale="th-TH", viewport=PHONE, java_script_enabled=scripts, base_url=served
    )
    page = context.new_page()
    page.on("request", lambda request: request.url.startswith(served) or pytest.fail(request.url))
    return page


def sign_in(page, login, code):
    page.goto("/in")
    page.get_by_label("รหัสหน่วยงาน (หรือชื่อผู้ใช้)").fill(login)
    page.get_by_label("รหัสในหนังสือ").fill(code)
    page.get_by_role("button", name="เข้าสู่เคาน์เตอร์").click()


def check(page, picture=None):
    """Nothing lies beyond the screen; axe finds nothing; and a picture, where one is wanted."""
    wide = page.evaluate("document.documentElement.scrollWidth") if page.scripts else 0
    assert wide <= PHONE["width"], (page.url, wide)
    if page.scripts:
        page.evaluate(AXE.read_text())  # the policy of the page allows no script tag of ours
        found = page.evaluate(
            "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"
        )
        assert found["violations"] == [], (page.url, [v["id"] for v in found["violations"]])
    if picture and os.environ.get("ITA_PICTURES"):
        page.screenshot(path=IMAGES / f"counter-{picture}.png", full_page=picture == "mistake")


def put_in(page, name, content):
    page.get_by_label("เลือกแฟ้มที่กรอกแล้ว").or_(page.get_by_label("ตรวจแฟ้มที่แก้แล้ว")).set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )
    page.get_by_role("button", name="ตรวจแฟ้ม", exact=True).click()
    for _ in range(30):
        if "กำลังตรวจแฟ้ม" not in page.content():
            return
        time.sleep(1)
        page.reload()


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


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_an_officers_afternoon(browser, served, tickets, scripts):
    page = opened(browser, served, scripts)
    page.scripts = scripts
    overall = 92.11 if scripts else 92.12
    page.goto("/")
    check(page, "sign-in" if scripts else None)
    sign_in(page, OURS, tickets.ticket(agency=OURS))
    assert page.get_by_role("heading", name="เทศบาลตำบลลาดขวาง").is_visible()
    check(page, "home" if scripts else None)
    with page.expect_download() as template:
        page.get_by_role("link", name="แบบกรอกคะแนน 2568").click()
    assert (
        openpyxl.load_workbook(io.BytesIO(template.value.path().read_bytes())).sheetnames[0]
        == "หน่วยงาน"
    )
    for name, content in MISTAKES.items():
        put_in(page, name, content)
        assert page.get_by_text("แฟ้มนี้ยังส่งไม่ได้").is_visible(), name
        assert page.get_by_text("สิ่งที่ต้องทำ").first.is_visible()
        assert page.get_by_role("button", name="ส่งแฟ้มนี้").count() == 0
        check(page, "mistake" if scripts and name == "เกินร้อย.xlsx" else None)
    put_in(page, "แก้แล้ว.xlsx", workbook(overall))
    assert page.get_by_text("แฟ้มนี้ส่งได้ แต่ยังไม่ได้ส่ง").is_visible()
    check(page, "ready" if scripts else None)
    page.get_by_role("button", name="ส่งแฟ้มนี้").click()
    assert page.get_by_text("ส่งแล้ว รอรอบคืนนี้").is_visible()
    check(page)
    night(tickets.owner)
    page.reload()
    assert page.get_by_text("ระบบประมวลผลแล้ว").is_visible()
    page.get_by_role("link", name="หน้าของหน่วยงาน", exact=True).click()
    with page.expect_download() as pack:
        page.get_by_role("link", name="รายงานวิเคราะห์ (PDF)").click()
    assert pack.value.suggested_filename == f"pack-2568-{OURS}.pdf"
    with page.expect_download():
        page.get_by_role("link", name="แบบมาตรการและความก้าวหน้า 2569").first.click()
    page.get_by_role("link", name="ดูคะแนนทุกข้อ").click()
    check(page)
    page.get_by_role("link", name="ถามหรือทักท้วง คะแนนภาพรวม").click()
    page.get_by_label("ข้อทักท้วง").check()
    page.get_by_label("ข้อความ").fill("ในประกาศเป็น 92.11")
    check(page, "ask" if scripts else None)
    page.get_by_role("button", name="ส่งข้อความ").click()
    assert page.get_by_text("รอคำตอบ").is_visible()
    check(page)
    page.get_by_role("link", name="ประวัติ").click()
    check(page)
    page.get_by_role("button", name="ออกจากระบบ").click()
    page.goto(f"/agency/{OURS}")
    assert page.url.endswith("/in")


def night(owner) -> None:
    at = datetime.now(UTC)
    receive.run(owner, at)
    judge_landing.run(owner)
    load.run(owner, at)


def test_a_provinces_and_headquarters_day(browser, served, tickets):
    page = opened(browser, served)
    page.scripts = True
    for person, paths in (
        ("chacho", ("", "/contacts", "/letters", "/questions")),
        ("hq", ("/country", "/waiting", "/questions", "/people", "/province/24")),
    ):
        sign_in(page, person, tickets.ticket(person=person))
        check(page)
        for path in paths:
            page.goto(path if person == "hq" else f"/province/24{path}")
            check(page)
        page.get_by_role("button", name="ออกจากระบบ").click()


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
