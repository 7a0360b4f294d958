"""Data Docs open without a network and say what failed."""

import tempfile

import lxml.html
import pytest

from expectations import audit, data_docs, submissions
from tests.expectations.conftest import make_country
from warehouse import connect, settings

FETCHED = (
    "//script | //link | //iframe | //img[contains(@src, '://')] | //*[@onclick]"
    " | //*[contains(@style, 'url(')]"
)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    """Where temporary files of this module's processes are put."""
    folder = tmp_path_factory.mktemp("scratch")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(folder))
        yield folder


@pytest.fixture(scope="module")
def pages(ita_home, scratch):
    """Data Docs after the second of two nights with a failing check.

    Path below data_docs → parsed page.
    """
    make_country("gates_pages")
    with connect.connect(dbname="gates_pages", autocommit=True) as connection:
        connection.execute(
            "update raw.score set score = 101, source_place = '<script>alert(1)</script>' where "
            "agency_id = 'A2'"
        )
    for _ in range(2):
        audit.run_on_raw(connect.sqlalchemy_url(database="gates_pages"))
    folder = settings.home() / "documents" / "data_docs"
    return {
        str(path.relative_to(folder)): lxml.html.parse(str(path)).getroot()
        for path in folder.rglob("*.html")
    }


def test_nothing_is_left_in_the_temporary_folder(pages, scratch):
    assert list(scratch.iterdir()) == []


def test_no_page_fetches_or_runs_anything(pages):
    assert len(pages) > 4
    for name, page in pages.items():
        assert page.xpath(FETCHED) == [], name
        assert "url(" not in "".join(page.xpath("//style/text()")) and "@import" not in "".join(
            page.xpath("//style/text()")
        ), name
        assert not [link for link in page.xpath("//a/@href") if "://" in link], name


def test_links_lead_to_pages_that_are_there(pages):
    folder = settings.home() / "documents" / "data_docs"
    for name, page in pages.items():
        for link in page.xpath("//a/@href"):
            target = (
                (folder / name).parent / link.partition("#")[0]
                if not link.startswith("#")
                else folder / name
            )
            assert (
                target.resolve().is_file() or target.resolve() == settings.home() / "index.html"
            ), (name, link)


def test_the_index_shows_the_failing_rows_as_text(pages):
    text = pages["index.html"].text_content()
    assert "คะแนนทุกค่าต้องอยู่ระหว่าง 0 ถึง 100" in text and "<script>alert(1)</script>" in text
    assert "ระงับการเผยแพร่" in text


def test_pages_of_great_expectations_are_reached_from_the_index(pages):
    links = [
        link for link in pages["index.html"].xpath("//a/@href") if link.startswith("submissions/")
    ]
    assert len(links) == len(submissions.suites())


def test_the_next_run_replaces_the_pages_of_the_last(pages):
    folder = settings.home() / "documents" / "data_docs" / "submissions"
    assert len(list(folder.rglob("warehouse-score.html"))) == 1
    assert not folder.with_name("submissions.new").exists()


def test_a_drawn_page_loses_what_a_browser_would_fetch():
    drawn = """<html><head><script src="https://cdn/x.js"></script><link rel="stylesheet" href="https://cdn/x.css"></head>
        <body><a href="../index.html">home</a><img src="https://cdn/x.png"><p>คะแนน</p><a href="https://example.org">more</a></body></html>"""
    page = data_docs.offline(drawn, "p {}", "../../index.html").decode()
    assert "://" not in page and "<script" not in page and "<img" not in page
    assert "คะแนน" in page and "more" in page and 'href="../../index.html"' in page


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b"\xff\xfe", "folder", "link"])
def test_a_broken_result_of_another_night_stops_no_gate(tmp_path, monkeypatch, content):
    monkeypatch.setenv("ITA_HOME", str(tmp_path))
    results = tmp_path / "documents" / "checks"
    results.mkdir(parents=True)
    file = results / "candidate-b1.json"
    if content == "folder":
        file.mkdir()
    elif content == "link":
        file.symlink_to(file)
    else:
        file.write_bytes(content)
    page = tmp_path / "documents" / "data_docs" / "index.html"
    page.mkdir(parents=True)
    data_docs.write_index()
    assert "</html>" in page.read_text("utf-8")
