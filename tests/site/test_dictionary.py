"""The data dictionary is complete and the committed one is up to date."""

import lxml.html

from reports.site import dictionary
from warehouse import settings


def test_the_committed_dictionary_is_up_to_date():
    assert dictionary.main(["--check"]) == 0


def test_a_stale_dictionary_is_told(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(dictionary, "COMMITTED", tmp_path / "data-dictionary.md")
    assert dictionary.main(["--check"]) == 1
    assert "out of date" in capsys.readouterr().err
    assert dictionary.main([]) == 0
    assert dictionary.main(["--check"]) == 0


def test_every_mart_column_has_a_type_and_both_languages():
    marts = [table for table in dictionary.tables() if table["kind"] == "mart"]
    assert {
        "agency",
        "assessment",
        "item_score",
        "common_deficiency",
        "framework_item",
        "measure_progress",
    } <= {table["name"] for table in marts}
    lacking = [
        f"{table['name']}.{column['name']}"
        for table in marts
        for column in table["columns"]
        if not (column["type"] and column["th"] and column["en"])
    ]
    assert lacking == []
    assert [
        table["name"] for table in dictionary.tables() if not (table["th"] and table["en"])
    ] == []


def test_tables_are_named_once():
    names = [table["name"] for table in dictionary.tables()]
    assert len(names) == len(set(names))


def test_the_page_has_an_anchor_for_every_table(tmp_path, monkeypatch):
    monkeypatch.setenv("ITA_HOME", str(tmp_path))
    dictionary.write_page()
    page = lxml.html.fromstring(
        (settings.home() / "documents" / "data-dictionary.html").read_text(encoding="utf-8")
    )
    assert {table["name"] for table in dictionary.tables()} <= set(page.xpath("//@id"))
