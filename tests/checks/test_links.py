"""A link that leads nowhere is found, with its line; one that leads somewhere is not."""

from checks import links

PAGE = """# One page

See [the other](other.md), [its part](other.md#a-part-of-it), [this part](#two-words),
[the web](https://example.org/none.md), [a picture](<a b.png>) and [both](other.md#two%20words).

```
[in code](nowhere.md)
```

## Two `words`

[gone](gone.md)
[no heading](other.md#gone) and [no heading here](#gone "a title")
"""


def write(folder):
    page, other = folder / "page.md", folder / "other.md"
    page.write_text(PAGE, encoding="utf-8")
    other.write_text("# Other\n\n## A part of it ##\n\n```\n# Gone\n```\n", encoding="utf-8")
    (folder / "a b.png").touch()
    return page, other


def test_what_leads_nowhere_is_named_with_its_line(tmp_path):
    page, _ = write(tmp_path)
    assert links.faults(page) == [
        f"{page}:4: other.md#two%20words: no such heading",
        f"{page}:12: gone.md: no such file",
        f"{page}:13: other.md#gone: no such heading",
        f"{page}:13: #gone: no such heading",
    ]


def test_the_command_ends_by_what_it_found(tmp_path, capsys):
    page, other = write(tmp_path)
    assert links.main([str(other)]) == 0
    assert capsys.readouterr().out == ""
    assert links.main([str(other), str(page)]) == 1
    assert len(capsys.readouterr().out.splitlines()) == 4


def test_all_pages_that_git_tracks_are_looked_at(monkeypatch):
    seen = []
    monkeypatch.setattr(links, "faults", lambda file: seen.append(file.name) or [])
    assert links.main([]) == 0
    assert "CHANGELOG.md" in seen
