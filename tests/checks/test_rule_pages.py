"""The pages of the rules are made anew, and one that is not as its rule says is named."""

import shutil

import pytest

from checks import rule_pages


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A copy of docs/rules in which pages may be spoilt."""
    monkeypatch.setattr(rule_pages, "ROOT", tmp_path)
    monkeypatch.setattr(rule_pages, "FOLDER", tmp_path / "docs" / "rules")
    root = rule_pages.Path(__file__).parents[2]
    shutil.copytree(root / "docs" / "rules", tmp_path / "docs" / "rules")
    (tmp_path / "ingestion").mkdir()
    shutil.copy(root / "ingestion" / "rules.csv", tmp_path / "ingestion")
    return tmp_path / "docs" / "rules"


def test_a_page_that_differs_lacks_or_is_of_no_rule_is_named_and_made_anew(folder, capsys):
    assert rule_pages.main(["--check"]) == 0
    (folder / "jump.md").write_text("# jump\n")
    (folder / "score_out_of_range.md").unlink()
    (folder / "of_no_rule.md").touch()
    assert rule_pages.main(["--check"]) == 1
    said = capsys.readouterr().out
    assert all(f"docs/rules/{name}.md" in said for name in ("jump", "score_out_of_range"))
    assert "docs/rules/of_no_rule.md" in said
    assert rule_pages.main([]) == 0
    assert rule_pages.main(["--check"]) == 0
    assert not (folder / "of_no_rule.md").exists()
