"""The desk in a real browser: signing in, every dashboard as headquarters and as a province with
figures equal to the mart, filters, exports; and no request leaves the machine.

`make pictures` (ITA_PICTURES=1) writes the pictures of docs/desk.md to docs/images.
"""

import io
import os
import re
import time
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pandas
import psycopg
import pytest

from desk.boards import write
from tests.desk.client import Client

pytestmark = pytest.mark.slow_group

BOARDS = [board["slug"] for board in write.boards()]
PROVINCE = "39"
ANALYST = "ita_analyst"
LEVELS = ("AA",)  # of the years before 2566
LOADED_FILES = """() => performance.getEntriesByType('resource')
    .map(entry => new URL(entry.name).pathname)"""
LOADED = """() => document.querySelectorAll('.dashboard-component-chart-holder').length
    && !document.querySelectorAll('.loading, [data-test=loading-indicator]').length"""
TAB = ".dashboard-component-tabs .ant-tabs-tab"
SLICE = re.compile(r"slice_id%22%3A(\d+)")
IMAGES = Path(__file__).parents[2] / "docs" / "images"
PICTURE = {"x": 0, "y": 0, "width": 1400, "height": 900}


class Watch:
    """What a page asked for: requests of other hosts that were not stopped, answers with data."""

    def __init__(self, page, address):
        self.address, self.outside, self.stopped, self.answers = address, set(), set(), []
        page.on("request", self._asked)
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)

    def left(self) -> set[str]:
        return self.outside - self.stopped

    def charts(self) -> set[int]:
        """The charts that data came for."""
        return {int(found[1]) for answer in self.answers if (found := SLICE.search(answer.url))}

    def _asked(self, request):
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.outside.add(request.url)

    def _failed(self, request):
        if request.failure == "csp":  # the page's policy stopped it before it left
            self.stopped.add(request.url)

    def _answered(self, response):
        if "/chart/data" in response.url or "/explore_json" in response.url:
            self.answers.append(response)


def sign_in(page, client: Client):
    """Give the page the session that a person has already."""
    page.context.add_cookies(
        [
            {"name": cookie.name, "value": cookie.value, "url": client.address}
            for cookie in client.session.cookies
        ]
    )


def open_board(page, desk, slug: str) -> Watch:
    watch = Watch(page, desk.address)
    page.set_viewport_size({"width": 1400, "height": 3000})  # what is out of sight is not loaded
    page.goto(f"{desk.address}/superset/dashboard/{slug}/")
    wait(page)
    if os.environ.get("ITA_PICTURES"):
        page.screenshot(path=IMAGES / f"desk-{slug}.png", clip=PICTURE)
    look_at_tabs(page)
    (board,) = (board for board in write.boards() if board["slug"] == slug)
    until(page, lambda: len(watch.charts()) >= len(write.charts_of(board)))
    return watch


def look_at_tabs(page):
    for number in range(page.locator(TAB).count()):
        page.locator(TAB).nth(number).click()
        page.wait_for_timeout(500)
        wait(page)


def until(page, state):
    deadline = time.monotonic() + 300
    while not state():
        assert time.monotonic() < deadline, "charts still load"
        page.wait_for_timeout(200)


def wait(page):
    """Until all charts have been loaded for a second; a loop, since the page forbids `eval`."""
    deadline, quiet = time.monotonic() + 300, 0
    while quiet < 5:
        assert time.monotonic() < deadline, "charts still load"
        page.wait_for_timeout(200)
        quiet = quiet + 1 if page.evaluate(LOADED) else 0


