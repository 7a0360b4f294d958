"""Sessions and the ways in: what a browser brings is not believed, nothing tells who is there."""

import time

import pytest

from counter import codes
from counter.routes import signing_in
from counter.visitor import COOKIE
from tests.counter.conftest import ELSEWHERE, OURS, THEIRS, form_key, send
from warehouse import contacts


def test_a_session_that_the_browser_brings_is_not_taken_over(counter):
    """Fixation: the token after signing in is a new one, and the old session is over."""
    client = counter.signed_in(agency=THEIRS)
    old = client.cookies[COOKIE]
    token = counter.ticket("link", agency=OURS)
    send(client, f"/in/{token}", f"/in/{token}")
    assert client.cookies[COOKIE] != old
    thief = counter.fresh()
    thief.cookies.set(COOKIE, old)
    assert thief.get("/", follow_redirects=False).headers["location"] == "/in"
    chosen = counter.fresh()
    chosen.cookies.set(COOKIE, "chosen-by-another")
    assert chosen.get("/", follow_redirects=False).headers["location"] == "/in"


def test_signed_out_is_out_on_the_server(counter):
    client = counter.signed_in(agency=OURS)
    token = client.cookies[COOKIE]
    send(client, "/", "/out")
    thief = counter.fresh()
    thief.cookies.set(COOKIE, token)
    assert thief.get("/", follow_redirects=False).headers["location"] == "/in"


def test_a_session_goes_on_by_the_hour_for_twenty_at_most(counter):
    client = counter.signed_in(agency=OURS)
    of = [codes.hashed(client.cookies[COOKIE])]
    for began, stays, left in (("9 hours 50 minutes", 303, 60), ("19 hours 50 minutes", 303, 10)):
        counter.owner.execute(
            f"update counter.session set began_at = now() - interval '{began}',"
            " ends_at = now() + interval '5 minutes' where session_sha256 = %s",
            of,
        )
        assert "hidden" not in client.get("/").text.split('class="stay"')[1].split(">")[0]
        assert send(client, "/", "/stay").status_code == stays
        (minutes,) = counter.owner.execute(
            "select round(extract(epoch from ends_at - now()) / 60) from counter.session"
            " where session_sha256 = %s",
            of,
        ).fetchone()
        assert minutes == left
    counter.owner.execute(
        "update counter.session set ends_at = now() where session_sha256 = %s", of
    )
    key = codes.hashed(f"form {client.cookies[COOKIE]}")
    over = client.post("/stay", data={"form_key": key}, follow_redirects=False)
    assert over.headers["location"] == "/in"


def test_the_cookie_is_no_scripts_and_no_other_sites(counter):
    answer = send(
        counter.fresh(), "/in", "/in/letter", login=OURS, code=counter.ticket(agency=OURS)
    )
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/" in cookie


def test_a_code_of_one_agency_is_none_of_another(counter):
    code = counter.ticket(agency=OURS)
    assert send(counter.fresh(), "/in", "/in/letter", login=THEIRS, code=code).status_code == 403
    link = counter.ticket("link", agency=OURS)
    assert send(counter.fresh(), "/in", "/in/letter", login=OURS, code=link).status_code == 403


def test_a_login_is_the_same_in_capitals_and_in_thai_digits(counter):
    """Identifiers may hold letters, and telephones write what they like."""
    owner, thai = counter.owner, str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
    contacts.mend("SYN-7", "Office.Seven@example.go.th")
    code = counter.ticket(agency="SYN-7")
    typed = {"login": " syn-๗ ", "code": code.translate(thai)}
    assert send(counter.fresh(), "/in", "/in/letter", **typed).status_code == 303
    for number, whom in enumerate(("SYN-7", "syn-7", "office.seven@Example.go.th"), 1):
        send(counter.fresh(), "/in", "/in/link", whom=whom)
        counter.clerk_is_done()
        owner.execute("truncate counter.attempt")
        (made,) = owner.execute(
            "select count(*) from counter.ticket where agency_id = 'SYN-7' and kind = 'link'"
        ).fetchone()
        assert made == number, whom
    contacts.mend("SYN-7", "")
    tries = [
        send(counter.fresh(), "/in", "/in/letter", login=login, code="WRONG").status_code
        for login in ("SYN-7", "syn-7") * 6
    ]
    assert tries == [403] * 10 + [429] * 2, "other letters are no other agency"


def test_tries_are_limited_the_same_for_agencies_that_are_not_there(counter):
    for agency in (OURS, "no-such-agency"):
        counter.owner.execute("truncate counter.attempt")
        said = [
            send(counter.fresh(), "/in", "/in/letter", login=agency, code="WRONG").status_code
            for _ in range(12)
        ]
        assert said == [403] * 10 + [429] * 2
    good = counter.ticket(agency=OURS)
    assert send(counter.fresh(), "/in", "/in/letter", login=OURS, code=good).status_code == 303


def test_a_try_takes_as_long_for_agencies_that_are_not_there(counter, monkeypatch):
    monkeypatch.setattr(signing_in, "SLOWLY", 0.4)
    for agency in (OURS, "no-such-agency"):
        for _ in range(3):
            client = counter.fresh()
            key = form_key(client.get("/in").text)
            began = time.monotonic()
            client.post("/in/letter", data={"form_key": key, "login": agency, "code": "WRONG"})
            assert time.monotonic() - began >= 0.4


@pytest.mark.parametrize("path", ["/in/link", "/in/letter", "/in/no-token"])
def test_no_form_for_signing_in_from_another_site(counter, path):
    """Nobody is signed in as somebody else by a page elsewhere."""
    client = counter.fresh()
    key = form_key(client.get("/in").text)
    for data, headers in (
        ({}, {}),
        ({"form_key": "0" * 64}, {}),
        ({"form_key": key}, {"origin": "https://evil.example"}),
        ({"form_key": key}, {"sec-fetch-site": "cross-site"}),
    ):
        assert client.post(path, data=data, headers=headers).status_code == 403, (data, headers)
    assert counter.fresh().post(path, data={"form_key": key}).status_code == 403  # of nobody's


def test_tries_are_limited_by_address(counter):
    said = [
        send(counter.fresh(), "/in", "/in/letter", login=f"a{n}", code="WRONG").status_code
        for n in range(32)
    ]
    assert said == [403] * 30 + [429] * 2


def test_asking_for_a_link_says_the_same_of_everybody(counter):
    pages = {}
    for whom in (OURS, THEIRS, "no-such-agency", "x@y.th"):
        client = counter.fresh()
        pages[whom] = send(client, "/in", "/in/link", whom=whom)
    assert {(page.status_code, page.text) for page in pages.values()} == {(200, pages[OURS].text)}


def test_links_are_not_sent_more_often_than_thrice_in_a_quarter(counter):
    for _ in range(5):
        send(counter.fresh(), "/in", "/in/link", whom=ELSEWHERE)
    counter.clerk_is_done()
    (made,) = counter.owner.execute(
        "select count(*) from counter.ticket where agency_id = %s and made_by = 'mail'", [ELSEWHERE]
    ).fetchone()
    assert made == 3


def test_only_the_hash_of_a_link_is_in_the_database(counter):
    token = counter.ticket("link", agency=OURS)
    rows = counter.owner.execute("select t::text from counter.ticket as t").fetchall()
    assert codes.hashed(token) in str(rows) and token not in str(rows)
