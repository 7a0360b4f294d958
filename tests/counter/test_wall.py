"""Every route and identifier as everybody else, and as nobody: nothing leaks, nothing tells whether
it is there."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from counter import codes
from counter.role import ROLE
from counter.visitor import COOKIE
from tests.counter.conftest import ELSEWHERE, OURS, THEIRS, form_key, put_in, scores, send
from warehouse import connect

NOWHERE = {
    "agency": "9999999",
    "upload": "0" * 32,
    "question": "999999",
    "province": "99",
    "sha": "0" * 64,
}
# Route -> who may: everybody, known (any session), ours (the agency, its province, headquarters),
# agency (it alone), province (24 and headquarters), headquarters.
ROUTES = {
    ("GET", "/"): "known",
    ("GET", "/in"): "everybody",
    ("POST", "/in/link"): "everybody",
    ("GET", "/in/{token}"): "everybody",
    ("POST", "/in/letter"): "everybody",
    ("POST", "/in/{token}"): "everybody",
    ("POST", "/out"): "known",
    ("POST", "/stay"): "known",
    ("GET", "/health"): "everybody",
    ("GET", "/fonts/{style}.woff2"): "everybody",
    ("GET", "/agency/{agency_id}"): "ours",
    ("GET", "/agency/{agency_id}/history"): "ours",
    ("GET", "/agency/{agency_id}/{year}"): "ours",
    ("GET", "/agency/{agency_id}/template/{year}.xlsx"): "ours",
    ("GET", "/agency/{agency_id}/measures/{year}.xlsx"): "ours",
    ("GET", "/agency/{agency_id}/{year}/{file}"): "ours",
    ("GET", "/receipts/{agency_id}/{sha256}"): "ours",
    ("POST", "/upload"): "an agency",
    ("GET", "/uploads/{upload_id}"): "ours",
    ("GET", "/uploads/{upload_id}/state"): "ours",
    ("GET", "/uploads/{upload_id}/marked.xlsx"): "ours",
    ("POST", "/uploads/{upload_id}/hand-in"): "agency",
    ("POST", "/uploads/{upload_id}/withdraw"): "agency",
    ("GET", "/ask/{year}/{address}"): "an agency",
    ("POST", "/ask/{year}/{address}"): "an agency",
    ("GET", "/questions/{number}"): "ours",
    ("POST", "/questions/{number}"): "province",
    ("GET", "/questions"): "headquarters",
    ("GET", "/province/{code}"): "province",
    ("GET", "/province/{code}/contacts"): "province",
    ("POST", "/province/{code}/contacts"): "province",
    ("GET", "/province/{code}/letters"): "province",
    ("POST", "/province/{code}/letters"): "province",
    ("GET", "/province/{code}/packs/{year}.zip"): "province",
    ("GET", "/province/{code}/questions"): "province",
    ("GET", "/country"): "headquarters",
    ("GET", "/waiting"): "headquarters",
    ("POST", "/waiting"): "headquarters",
    ("GET", "/people"): "headquarters",
    ("POST", "/people"): "headquarters",
}
MAY = {
    "known": {"ours", "theirs", "chacho", "tak", "hq"},
    "ours": {"ours", "chacho", "hq"},
    "agency": {"ours"},
    "an agency": {"ours", "theirs"},
    "province": {"chacho", "hq"},
    "headquarters": {"hq"},
}
WHO = {
    "ours": {"agency": OURS},
    "theirs": {"agency": THEIRS},
    "chacho": {"person": "chacho"},
    "tak": {"person": "tak"},
    "hq": {"person": "hq"},
}


@pytest.fixture(scope="module")
def world(counter):
    """Sessions of everybody, and what is ours: a file with a marked copy, a question."""
    clients = {who: counter.signed_in(**of) for who, of in WHO.items()}
    page = put_in(clients["ours"], "ours.csv", scores(overall="90.01"))
    send(clients["ours"], page, f"{page}/hand-in")
    upload = page.rsplit("/", 1)[1]
    counter.owner.execute("update counter.upload set marked = 'x' where upload_id = %s", [upload])
    asked = send(
        clients["ours"], "/ask/2568/overall", "/ask/2568/overall", kind="dispute", text="?"
    )
    number = asked.headers["location"].rsplit("/", 1)[1]
    sha = "5" * 64
    counter.owner.execute(
        "insert into raw.submission (submission_sha256, file_name, authority, received_at, state,"
        " speaks_for) values (%s, 'x/secret-name.csv', 'agency', '2026-01-01', 'accepted', %s)",
        [sha, f"agency:{OURS}"],
    )
    receipt = next((counter.home / "receipts").glob("*.json")).read_text()
    (counter.home / f"receipts/{sha}.json").write_text(receipt)
    return clients, {
        "agency": OURS,
        "upload": upload,
        "question": number,
        "province": "24",
        "sha": sha,
    }


def address(path: str, ids: dict) -> str:
    return path.format(
        token="no-token",
        agency_id=ids["agency"],
        year=2568 if "measures" not in path else 2569,
        file="pack.pdf",
        sha256=ids["sha"],
        upload_id=ids["upload"],
        number=ids["question"],
        code=ids["province"],
        address="overall",
    )


def test_the_table_holds_every_route(counter):
    found = {
        (method, route.path)
        for route in counter.client.app.routes
        for method in (getattr(route, "methods", None) or ())
    }
    assert found == set(ROUTES)


@pytest.mark.parametrize(("method", "path"), [r for r in ROUTES if r[0] == "GET"])
def test_who_may_not_sees_what_he_sees_where_nothing_is(world, method, path):
    clients, ids = world
    may = ROUTES[method, path]
    if may in ("everybody", "known", "an agency"):
        return
    for who, client in clients.items():
        real = client.get(address(path, ids), follow_redirects=False)
        if who in MAY[may]:
            assert real.status_code == 200, (who, path, real.text[:300])
            continue
        nothing = client.get(address(path, NOWHERE), follow_redirects=False)
        assert (real.status_code, real.content) == (404, nothing.content), (who, path)
        assert nothing.status_code == 404


@pytest.mark.parametrize(("method", "path"), [r for r in ROUTES if ROUTES[r] != "everybody"])
def test_nobody_is_sent_to_sign_in_whatever_he_asks_for(counter, world, method, path):
    for ids in (world[1], NOWHERE):
        client = counter.fresh()
        answer = client.request(method, address(path, ids), follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/in")
        assert answer.text == ""


@pytest.mark.parametrize(
    ("method", "path"), [r for r in ROUTES if r[0] == "POST" and ROUTES[r] != "everybody"]
)
def test_no_form_without_the_key_of_its_own_session(world, method, path):
    """CSRF: nothing, another session's key, and the right key from another site."""
    clients, ids = world
    may = ROUTES[method, path]
    who = "ours" if may in ("known", "agency", "an agency") else "hq"
    client, target = clients[who], address(path, ids)
    own = form_key(client.get("/").text)
    other = form_key(clients["theirs"].get("/").text)
    for data, headers in (
        ({}, {}),
        ({"form_key": other}, {}),
        ({"form_key": own}, {"origin": "https://evil.example"}),
        ({"form_key": own}, {"origin": "null"}),
        ({"form_key": own}, {"sec-fetch-site": "cross-site"}),
    ):
        answer = client.post(target, data=data, headers=headers, follow_redirects=False)
        assert answer.status_code == 403, (path, data, headers)
    assert client.get("/", follow_redirects=False).headers["location"] != "/in"


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/uploads/{upload_id}/hand-in", {}),
        ("/uploads/{upload_id}/withdraw", {}),
        ("/questions/{number}", {"text": "an answer of ours"}),
        ("/province/{code}/contacts", {"agency_id": OURS, "email": "evil@example.com"}),
        ("/province/{code}/letters", {"agency_id": OURS}),
        ("/waiting", {"subject": "b1", "verdict": "approve", "reason": "?"}),
        ("/people", {"person": "hq"}),
    ],
)
def test_what_others_send_changes_nothing(counter, world, path, data):
    clients, ids = world
    before = state(counter)
    for who in set(clients) - MAY[ROUTES["POST", path]]:
        client = clients[who]
        key = form_key(client.get("/").text)
        sent = {"form_key": key, **data}
        real = client.post(address(path, ids), data=sent, follow_redirects=False)
        nothing = client.post(address(path, NOWHERE), data=sent, follow_redirects=False)
        assert real.status_code == nothing.status_code == 404, (who, path)
        assert real.content == nothing.content
    counter.clerk_is_done()
    assert state(counter) == before


