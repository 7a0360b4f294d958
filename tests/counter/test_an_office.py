"""An officer's way: in by a letter or a link, a file judged, handed in, taken back."""

import email
import email.policy
import io
import json
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest

from counter import codes, figures
from ingestion import judge_landing, load, receive
from tests.counter.conftest import HEAD, OURS, THEIRS, form_key, put_in, scores, send


def night(counter):
    at = datetime.now(UTC)
    receive.run(counter.owner, at)
    judge_landing.run(counter.owner)
    load.run(counter.owner, at)


def test_a_letter_lets_in_once_however_it_is_typed(counter):
    code = counter.ticket(agency=OURS)
    client = counter.fresh()
    typed = code.lower().replace("-", " ")
    first = send(client, "/in", "/in/letter", login=OURS, code=typed)
    assert first.status_code == 303 and "ita_session" in client.cookies
    again = send(counter.fresh(), "/in", "/in/letter", login=OURS, code=code)
    assert again.status_code == 403


def test_a_link_is_used_by_its_button_not_by_opening_it(counter):
    token = counter.ticket("link", agency=OURS)
    for _ in range(2):  # a mail program that opens links
        assert counter.fresh().get(f"/in/{token}").status_code == 200
    client = counter.fresh()
    assert send(client, f"/in/{token}", f"/in/{token}").status_code == 303
    assert client.get(f"/agency/{OURS}").status_code == 200
    assert counter.fresh().get(f"/in/{token}").status_code == 404


def test_links_end_after_15_minutes_letters_after_30_days(counter):
    late = datetime.now(UTC) - timedelta(minutes=15, seconds=1)
    assert (
        counter.fresh().get(f"/in/{counter.ticket('link', agency=OURS, at=late)}").status_code
        == 404
    )
    old = counter.ticket(agency=OURS, at=datetime.now(UTC) - timedelta(days=30, seconds=1))
    assert send(counter.fresh(), "/in", "/in/letter", login=OURS, code=old).status_code == 403


def test_the_link_goes_to_the_registered_address_and_comes_in(counter):
    outbox = counter.home / "counter/outbox"
    send(counter.fresh(), "/in", "/in/link", whom=OURS)
    counter.clerk_is_done()
    (file,) = outbox.glob("*.eml")
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert message["To"] == "ours@example.go.th"
    link = next(w for w in message.get_content().split() if "/in/" in w)
    path = "/in/" + link.rsplit("/in/", 1)[1]
    assert send(counter.fresh(), path, path).status_code == 303


def test_a_file_is_judged_handed_in_counts_and_is_taken_back(counter):
    client = counter.signed_in(agency=OURS)
    page = put_in(client, "ผล ๒๕๖๘.csv", scores(overall="93.07"))
    shown = client.get(page).text
    assert "ยังไม่ได้ส่ง" in shown and "93.07" in shown
    assert not list((counter.home / "landing").rglob("*.csv")), "nothing lands before she says so"
    send(client, page, f"{page}/hand-in")
    assert "ส่งแล้ว รอรอบคืนนี้" in client.get(page).text
    (lies,) = (counter.home / "landing/counter" / OURS).iterdir()
    assert lies.read_bytes() == scores(overall="93.07")
    night(counter)
    row = counter.owner.execute(
        "select state, inbox, speaks_for, received_at from raw.submission"
        " where file_name like '%%ผล ๒๕๖๘.csv'"
    ).fetchone()
    handed_in = counter.owner.execute(
        "select handed_in_at from counter.upload where upload_id = %s", [page.rsplit("/", 1)[1]]
    ).fetchone()[0]
    assert row == ("accepted", f"counter/{OURS}", f"agency:{OURS}", handed_in)
    assert "ระบบประมวลผลแล้ว" in client.get(page).text
    assert "93.07" not in client.get(f"/agency/{OURS}").text  # nothing is published here
    send(client, page, f"{page}/withdraw")
    assert "ถอนแล้ว" in client.get(page).text
    (state,) = counter.owner.execute(
        "select state from raw.submission where file_name like '%%ผล ๒๕๖๘.csv'"
    ).fetchone()
    assert state == "withdrawn"
    events = client.get(f"/agency/{OURS}/history").text
    assert "ส่งแฟ้ม" in events and "ถอนแฟ้ม" in events


