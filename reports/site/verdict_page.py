"""The verdict at the head of index.html: what operations left in ITA_HOME/nights, word for word."""

from reports.site import page
from warehouse import durable, nights, settings

BEGIN, END = "<!--verdict-->", "<!--/verdict-->"
ALONE = """<!DOCTYPE html>
<html lang="th"><head><meta charset="utf-8"><title>คลังข้อมูล ITA</title></head>
<body>
{}
</body></html>
"""


def fragment() -> str:
    """The head of the page."""
    failed = nights.alerts()["failed"]
    return page.render("verdict.html", "", verdict=nights.verdict(), alerts_failed=failed).rstrip()


def put_in() -> None:
    """Put the last verdict into index.html as it stands: for when the warehouse, of which the rest
    of the page is made, does not answer."""
    index = settings.home() / "index.html"
    text = index.read_text("utf-8", "replace") if index.is_file() else ""
    before, found, rest = text.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not found or not ended:
        before, after = ALONE.split("{}")
    durable.write(index, before + fragment() + after)