def test_a_first_password_opens_nothing_but_its_change(desk, page):
    first = desk.first_password("newcomer")
    watch = Watch(page, desk.address)
    page.goto(f"{desk.address}/login/")
    page.fill("#username", "newcomer")
    page.fill("#password", first)
    page.click("button[type=submit]")
    page.wait_for_url("**/desk/password")
    page.goto(f"{desk.address}/superset/dashboard/national/")
    assert page.url.endswith("/desk/password")
    program = Client(desk.address, "newcomer", first)
    assert program.get("/api/v1/chart/").status_code == 403
    assert program.post("/api/v1/sqllab/execute/", json={}).status_code in (400, 403)
    token = program.session.post(
        f"{desk.address}/api/v1/security/login",
        json={"username": "newcomer", "password": first, "provider": "db"},
    )
    assert token.status_code in (401, 403)
    for new, again in ((first, first), ("short", "short"), ("long enough 12", "other enough 12")):
        page.fill("[name=old]", first)
        page.eval_on_selector_all(
            "input", "all => all.forEach(i => i.removeAttribute('minlength'))"
        )
        page.fill("[name=new]", new)
        page.fill("[name=again]", again)
        with page.expect_navigation():  # the alert of the form before is none of this one
            page.click("button")
        assert page.locator("[role=alert]").inner_text()
    page.fill("[name=old]", first)
    page.fill("[name=new]", "my own words 2569")
    page.fill("[name=again]", "my own words 2569")
    page.click("button")
    page.wait_for_url("**/superset/welcome/")
    page.wait_for_selector("text=แดชบอร์ด")
    assert page.evaluate("document.fonts.check('16px Sarabun', 'ก')")
    assert watch.left() == set()


def test_what_the_login_page_logs_ends_no_session(desk, page):
    """It is sent as nobody, and may be answered after the sign-in: a slow server, a fast person."""
    with page.expect_response("**/superset/log/**") as answered:
        page.goto(f"{desk.address}/login/")
    assert answered.value.status == 204
    assert "set-cookie" not in answered.value.all_headers()


def mart(desk, statement: str, role: str) -> list[tuple]:
    with desk.connect(role) as connection:
        return connection.execute(statement).fetchall()


def numbers(rows: list) -> Counter:
    """All numbers of rows, however they are laid out (a chart may turn rows into columns)."""
    return Counter(
        round(float(value), 6)
        for row in rows
        for value in row
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    )


def check_answer(desk, answer, role: str) -> list[str]:
    """What a chart was given is what PostgreSQL gives the role for its question; the questions."""
    assert answer.status == 200, answer.text()
    results = answer.json().get("result", [])
    for result in results:
        assert not result.get("is_cached")
        shown = [  # without the place among its cells that Superset reckons for a heat map
            tuple(value for name, value in row.items() if name != "rank") for row in result["data"]
        ]
        said = mart(desk, result["query"].replace("%%", "%"), role)
        assert numbers(shown) == numbers(said), result["query"]
    return [result["query"] for result in results]


@pytest.mark.parametrize("slug", BOARDS)
@pytest.mark.parametrize("who", ["hq", "own"])
def test_every_dashboard_shows_what_the_mart_says(request, desk, page, who, slug):
    """Each chart loads, and shows what PostgreSQL gives the person's role for its question."""
    sign_in(page, request.getfixturevalue(who))
    watch = open_board(page, desk, slug)
    assert watch.left() == set()
    role = ANALYST if who == "hq" else f"ita_province_{PROVINCE}"
    (board,) = (board for board in write.boards() if board["slug"] == slug)
    assert len(watch.charts()) == len(write.charts_of(board))
    for answer in watch.answers:
        check_answer(desk, answer, role)
    assert page.locator(".ant-alert-error, [data-test=error-container]").count() == 0


def figures(page, desk, slug: str, client: Client) -> dict[str, list[dict]]:
    """Rows of each chart of a dashboard, by the chart's title."""
    watch = open_board(page, desk, slug)
    number = client.found("dashboard", slug=slug)["id"]
    charts = client.get(f"/api/v1/dashboard/{number}/charts").json()["result"]
    names = {chart["id"]: chart["slice_name"] for chart in charts}
    return {
        names[int(found[1])]: answer.json()["result"][0]["data"]
        for answer in watch.answers
        if (found := SLICE.search(answer.url)) and "result" in answer.json()
    }


YEAR = "(select max(fiscal_year) from mart.national_summary)"