def test_a_try_that_failed_is_not_a_file_that_waits_for_her(counter):
    """Nothing of it is left to be done: only a file that can be handed in, and is not, says so."""
    client = counter.signed_in(agency=OURS)
    page = put_in(client, "wrong.csv", scores(overall="191"))
    for shown in (client.get(page).text, client.get(f"/agency/{OURS}").text):
        assert "ตรวจแล้ว ยังส่งไม่ได้" in shown
    page = put_in(client, "right.csv", scores(overall="91.17"))
    assert "ตรวจแล้ว ยังไม่ได้ส่ง" in client.get(page).text
    send(client, page, f"{page}/hand-in")
    assert "วันนี้ท่านไม่ต้องทำอะไรอีก" in client.get(page).text
    send(client, page, f"{page}/withdraw")
    assert "วันนี้ท่านไม่ต้องทำอะไรอีก" not in client.get(page).text


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("2568 overall", "ปี 2568 คะแนนภาพรวม"),
        ("2568 indicator:9", "ปี 2568 ตัวชี้วัดที่ 9"),
        ("2567 item:e3:public", "ปี 2567 ข้อ e3 ส่วนที่ 1"),
        ("2568 something else", "2568 something else"),
        ("", ""),
    ],
)
def test_history_names_a_figure_in_words(kept, said):
    assert figures.named(kept) == said


def test_what_waits_in_landing_is_taken_out_of_it(counter):
    client = counter.signed_in(agency=OURS)
    page = put_in(client, "early.csv", scores(overall="88.01"))
    send(client, page, f"{page}/hand-in")
    send(client, page, f"{page}/withdraw")
    assert "ถอนแล้ว" in client.get(page).text
    assert not [f for f in (counter.home / "landing").rglob("*.csv") if f.name == "early.csv"]


def test_bytes_that_came_by_others_are_not_taken_back_by_her(counter):
    """The operator's file of the same bytes stays: she withdraws only what came by her inbox."""
    content = scores(overall="77.77")
    file = counter.home / "landing/nacc_2568.csv"
    file.write_bytes(content)
    night(counter)
    client = counter.signed_in(agency=OURS)
    page = put_in(client, "same.csv", content)
    send(client, page, f"{page}/hand-in")
    send(client, page, f"{page}/withdraw")
    (state,) = counter.owner.execute(
        "select state from raw.submission where file_name = 'nacc_2568.csv'"
    ).fetchone()
    assert state == "accepted"
    assert "ถอนไม่ได้" in client.get(f"/agency/{OURS}/history").text


def test_a_file_for_another_agency_is_rejected_and_cannot_be_handed_in(counter):
    client = counter.signed_in(agency=OURS)
    page = put_in(client, "other.csv", scores("1630001"))
    shown = client.get(page)
    assert "ยังส่งไม่ได้" in shown.text and "hand-in" not in shown.text
    key = form_key(shown.text)
    client.post(f"{page}/hand-in", data={"form_key": key})
    assert "ยังส่งไม่ได้" in client.get(page).text
    assert not list((counter.home / "landing").rglob("other.csv"))


def test_a_table_of_two_agencies_is_handed_in_by_neither(counter):
    """The same bytes are one submission and speak for one agency: of a table that the province
    sends round, the second's rows would never count, and it would be told of the first."""
    both = scores(OURS, "71.01") + scores(THEIRS, "72.02").split(b"\n", 1)[1]
    for agency in (OURS, THEIRS):
        client = counter.signed_in(agency=agency)
        page = put_in(client, "all.csv", both)
        shown = client.get(page).text
        assert "ยังส่งไม่ได้" in shown and "ข้อมูลของหน่วยงานอื่น" in shown
        assert "hand-in" not in shown
        client.post(f"{page}/hand-in", data={"form_key": form_key(shown)})
        assert "ตรวจแล้ว ยังส่งไม่ได้" in client.get(page).text
    assert not list((counter.home / "landing").rglob("all*.csv"))


