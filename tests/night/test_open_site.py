"""The open site of the samples' night: complete, public figures only, nothing written twice."""

import csv
import hashlib
import io
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pyarrow.parquet
import pytest


class Links(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found, self.text = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name in ("href", "src", "action") and value is not None:
                self.found.append(value)

    def handle_data(self, data):
        self.text.append(data)


@pytest.fixture(scope="module")
def site(night):
    return night.home / "site"


def test_every_link_leads_to_a_page_of_the_site(site):
    pages = list(site.rglob("*.html"))
    assert len(pages) > 100
    for page in pages:
        for link in Links(page.read_text("utf-8")).found:
            assert not re.match(r"(?i)[a-z]+:|//", link), f"{page}: another host: {link}"
            target = link.split("#")[0].split("?")[0]
            assert not target or (page.parent / target).is_file(), f"{page}: {link}"


def test_an_agency_shows_its_public_figures_as_the_mart_has_them(night, site):
    with night.connect() as connection:
        rows = connection.execute("""
            select a.agency_id, a.fiscal_year, a.overall_score, a.level_th,
                array_agg(i.score order by i.indicator_no) filter (where i.score is not null)
            from mart.assessment as a
            left join mart.indicator_score as i using (agency_id, fiscal_year)
            group by 1, 2, 3, 4""").fetchall()
    assert rows
    for agency_id, year, overall, level, indicators in rows:
        page = site / str(year) / agency_id / "index.html"
        said = " ".join(Links(page.read_text("utf-8")).text)
        assert f"{overall:.2f}" in said, page
        assert level is None or level in said
        assert all(f"{score:.2f}" in said for score in indicators or [])


def test_no_remark_nor_measure_of_anybody_is_there(night, site):
    with night.connect() as connection:
        texts = [
            text
            for query in (
                "select remark_th from mart.remark",
                "select measure_th from mart.measure",
                "select note_th from mart.constraint_note",
            )
            for (text,) in connection.execute(query).fetchall()
            if len(text) > 20
        ]
    assert texts
    everything = "\n".join(
        path.read_text("utf-8") for path in site.rglob("*") if path.suffix in (".html", ".js")
    )
    assert not [text for text in texts if text in everything]


def test_only_cells_of_five_are_told(night, site):
    """Among five agencies of the samples no group has five with the same item."""
    for path in site.glob("download/*/common_deficiency.csv"):
        rows = list(csv.DictReader(path.open(encoding="utf-8-sig", newline="")))
        assert all(int(row["agencies_assessed"]) >= 5 for row in rows)


def test_downloads_agree_and_are_described(night, site):
    package = json.loads((site / "download/datapackage.json").read_text("utf-8"))
    for resource in package["resources"]:
        path = site / "download" / resource["path"]
        rows = list(csv.DictReader(path.open(encoding="utf-8-sig", newline="")))
        fields = [field["name"] for field in resource["schema"]["fields"]]
        assert all(field["description"] for field in resource["schema"]["fields"])
        table = pyarrow.parquet.read_table(path.with_suffix(".parquet"))
        objects = json.loads(path.with_suffix(".json").read_text("utf-8"))
        assert table.column_names == fields
        assert len(rows) == table.num_rows == len(objects)
        if rows:
            assert list(rows[0]) == fields == list(objects[0])
    record = json.loads((site / "download/catalogue.json").read_text("utf-8"))
    assert all((site / resource["url"]).is_file() for resource in record["resources"])


READ = {  # as Table Schema has it, with the words for true and false that the field gives
    "integer": lambda value, field: int(value),
    "number": lambda value, field: float(value),
    "boolean": lambda value, field: (field["trueValues"] + field["falseValues"]).index(value),
    "string": lambda value, field: value,
}


def test_the_package_is_one_by_the_rules_of_frictionless(site):
    """What `frictionless validate` found wrong once: the profile of a resource, words for true."""
    folder = site / "download"
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    assert package["profile"] == "tabular-data-package"
    names = [resource["name"] for resource in package["resources"]]
    assert len(names) == len(set(names)) and re.fullmatch("[a-z0-9._-]+", package["name"])
    for resource in package["resources"]:
        assert resource["profile"] == "tabular-data-resource"
        assert re.fullmatch("[a-z0-9._-]+", resource["name"])
        content = (folder / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        fields = {field["name"]: field for field in resource["schema"]["fields"]}
        for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig"))):
            for name, value in row.items():
                if value not in resource["schema"]["missingValues"]:
                    READ[fields[name]["type"]](value, fields[name])


def test_the_json_ld_says_what_a_search_for_data_sets_asks(site):
    text = (site / "download/index.html").read_text("utf-8")
    said = json.loads(re.search(r"<script type=.application/ld.json.>(.*?)</script>", text)[1])
    assert (said["@context"], said["@type"]) == ("https://schema.org", "Dataset")
    assert said["name"] and 50 <= len(said["description"]) <= 5000 and said["keywords"]
    begin, end = said["temporalCoverage"].split("/")
    years = sorted(int(path.name) for path in (site / "download").iterdir() if path.is_dir())
    assert (begin, end) == (f"{years[0] - 544}-10-01", f"{years[-1] - 543}-09-30")
    for one in said["distribution"]:
        assert one["encodingFormat"] == "text/csv"
        assert (site / "download" / one["contentUrl"]).is_file()


def test_again_writes_nothing_and_a_lost_list_the_same_bytes(night, site):
    before = _contents(site)
    assert " 0 written" in night.ita("site").stdout
    (site / ".pages.csv").unlink()
    night.ita("site")
    assert _contents(site) == before


def test_what_was_removed_or_changed_is_made_again(night, site):
    """Also a page that became a folder, a year that became a file, and one form of the data."""
    before = _contents(site)
    year, other, *_ = sorted(site.glob("256[0-9]"))
    removed, halved, a_folder, *_ = [*year.rglob("index.html"), *site.glob("item/*/*/index.html")]
    removed.unlink()
    halved.write_text("half")
    a_folder.unlink()
    a_folder.mkdir()
    shutil.rmtree(other)
    other.write_text("no folder")
    (site / "index.html").unlink()
    (site / "download" / year.name / "assessment.parquet").unlink()
    (site / "download" / "datapackage.json").write_text("{")
    (site / "site.js").unlink()
    assert night.ita("site").returncode == 0
    for aside in site.rglob("*.broken"):
        aside.rmdir() if aside.is_dir() else aside.unlink()
    assert _contents(site) == before


def test_an_address_never_dies(night, tmp_path):
    out = tmp_path / "site"
    night.ita("site", "--out", out)
    lost = out / "2566" / "NOBODY" / "index.html"
    with (out / ".pages.csv").open("a", encoding="utf-8") as listed:
        listed.write("2566/NOBODY,of a build before\n")
    rows = (out / ".pages.csv").read_text("utf-8").splitlines()
    (out / ".pages.csv").write_text(
        "\n".join(row for row in rows if not row.startswith("=")) + "\n", "utf-8"
    )
    assert night.ita("site", "--out", out).returncode == 0
    assert "ถูกถอนหรือย้าย" in lost.read_text("utf-8")
    shutil.rmtree(out)


def _contents(folder: Path) -> dict:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".pages.csv"
    }


@pytest.mark.slow_group
@pytest.mark.parametrize("width", [1100, 390])
def test_in_a_browser(browser, site, width):
    """No error, nothing to the side, axe finds nothing; search and ranking do what they say."""
    from tests.browser.chromium import AXE, BEYOND_AXE

    context = browser.new_context(viewport={"width": width, "height": 800}, locale="th-TH")
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    agency = next(site.glob("2568/*/index.html")).relative_to(site)
    for address in ("index.html", agency, "about/index.html", "download/index.html",
                    "item/2568/o1/index.html", "ranking/2568/index.html"):  # fmt: skip
        page.goto(f"file://{site / address}")
        page.add_script_tag(path=str(AXE))
        violations = page.evaluate(
            "axe.run().then(r => r.violations.map(v => v.id + ' ' + v.nodes[0].html))"
        )
        assert violations == [], address
        assert page.evaluate(BEYOND_AXE.read_text()) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
    page.goto(f"file://{site}/ranking/2568/index.html")
    rows = page.locator("#ranking tbody tr")
    rows.first.wait_for()
    listed = page.evaluate("window.ITA_RANKING")
    for typed in ("ทต ลาดขวาง", "ท.ต. ลาด ขวาง", "๔๒๔๐๕๐๓"):
        page.fill("input[name=name]", typed)
        assert rows.locator("a").all_inner_texts() == ["เทศบาลตำบลลาดขวาง"], typed
    page.fill("input[name=name]", "")
    page.select_option("select[name=type]", listed[0][2])
    assert rows.count() == sum(1 for row in listed if row[2] == listed[0][2])
    page.get_by_role("button", name="คะแนน", exact=True).press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "คะแนน"  # not lost by sorting
    assert page.locator("th[aria-sort]").inner_text() == "คะแนน"
    name = rows.first.locator("a").inner_text()
    page.goto(f"file://{site}/index.html")
    page.fill("#q", name[-8:])
    page.press("#q", "Enter")
    page.locator("#results a").first.wait_for()
    assert name in page.locator("#results a").all_inner_texts()
    page.click(f"#results a:text-is('{name}')")
    assert page.locator("h1").inner_text() == name
    assert errors == []
    context.close()


@pytest.mark.slow_group
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ลาดขวาง", "เทศบาลตำบลลาดขวาง"),
        ("ลาด ขวาง", "เทศบาลตำบลลาดขวาง"),
        ("ทต.ลาดขวาง", "เทศบาลตำบลลาดขวาง"),
        ("ทต ลาดขวาง", "เทศบาลตำบลลาดขวาง"),
        ("เทศบาลต.ลาดขวาง อ.บ้านโพธิ์ จ.ฉะเชิงเทรา", "เทศบาลตำบลลาดขวาง"),
        ("เทสบาลตำบนลาดขวาง", "เทศบาลตำบลลาดขวาง"),
        ("อบจตาก", "องค์การบริหารส่วนจังหวัดตาก"),
        ("อบต แม่ใส", "องค์การบริหารส่วนตำบลแม่ใส"),
        ("อ.บ.ต.แม่ใส", "องค์การบริหารส่วนตำบลแม่ใส"),
        ("๕๕๖๐๑๑๒", "องค์การบริหารส่วนตำบลแม่ใส"),
    ],
)
def test_search_as_people_type(page, site, typed, found):
    """No words between blanks, short forms with dots and without, a wrong letter, Thai digits."""
    page.goto(f"file://{site}/search/index.html?q={quote(typed)}")
    page.locator("#results a").first.wait_for()
    assert page.locator("#results a").first.inner_text() == found


@pytest.mark.slow_group
def test_by_keyboard_alone_and_on_paper(page, site):
    page.goto(f"file://{site}/index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.hash") == "#main"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.id") == "q":
            break
    page.keyboard.type("ลาดขวาง")
    page.keyboard.press("Enter")
    page.locator("#results a").first.wait_for()
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('#results') !== null"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/2568/4240503/index.html")
    page.emulate_media(media="print")
    assert page.locator("header nav").is_hidden() and page.locator(".search").is_hidden()
    assert page.locator("h1").is_visible() and page.pdf().startswith(b"%PDF")
