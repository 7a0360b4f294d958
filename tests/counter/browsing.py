"""How tests use the counter in a browser: as people run it, opened as on a phone, looked at by axe.

`make pictures` (ITA_PICTURES=1) writes the pictures of the agency's guide to docs/images.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.browser.chromium import AXE, BEYOND_AXE
from tests.browser.fixtures import PATIENCE

IMAGES = Path(__file__).parents[2] / "docs/images"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
LEVELS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")


@contextmanager
def served(environment: Mapping[str, str] | None = None) -> Iterator[str]:
    """The counter as people run it; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [Path(sys.executable).with_name("ita"), "counter", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                httpx.get(f"{url}/health")
                break
            except httpx.TransportError:
                assert process.poll() is None, "the counter has ended"
                time.sleep(0.2)
        yield url
    finally:
        process.terminate()
        process.wait()


def opened(browser, url, scripts=True, screen=PHONE):
    """A page of a context of its own; whatever asks another host fails the test."""
    context = browser.new_context(
        locale="th-TH", viewport=screen, java_script_enabled=scripts, base_url=url
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.on("request", lambda request: request.url.startswith(url) or pytest.fail(request.url))
    page.scripts = scripts
    return page


def follow(link):
    """Click what leads to another page, and wait for it: a click waits for its first byte only."""
    link.click()
    link.page.wait_for_load_state()


def sign_in(page, login, code):
    page.goto("/in")
    page.get_by_label("รหัสหน่วยงาน (หรือชื่อผู้ใช้)").fill(login)
    page.get_by_label("รหัสในหนังสือ").fill(code)
    follow(page.get_by_role("button", name="เข้าสู่เคาน์เตอร์"))


def sign_out(page):
    follow(page.get_by_role("button", name="ออกจากระบบ"))


def check(page, picture=None):
    """Nothing lies beyond the screen; neither axe nor what looks beyond it finds anything; and a
    picture, where one is wanted."""
    if not page.scripts:
        return
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= page.viewport_size["width"], (page.url, wide)
    page.evaluate(AXE.read_text())  # the policy of the page allows no script tag of ours
    found = page.evaluate(f"axe.run({{runOnly: {list(LEVELS)}}})")
    assert found["violations"] == [], (page.url, [v["id"] for v in found["violations"]])
    assert page.evaluate(BEYOND_AXE.read_text()) == [], page.url
    if picture and os.environ.get("ITA_PICTURES"):
        page.screenshot(path=IMAGES / f"counter-{picture}.png", full_page=picture == "mistake")


def put_in(page, name, content):
    """Have a file judged, from the agency's page or a receipt; wait for what is said of it."""
    chosen = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    page.get_by_label("เลือกแฟ้มที่กรอกแล้ว").or_(page.get_by_label("ตรวจแฟ้มที่แก้แล้ว")).set_input_files(
        chosen
    )
    follow(page.get_by_role("button", name="ตรวจแฟ้ม", exact=True))
    for _ in range(120):
        if "กำลังตรวจแฟ้ม" not in page.content():
            return
        time.sleep(1)
        page.reload()


def fetched(page, link) -> bytes:
    """What a link (or button) brings as a file."""
    with page.expect_download() as download:
        link.click()
    return download.value.path().read_bytes()