def test_what_is_taken_in_part_is_said_so(counter):
    client = counter.signed_in(agency=OURS)
    content = scores(overall="90.11") + scores(overall="191", year=2567).split(b"\n", 1)[1]
    shown = client.get(put_in(client, "years.csv", content)).text
    assert "รับได้เพียงบางส่วน" in shown and "รับได้บางส่วน" in shown and "hand-in" in shown
    assert "คะแนน 1 รายการ" in shown


def test_a_receipt_says_how_many_more_it_does_not_list(counter):
    rows = "".join(f"2568,{OURS},,,,,item,o{n},,100\n" for n in range(100, 250))
    client = counter.signed_in(agency=OURS)
    shown = client.get(put_in(client, "many.csv", scores() + rows.encode())).text
    assert "อีก 50 แห่ง" in shown


def test_the_same_bytes_twice_are_taken_back_together(counter):
    client = counter.signed_in(agency=OURS)
    pages = [put_in(client, name, scores(overall="87.65")) for name in ("one.csv", "two.csv")]
    for page in pages:
        send(client, page, f"{page}/hand-in")
    assert "ระบบมีแฟ้มนี้อยู่แล้ว" in client.get(pages[1]).text
    send(client, pages[1], f"{pages[1]}/withdraw")
    for page in pages:
        assert "ถอนแล้ว" in client.get(page).text
    again = put_in(client, "one.csv", scores(overall="87.65"))
    send(client, again, f"{again}/hand-in")
    assert "ส่งแล้ว รอรอบคืนนี้" in client.get(again).text
    send(client, again, f"{again}/withdraw")


@pytest.mark.parametrize("with_night", [False, True])
def test_who_goes_back_to_a_file_before_is_told_which_counts_instead(counter, with_night):
    client = counter.signed_in(agency=OURS)
    year = 2567 if with_night else 2566
    first, second = (scores(overall=score, year=year) for score in ("83.11", "83.22"))
    for name, content in (("first.csv", first), ("second.csv", second)):
        page = put_in(client, name, content)
        send(client, page, f"{page}/hand-in")
        if with_night:
            night(counter)
    later = page
    page = put_in(client, "first.csv", first)
    send(client, page, f"{page}/hand-in")
    shown = client.get(page).text
    assert f'<a href="{later}">second.csv</a>' in shown and "ยังใช้แทนแฟ้มนี้" in shown
    assert "ไม่ต้องทำอะไรอีก" not in shown
    send(client, later, f"{later}/withdraw")
    assert "ยังใช้แทนแฟ้มนี้" not in client.get(page).text
    page = put_in(client, "first.csv", first)
    send(client, page, f"{page}/hand-in")
    send(client, page, f"{page}/withdraw")
    assert "ยังใช้แทนแฟ้มนี้" not in client.get(page).text


def test_an_agency_that_has_ended_is_told_who_follows_and_owes_nothing_more(counter):
    client = counter.signed_in(agency=THEIRS)
    assert "มาตรการ ปี 2569" in client.get(f"/agency/{THEIRS}").text
    change = "update raw.agency set valid_to = %s where agency_id = %s"
    follow = "update raw.agency set replaces = %s where agency_id = %s"
    counter.owner.execute(change, [2568, THEIRS])
    counter.owner.execute(follow, [[THEIRS], OURS])
    shown = client.get(f"/agency/{THEIRS}").text
    counter.owner.execute(change, [None, THEIRS])
    counter.owner.execute(follow, [[], OURS])
    assert "มีถึงปีงบประมาณ 2568 ต่อจากนั้นคือ เทศบาลตำบลลาดขวาง" in shown
    assert "ผลคะแนน ปี 2568" in shown and "มาตรการ ปี 2569" not in shown


def test_a_file_called_letter_is_a_file_in_the_history(counter):
    client = counter.signed_in(agency=OURS)
    page = put_in(client, "letter", scores(overall="86.54"))
    send(client, page, f"{page}/hand-in")
    assert ">letter</td>" in client.get(f"/agency/{OURS}/history").text
    send(client, page, f"{page}/withdraw")


