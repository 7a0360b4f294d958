"""Hostile files, names and headers: refused or harmless, and the counter goes on."""

import asyncio
import io
import zipfile
from urllib.parse import quote

import openpyxl
import pytest
from fastapi import HTTPException, Request

from counter import forms, shelf, zipping
from counter.crew import Queue
from counter.routes.agency import attachment
from tests.counter.conftest import OURS, THEIRS, form_key, put_in, scores, send


@pytest.fixture(scope="module")
def ours(counter):
    return counter.signed_in(agency=OURS)


@pytest.fixture(autouse=True)
def no_uploads(counter):
    """A test's files do not count against the next one's."""
    yield
    counter.owner.execute("delete from counter.upload where handed_in_at is null")


def bomb() -> bytes:
    """A workbook whose sheet is a gigabyte of blanks."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        with book.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _ in range(1000):
                sheet.write(b" " * 1_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bomb.xlsx", bomb),
        ("empty.csv", b""),
        ("noise.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 500),
        ("entities.html", b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><p>&a;</p>'),
        ("deep.json", b"[" * 100_000),
        ("script.csv", b"<script>alert(1)</script>,=cmd|' /C calc'!A0\n"),
        ("nacc_2568.csv", scores()),
    ],
)
def test_a_hostile_file_gets_a_receipt_that_says_no(ours, name, content):
    page = put_in(ours, name, content() if callable(content) else content)
    shown = ours.get(page).text
    assert "ยังส่งไม่ได้" in shown
    assert "<script>alert" not in shown and "root:" not in shown


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/cron.d/x.csv",
        "..\\..\\x.csv",
        "/etc/passwd",
        ".hidden.csv",
        "a\r\nSet-Cookie: x=1.csv",
        "<img src=x onerror=alert(1)>.csv",
        "ก" * 400 + ".csv",
        "con:aux.csv",
    ],
)
def test_a_name_is_only_a_name(counter, ours, name):
    page = put_in(ours, name, scores(overall="90.02"))
    shown = ours.get(page)
    assert "<img src=x" not in shown.text and "set-cookie" not in shown.headers
    assert not (counter.home / "etc").exists()
    below = counter.home / "counter/uploads"
    (kept,) = (below / page.rsplit("/", 1)[1]).iterdir()
    assert kept.resolve().is_relative_to(below.resolve()) and not kept.name.startswith(".")


@pytest.mark.parametrize(
    ("sent", "written"),
    [
        ("คะแนน %22ฉบับแก้%22.csv", 'คะแนน "ฉบับแก้".csv'),
        ("%E0%B8%9C%E0%B8%A5 2568.csv", "ผล 2568.csv"),
        ("ร้อยละ 100% %41%2F.csv", "ร้อยละ 100% %41%2F.csv"),
        ("%E0%B8.csv", "%E0%B8.csv"),
        ("a%0D%0Ab.csv", "a__b.csv"),
    ],
)
def test_a_name_is_what_its_owner_wrote(sent, written):
    assert shelf.safe(shelf.decoded(sent)) == written


def test_a_name_is_shown_as_its_owner_wrote_it(ours):
    page = put_in(ours, 'คะแนน "ฉบับแก้".csv', scores())  # sent with %22, as browsers do
    assert "<h1>ใบรับ: คะแนน &#34;ฉบับแก้&#34;.csv</h1>" in ours.get(page).text


def test_safe_names_keep_what_they_are():
    assert shelf.safe("ผลคะแนน ปี ๒๕๖๘.xlsx") == "ผลคะแนน ปี ๒๕๖๘.xlsx"
    assert shelf.safe("\u202egpj.ผล\u200b.csv") == "gpj.ผล.csv", "no mark turns or hides letters"
    assert shelf.safe("") == shelf.safe("...") == "file"
    assert len(shelf.safe("ก" * 400 + ".xlsx").encode()) <= shelf.LONGEST_NAME
    assert shelf.safe("ก" * 400 + ".xlsx").endswith(".xlsx")


def test_a_file_that_is_too_large_is_not_taken_however_it_is_sent(counter, ours):
    key = form_key(ours.get("/").text)
    large = b"x" * 20_000_001
    sent = {"data": {"form_key": key}, "files": {"file": ("l.csv", large)}}
    assert ours.post("/upload", **sent).status_code == 413

    def chunks():
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="l.csv"\r\n\r\n'
        for _ in range(22):
            yield b"x" * 1_000_000

    headers = {"content-type": "multipart/form-data; boundary=b"}
    assert ours.post("/upload", content=chunks(), headers=headers).status_code == 413
    assert not list((counter.home / "counter/incoming").iterdir())


def test_a_large_form_is_not_read(counter, ours):
    answer = ours.post("/ask/2568/overall", data={"text": "x" * 3_000_000})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "content",
    [b"", b"nonsense", b"--b\r\n", b'--b\r\nContent-Disposition: form-data; name="x"\r\n'],
)
def test_a_broken_form_is_told_so(ours, content):
    headers = {"content-type": "multipart/form-data; boundary=b"}
    answer = ours.post("/upload", content=content, headers=headers)
    assert answer.status_code in (400, 403)


def test_a_line_that_goes_dead_amid_a_file_is_no_fault():
    async def gone():
        return {"type": "http.disconnect"}

    sent = [(b"content-type", b"multipart/form-data; boundary=b")]
    request = Request({"type": "http", "method": "POST", "headers": sent}, gone)
    with pytest.raises(HTTPException) as told:
        asyncio.run(forms.of_anybody(request))
    assert told.value.status_code == 400


def test_forty_files_an_hour_are_looked_at(counter, ours):
    counter.owner.execute(
        "insert into counter.upload (upload_id, agency_id, file_name, submission_sha256,"
        " size_bytes, uploaded_at, uploaded_by, state) select md5(n::text), %s, 'x', '', 1,"
        " now(), 'agency', 'judged' from generate_series(1, 40) as n",
        [OURS],
    )
    key = form_key(ours.get("/").text)
    sent = {"data": {"form_key": key}, "files": {"file": ("x.csv", b"x")}}
    assert ours.post("/upload", **sent).status_code == 429


def test_an_unknown_host_is_not_answered(counter):
    answer = counter.fresh().get("/in", headers={"host": "evil.example"})
    assert answer.status_code == 421


@pytest.mark.parametrize(
    "path",
    [
        "/in?next=https://evil.example", "//evil.example", "/in/https:%2F%2Fevil.example",
        "/agency/..%2F..%2Fetc", "/agency/%00", "/static/../app.py", "/static/%2e%2e/app.py",
        "/uploads/../../x", "/agency/4240503/2568/..%2f..%2fmanifest.json",
        "/agency/4240503/2568/manifest.json", "/agency/4240503/99999", "/questions/x",
        "/questions/99999999999999999999", "/province/2%0d%0aX-Evil:1", "/province/24?year=x",
    ],
)  # fmt: skip
def test_no_address_leads_elsewhere(ours, path):
    answer = ours.get(path, follow_redirects=False)
    assert answer.status_code in (303, 404)
    assert answer.headers.get("location", "/").startswith("/")
    assert not answer.headers.get("location", "/").startswith("//")
    assert "x-evil" not in answer.headers


def test_what_others_write_is_text_on_every_page(counter, ours):
    evil = '"><script>alert(1)</script>'
    said = send(ours, "/ask/2568/overall", "/ask/2568/overall", kind="question", text=evil)
    page = said.headers["location"]
    hq = counter.signed_in(person="hq")
    for client, path in ((ours, page), (hq, page), (hq, "/questions"), (ours, f"/agency/{OURS}")):
        assert "<script>alert" not in client.get(path).text


def test_every_answer_has_its_headers(counter, ours):
    for client, path in ((ours, f"/agency/{OURS}"), (counter.fresh(), "/in"), (ours, "/nope")):
        headers = client.get(path).headers
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


def test_a_page_of_a_pack_can_do_nothing(ours):
    headers = ours.get(f"/agency/{OURS}/2568/pack.html").headers
    assert headers["content-security-policy"].startswith("sandbox;")


# ---- the province's ZIP


def test_all_packs_of_a_province_are_one_zip(counter):
    answer = counter.signed_in(person="chacho").get("/province/24/packs/2568.zip")
    book = zipfile.ZipFile(io.BytesIO(answer.content))
    assert book.testzip() is None
    names = book.namelist()
    assert f"2568/24/{OURS}/pack.pdf" in names and f"2568/24/{THEIRS}/todo.html" in names
    assert all(name.startswith("2568/24/") and ".." not in name for name in names)
    assert book.read(f"2568/24/{OURS}/pack.pdf") == f"pack.pdf of {OURS}".encode()


def test_an_agency_id_leads_out_of_no_zip_and_no_header(counter):
    evil = '../../ev"il\r\nX-Evil: 1'
    counter.owner.execute(
        "insert into mart.assessment (agency_id, fiscal_year, province_code)"
        " values (%s, 2568, '24')",
        [evil],
    )
    folder = counter.home / "packs/2568/24" / quote(evil, safe="").replace(".", "%2E")
    folder.mkdir()
    (folder / "pack.pdf").write_text("x")
    answer = counter.signed_in(person="chacho").get("/province/24/packs/2568.zip")
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert len(names) == 17 and not [n for n in names if ".." in n or n.count("/") != 3]
    assert attachment(evil)["content-disposition"] == (
        'attachment; filename=".._.._ev_il__X-Evil__1"'
    )
    counter.owner.execute("delete from mart.assessment where agency_id = %s", [evil])


def test_a_zip_is_streamed_in_bounded_memory(tmp_path):
    large = tmp_path / "large"
    large.write_bytes(bytes(range(256)) * 40_000)
    largest = total = 0
    for block in zipping.stream(
        [("a", str(large)), ("gone", str(tmp_path / "x")), ("b", str(large))]
    ):
        largest, total = max(largest, len(block)), total + len(block)
    assert 0 < largest <= 2 * zipping.BLOCK


def test_a_zip_of_nothing_is_a_zip():
    assert zipfile.ZipFile(io.BytesIO(b"".join(zipping.stream([])))).namelist() == []


# ---- the queue


def test_agencies_take_turns():
    """One with many files does not hold up one with one."""

    async def order() -> list[str]:
        queue, taken = Queue(), []
        waiting = [
            asyncio.ensure_future(queue.put(whose, {"file": f"{whose}{n}"}))
            for whose, count in (("a", 4), ("b", 2), ("c", 1))
            for n in range(count)
        ]
        await asyncio.sleep(0)
        for _ in waiting:
            given, answer = await queue.next()
            taken.append(given["file"])
            answer.set_result(None)
        await asyncio.gather(*waiting)
        return taken

    assert asyncio.run(order()) == ["a0", "b0", "c0", "a1", "b1", "a2", "a3"]


# ---- questions and decisions


def test_a_dispute_keeps_the_figures_address_and_both_see_the_answer(counter, ours):
    said = send(ours, "/ask/2568/item:o1", "/ask/2568/item:o1", kind="dispute", text="ควรเป็น 100")
    page = said.headers["location"]
    number = page.rsplit("/", 1)[1]
    row = counter.owner.execute(
        "select fiscal_year, figure, shown from counter.question where question_no = %s", [number]
    ).fetchone()
    assert row == (2568, "item:o1", "o1 โครงสร้าง: 91.15")
    chacho = counter.signed_in(person="chacho")
    assert "ควรเป็น 100" in chacho.get(page).text
    send(chacho, page, page, text="ตรวจแล้ว ถูกต้อง")
    for client in (ours, chacho):
        assert "ตรวจแล้ว ถูกต้อง" in client.get(page).text
    again = send(chacho, "/", page, text="คำตอบที่สอง")
    assert again.status_code == 303 and "คำตอบที่สอง" not in ours.get(page).text
    assert send(ours, "/", "/ask/2568/item:o99", kind="dispute", text="?").status_code == 404


def test_contacts_are_mended_in_the_file(counter):
    chacho = counter.signed_in(person="chacho")
    path = "/province/24/contacts"
    bad = send(chacho, path, path, agency_id=THEIRS, email="a@b\r\nBcc: x@y.th")
    assert bad.status_code == 400
    send(chacho, path, path, agency_id=THEIRS, email="new@example.go.th")
    assert f"{THEIRS},new@example.go.th" in (counter.home / "access/contacts.csv").read_text()
    assert "new@example.go.th" in chacho.get(path).text


def test_a_letter_is_printed_and_the_one_before_is_void(counter):
    import re

    import pypdf

    chacho = counter.signed_in(person="chacho")
    before = counter.ticket(agency=THEIRS)
    made = send(chacho, "/province/24/letters", "/province/24/letters", agency_id=[OURS, THEIRS])
    book = pypdf.PdfReader(io.BytesIO(made.content))
    assert len(book.pages) == 2
    text = "".join(page.extract_text() for page in book.pages if THEIRS in page.extract_text())
    code = re.search(r"[2-9A-Z]{4}(-[2-9A-Z]{4}){3}", text)[0]
    assert send(counter.fresh(), "/in", "/in/letter", login=THEIRS, code=before).status_code == 403
    assert send(counter.fresh(), "/in", "/in/letter", login=THEIRS, code=code).status_code == 303


def test_the_marked_copy_runs_no_formula_of_the_senders(ours):
    book = openpyxl.Workbook()
    book.active.append(["fiscal_year", "agency_id", "level", "code", "part", "score"])
    book.active.append([2568, OURS, "overall", "", "", 191])
    book.active.append([2568, OURS, "item", "o1", "", '=HYPERLINK("http://evil")'])
    out = io.BytesIO()
    book.save(out)
    page = put_in(ours, "formula.xlsx", out.getvalue())
    marked = ours.get(f"{page}/marked.xlsx")
    cells = openpyxl.load_workbook(io.BytesIO(marked.content)).active.values
    assert "=HYPERLINK" not in str(list(cells))