def state(counter):
    tables = ("upload", "question", "contact", "ticket", "decision", "event")
    return {
        t: sorted(counter.owner.execute(f"select t::text from counter.{t} as t")) for t in tables
    }


def test_a_province_prints_no_letter_and_mends_no_contact_of_another(counter, world):
    """The address says its own province; the form names another's agency."""
    chacho = world[0]["chacho"]
    before = state(counter)
    key = form_key(chacho.get("/").text)
    for path, data in (
        ("/province/24/contacts", {"agency_id": ELSEWHERE, "email": "evil@example.com"}),
        ("/province/24/letters", {"agency_id": ELSEWHERE}),
    ):
        answer = chacho.post(path, data={"form_key": key, **data}, follow_redirects=False)
        assert answer.status_code == 404
    assert state(counter) == before


def test_the_province_does_not_see_what_was_not_handed_in(counter, world):
    clients, _ = world
    page = put_in(clients["ours"], "draft.csv", scores(overall="55.55"))
    assert clients["ours"].get(page).status_code == 200
    assert {clients[who].get(page).status_code for who in ("chacho", "hq")} == {404}
    assert "draft.csv" not in clients["chacho"].get(f"/agency/{OURS}").text


def test_who_leaves_logins_csv_is_out_at_once_after_it_is_read(counter):
    file = counter.home / "access/logins.csv"
    before = file.read_text()
    file.write_text(before + "gone,24,,\n")
    counter.clerk_is_done("sync")
    client = counter.signed_in(person="gone")
    assert client.get("/province/24").status_code == 200
    file.write_text(before)
    counter.clerk_is_done("sync")
    assert client.get("/province/24", follow_redirects=False).headers["location"] == "/in"