def test_the_receipt_is_that_of_the_night(counter):
    client = counter.signed_in(agency=OURS)
    page = put_in(client, "night.csv", scores(overall="69.555", year=2566))  # three decimals
    upload = page.rsplit("/", 1)[1]
    (said,) = counter.owner.execute(
        "select receipt from counter.upload where upload_id = %s", [upload]
    ).fetchone()
    send(client, page, f"{page}/hand-in")
    night(counter)
    file = counter.home / f"receipts/{said['submission_sha256']}.json"
    of_night = json.loads(file.read_text())
    for own in ("file_name", "received_at"):  # where it lay, and when it came
        said.pop(own), of_night.pop(own)
    assert said == of_night and said["warnings"]


def test_workbooks_come_filled_and_the_marked_one_back(counter):
    client = counter.signed_in(agency=OURS)
    template = client.get(f"/agency/{OURS}/template/2568.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(template.content))
    assert "เทศบาลตำบลลาดขวาง" in str([c.value for r in book.worksheets[0].iter_rows() for c in r])
    assert client.get(f"/agency/{OURS}/measures/2569.xlsx").status_code == 200
    sheet = book["คะแนน"]
    wrong = openpyxl.Workbook()
    wrong.active.append(HEAD.split(","))
    wrong.active.append([2568, OURS, "", "", "", "", "overall", "", "", 191])
    out = io.BytesIO()
    wrong.save(out)
    page = put_in(client, "wrong.xlsx", out.getvalue())
    marked = client.get(f"{page}/marked.xlsx")
    cell = openpyxl.load_workbook(io.BytesIO(marked.content)).active["J2"]
    assert cell.comment is not None and sheet is not None


def test_what_a_killed_counter_left_is_carried_out_by_the_next(counter):
    """Said in PostgreSQL and not done: the next look does it, with the time of the saying."""
    client = counter.signed_in(agency=OURS)
    page = put_in(client, "cut.csv", scores(overall="81.25"))
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    counter.owner.execute(
        "update counter.upload set handed_in_at = %s where upload_id = %s",
        [at, page.rsplit("/", 1)[1]],
    )
    counter.clerk_is_done("carry_out")
    assert "ส่งแล้ว รอรอบคืนนี้" in client.get(page).text
    notes = [json.loads(f.read_text()) for f in (counter.home / "handed").glob("*.json")]
    (note,) = [note for note in notes if note["name"].endswith("cut.csv")]
    assert datetime.fromisoformat(note["received_at"]) == at


def test_a_session_is_of_a_working_day(counter):
    client = counter.signed_in(agency=OURS)
    session = codes.hashed(client.cookies["ita_session"])
    began, ends = counter.owner.execute(
        "select began_at, ends_at from counter.session where session_sha256 = %s", [session]
    ).fetchone()
    assert ends - began == timedelta(hours=10)
    counter.owner.execute(
        "update counter.session set ends_at = %s where session_sha256 = %s",
        [datetime.now(UTC), session],
    )
    key = form_key(client.get("/in").text)
    client.post("/upload", data={"form_key": key})  # what she had begun
    asked = client.get(f"/agency/{OURS}", follow_redirects=False)
    assert asked.headers["location"] == "/in"
    assert "สิ่งที่กดเมื่อครู่ยังไม่ได้ทำ" in client.get("/in").text
    assert "สิ่งที่กดเมื่อครู่ยังไม่ได้ทำ" not in counter.fresh().get("/in").text


@pytest.mark.parametrize("whom", ["agency", "person"])
def test_no_secret_is_stored_as_it_is(counter, whom):
    client = counter.signed_in(**({"agency": OURS} if whom == "agency" else {"person": "hq"}))
    token = client.cookies["ita_session"]
    for table in ("session", "ticket", "attempt", "event"):
        rows = counter.owner.execute(f"select t::text from counter.{table} as t").fetchall()
        assert token not in str(rows)


def test_a_broken_contacts_csv_keeps_nobody_out(counter):
    """What was read before goes on counting."""
    file = counter.home / "access/contacts.csv"
    before = file.read_text()
    file.write_text("agency_id,email\n1,no-address\n")
    try:
        counter.client.portal.call(_wait_for, counter.client.app.state.crew, "sync")
        assert counter.signed_in(agency=OURS).get(f"/agency/{OURS}").status_code == 200
        assert counter.owner.execute("select count(*) from counter.contact").fetchone()[0] >= 2
    finally:
        file.write_text(before)


async def _wait_for(crew, do):
    await crew.post(do)