@pytest.mark.parametrize("who", ["hq", "own"])
def test_national_figures_are_the_nations_whoever_looks(request, desk, page, who):
    client = request.getfixturevalue(who)
    sign_in(page, client)
    shown = figures(page, desk, "national", client)
    ((mean, median, passed, agencies),) = desk.connect().execute(
        "select mean_score, median_score, pass_share, agencies from mart.national_summary"
        f" where fiscal_year = {YEAR}"
    )
    for title, wanted in (
        ("คะแนนเฉลี่ย", mean),
        ("มัธยฐาน", median),
        ("ผ่าน (ร้อยละ)", passed),
        ("หน่วยงาน", agencies),
    ):
        ((value,),) = [tuple(row.values()) for row in shown[title]]
        assert float(value) == pytest.approx(float(wanted)), title
    by_province = desk.connect().execute(
        "select province_th, mean_score from mart.province_summary"
        f" join mart.province using (province_code) where fiscal_year = {YEAR}"
    )
    wanted = {name: float(score) for name, score in by_province}
    rows = shown["จังหวัดตามคะแนนเฉลี่ย"]
    assert {row["province_th"]: float(row["mean_score"]) for row in rows} == wanted


def test_pages_are_thai(desk, page, hq):
    """What Superset says of its own on a dashboard, and the names on its map."""
    sign_in(page, hq)
    open_board(page, desk, "national")
    said = page.evaluate("document.body.innerText")
    assert set(re.findall(r"[A-Za-z]{2,}", said)) <= {"IIT", "EIT", "OIT", "SQL", *LEVELS}
    maps = {name for name in page.evaluate(LOADED_FILES) if name.endswith(".geojson")}
    (country,) = [hq.get(name).json() for name in maps]
    names = {feature["properties"]["NAME_1"] for feature in country["features"]}
    assert names == {
        name for (name,) in mart(desk, "select province_th from mart.province", "ita_analyst")
    }


def test_a_filter_narrows_what_is_shown(desk, hq):
    """By the API that the page's filters speak: another year gives that year's figures."""
    dataset = hq.found("dataset", table_name="national")["id"]
    for year, mean in desk.connect().execute(
        "select fiscal_year, mean_score from mart.national_summary order by 1"
    ):
        answer = hq.chart_data(
            dataset,
            {
                "columns": ["mean_score"],
                "filters": [{"col": "fiscal_year", "op": "IN", "val": [year]}],
            },
        )
        (row,) = answer.json()["result"][0]["data"]
        assert float(row["mean_score"]) == float(mean)


@pytest.mark.parametrize("slug", BOARDS)
def test_a_filter_of_the_page_is_chosen_with_the_mouse(desk, page, hq, slug):
    """Another year: every chart that has one asks for that year, and gets its figures."""
    sign_in(page, hq)
    open_board(page, desk, slug)
    watch = Watch(page, desk.address)
    page.locator("#NATIVE_FILTER-year").click(force=True)
    page.keyboard.type("2567")
    page.wait_for_selector(".ant-select-item-option-active[title='2567']")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.locator("[data-test=filter-bar__apply-button]").click()
    look_at_tabs(page)
    until(page, lambda: watch.answers)
    asked = [query for answer in watch.answers for query in check_answer(desk, answer, ANALYST)]
    assert any("2567" in query for query in asked)
    assert not any(re.search(r"fiscal_year\W+(=|IN \()\W*2568", query) for query in asked)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_exports_keep_thai(desk, hq, form):
    dataset = hq.found("dataset", table_name="agency_years")["id"]
    answer = hq.chart_data(
        dataset, {"columns": ["fiscal_year", "name_th", "province_th"]}, result_format=form
    )
    assert answer.ok, answer.text
    if form == "csv":
        assert answer.content.startswith(b"\xef\xbb\xbf")  # by which Excel knows it for UTF-8
    read = pandas.read_csv if form == "csv" else pandas.read_excel
    table = read(io.BytesIO(answer.content))
    wanted = {name for (name,) in desk.connect().execute("select name_th from mart.assessment")}
    assert set(table.iloc[:, 1]) == wanted


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_exports_hold_addresses_that_lead_on(desk, hq, form):
    dataset = hq.found("dataset", table_name="agency_years")["id"]
    query = {"columns": ["agency_id", "fiscal_year", "link", "pack_place"], "row_limit": 3}
    answer = hq.chart_data(dataset, query, result_format=form)
    read = pandas.read_csv if form == "csv" else pandas.read_excel
    for agency_id, year, link, packs in read(io.BytesIO(answer.content), dtype=str).values:
        assert link == f"{desk.address}/desk/agency/{agency_id}/{year}"
        assert packs.startswith(f"{desk.address}/desk/pack/{year}/{agency_id}/pack.pdf · ")
    tiles = hq.found("dataset", table_name="province_tiles")["id"]
    told = hq.chart_data(tiles, {"columns": ["tile_1", "tile_2"]}, result_format="csv").text
    assert "<" not in told and re.search(r"[ก-๙]+ \d+\.\d\d", told)