# ---- the role


def test_the_role_reads_nothing_but_its_functions(counter_home):
    """It owns nothing, and no table, view or function of another schema of ours is its."""
    with connect.connect(ROLE, autocommit=True) as role:
        for table in (
            "counter.session", "counter.contact", "counter.upload", "counter.agency",
            "raw.submission", "raw.score", "mart.assessment", "ops.build", "access.role_scope",
        ):  # fmt: skip
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                role.execute(f"select * from {table}")
        for call in ("counter.results_of('1')", "counter.may_see('', '', now())"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                role.execute(f"select {call}")
        owned = role.execute(
            "select count(*) from pg_shdepend where refobjid = %s::regrole and deptype = 'o'",
            [ROLE],
        ).fetchone()
        assert owned == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            role.execute("create table counter_api.mine (x int)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            role.execute("create schema mine")


def test_no_function_says_anything_to_no_session(counter_home):
    """Each function with a session that is none: nothing, and nothing changed."""
    owner, _ = counter_home
    functions = owner.execute(
        "select proname, pg_get_function_identity_arguments(oid), provolatile from pg_proc"
        " where pronamespace = 'counter_api'::regnamespace order by 1"
    ).fetchall()
    assert len(functions) > 20
    values = {
        "p_session": f"'{'0' * 64}'", "p_agency": f"'{OURS}'", "p_province": "'24'",
        "p_agencies": f"array['{OURS}']", "p_year": "2568", "p_at": "now()", "p_question": "1",
        "p_subject": "'b1'", "p_verdict": "'approve'", "p_kind": "'dispute'", "p_bytes": "1",
        "p_upload": "md5('x')", "p_submission": f"'{'5' * 64}'",
    }  # fmt: skip
    for name, arguments, _ in functions:
        named = [one.split()[0] for one in arguments.split(", ")]
        if "p_session" not in named or name in ("sign_in", "sign_out"):
            continue
        call = ", ".join(values.get(one, "'x'") for one in named)
        rows = owner.execute(f"select * from counter_api.{name}({call})").fetchall()
        assert rows in ([], [(None,)], [([],)], [("no",)], [(False,)]), name


def test_no_time_that_is_said_opens_what_is_over(counter):
    """Whoever has the role says what time it is; PostgreSQL has a clock of its own."""
    client = counter.signed_in(agency=OURS)
    page = put_in(client, "late.csv", scores(overall="90.03"))
    over = codes.hashed(client.cookies[COOKIE])
    open_ = codes.hashed(counter.signed_in(agency=OURS).cookies[COOKIE])
    send(client, "/", "/out")
    old = counter.ticket(agency=OURS, at=datetime.now(UTC) - timedelta(days=31))
    new, moment = counter.ticket(agency=OURS), "now() - interval '2 days'"
    upload = page.rsplit("/", 1)[1]
    with connect.connect(ROLE, autocommit=True) as role:

        def said(call, *values):
            return role.execute(f"select counter_api.{call}", values).fetchone()[0]

        counter.owner.execute(
            "update counter.session set began_at = %s, ends_at = %s where session_sha256 = %s",
            [*(datetime.now(UTC) - timedelta(hours=hours) for hours in (12, 2)), over],
        )
        for earlier in ("now() - interval '3 hours'", "'-infinity'", "'infinity'"):
            assert said(f"who(%s, {earlier})", over) is None
            assert said(f"agency(%s, %s, {earlier})", over, OURS) is None
            assert said(f"stay(%s, {earlier})", over) is None
        tried = [codes.hashed_code(old), OURS, "1" * 64, "for", "from"]
        assert said(f"sign_in(%s, %s, %s, %s, %s, {moment})", *tried) == "no"
        tried = [codes.hashed_code(new), OURS, "2" * 64, "for", "from"]
        assert said("sign_in(%s, %s, %s, %s, %s, 'infinity')", *tried) == "ok"
        assert said(f"hand_in(%s, %s, {moment})", open_, upload) == "ok"
        assert said("ask(%s, 2568, 'overall', '91', 'question', 'x', 'infinity')", open_)
    far = counter.owner.execute(
        "select (select count(*) from counter.session where ends_at > now() + interval '11 hours')"
        " + (select count(*) from counter.upload where handed_in_at < now() - interval '1 hour'"
        " and upload_id = %s)"
        " + (select count(*) from counter.question where asked_at > now() + interval '1 hour')",
        [upload],
    ).fetchone()
    assert far == (0,)


def test_every_function_is_fixed_to_its_schemas(counter_home):
    """A definer's function that looked for names elsewhere could be given others' names."""
    rows = counter_home[0].execute(
        "select proname from pg_proc where pronamespace in"
        " ('counter_api'::regnamespace, 'counter'::regnamespace)"
        " and not coalesce(proconfig, '{}') @> '{\"search_path=pg_catalog, pg_temp\"}'"
    )
    assert rows.fetchall() == []


def test_an_agency_that_moves_in_a_year_to_come_is_its_provinces_until_then(counter):
    """The registry is accepted before the year begins; the other province sees it from October."""
    here, there = counter.signed_in(person="chacho"), counter.signed_in(person="tak")
    sees = [client.get(f"/agency/{THEIRS}").status_code for client in (here, there)]
    assert sees == [200, 404]
    (this_year,) = counter.owner.execute("select counter.fiscal_year(now())").fetchone()
    of_year = (
        "insert into raw.agency (submission_sha256, agency_id, name_th, agency_type, province_code,"
        " valid_from) select submission_sha256, agency_id, name_th, agency_type, '63', %s"
        " from raw.agency where agency_id = %s order by valid_from limit 1"
    )
    for year, wanted in ((this_year + 1, [200, 404]), (this_year, [404, 200])):
        counter.owner.execute(of_year, [year, THEIRS])
        now = [client.get(f"/agency/{THEIRS}").status_code for client in (here, there)]
        counter.owner.execute("delete from raw.agency where valid_from = %s", [year])
        assert now == wanted


@pytest.mark.parametrize(
    ("at", "year"),
    [("2026-09-30 23:59+07", 2569), ("2026-10-01 00:00+07", 2570), ("2027-01-01 07:00+07", 2570)],
)
def test_a_fiscal_year_begins_in_october_in_thailand(counter, at, year):
    found = counter.owner.execute("select counter.fiscal_year(%s::timestamptz)", [at]).fetchone()
    assert found == (year,)
