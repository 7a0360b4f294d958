"""The verdict at the head of index.html: what operations left in ITA_HOME/nights, word for word."""

from pathlib import Path

from reports.site import page
from warehouse import durable, settings

BEGIN, END = "<!--verdict-->", "<!--/verdict-->"
ALONE = """<!DOCTYPE html>
<html lang="th"><head><meta charset="utf-8"><title>คลังข้อมูล ITA</title></head>
<body>
{}
</body></html>
"""


def last() -> dict | None:
    """The last verdict (operations/verdict.py); None before the first."""
    return durable.read_json(_folder() / "verdict.json")


def runs(count: int) -> list[dict]:
    """The verdicts of the last runs, by the clock or by hand, the newest first."""
    newest = sorted(_folder().glob("run-*.json"), reverse=True)[:count]
    return [found for path in newest if (found := durable.read_json(path))]


def fragment() -> str:
    """The head of the page."""
    state = durable.read_json(_folder() / "alerts.json") or {}
    return page.render(
        "verdict.html", "", verdict=last(), alerts_failed=state.get("failed", [])
    ).rstrip()


def put_in() -> None:
    """Put the last verdict into index.html as it stands: for when the warehouse, of which the rest
    of the page is made, does not answer."""
    index = settings.home() / "index.html"
    text = index.read_text("utf-8") if index.exists() else ""
    before, found, rest = text.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not found or not ended:
        before, after = ALONE.split("{}")
    durable.write(index, before + fragment() + after)


def _folder() -> Path:
    return settings.home() / "nights"