def test_a_row_leads_on_to_its_agency(desk, page, own):
    ((agency_id, name, score),) = mart(
        desk,
        "select agency_id, name_th, overall_score from mart.assessment where fiscal_year = 2567"
        f" and province_code <> '{PROVINCE}' order by overall_score limit 1",
        "ita_analyst",
    )
    sign_in(page, own)
    page.goto(f"{desk.address}/desk/agency/{agency_id}/2567")
    wait(page)
    assert f"{score:.2f}" in page.locator(".header-line").all_inner_texts()
    assert name in page.locator("#NATIVE_FILTER-agency").inner_text() or name in page.content()
    assert own.get("/desk/agency/nobody/2567").status_code == 404
    assert (
        Client(desk.address, "own", "wrong")
        .get(f"/desk/agency/{agency_id}/2567")
        .url.startswith(f"{desk.address}/login/")
    )


def test_a_pack_is_for_those_who_see_its_agency(desk, own, hq):
    rows = mart(
        desk,
        "select distinct on (province_code) province_code, agency_id from mart.assessment"
        f" where fiscal_year = 2568 and province_code in ('{PROVINCE}', '37')",
        "ita_analyst",
    )
    agencies = dict(rows)
    for code, agency_id in rows:
        folder = desk.home / "packs" / "2568" / code / agency_id
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "pack.pdf").write_bytes(b"%PDF of a test")
        (folder / "pack.json").write_text("not a file of the pages")
    for client, code, status in ((hq, "37", 200), (own, PROVINCE, 200), (own, "37", 404)):
        answer = client.get(f"/desk/pack/2568/{agencies[code]}/pack.pdf")
        assert answer.status_code == status, (client.name, code)
        assert (answer.content == b"%PDF of a test") == (status == 200)
    mine = agencies[PROVINCE]
    for path in ("pack.json", "..%2f..%2f..%2fsecrets%2fdesk_key", "todo.pdf"):
        assert own.get(f"/desk/pack/2568/{mine}/{path}").status_code == 404


def test_who_leaves_the_list_is_shut_out_and_what_left_git_goes(desk):
    """`ita login remove` and `ita desk provision`, while the desk runs."""
    assert desk.ita("login", "add", "leaver", "--province", "13").returncode == 0
    assert desk.ita("desk", "provision").returncode == 0
    leaver = Client(desk.address, "leaver", desk.first_password("leaver"))
    assert leaver.choose_password("a leaver's words 2569").ok
    assert leaver.get("/api/v1/me/").ok
    assert leaver.rows("select count(*) as n from mart.national_summary") == [{"n": 2}]
    assert desk.ita("login", "remove", "leaver").returncode == 0
    assert "error" in leaver.sql("select 1 as a").text  # at once, by PostgreSQL
    with psycopg.connect(desk.dsn(), dbname="superset", autocommit=True) as records:
        records.execute(
            "insert into desk.asset select uuid, 'charts' from slices where id ="
            " (select min(id) from slices) on conflict do nothing"
        )
        records.execute(
            "update desk.asset set uuid = gen_random_uuid() where kind = 'queries' and uuid ="
            " (select uuid from desk.asset where kind = 'queries' limit 1)"
        )
    assert desk.ita("desk", "provision").returncode == 0
    assert leaver.get("/api/v1/me/").status_code in (401, 403)
